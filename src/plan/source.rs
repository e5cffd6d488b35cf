//! A plan's text as it lies on the disk: reads it within limits and turns byte offsets into lines and columns.

use std::fs::{File, Metadata};
use std::io::{Read, Stdin};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};

/// The largest plan that is read, in bytes. The largest real plan known to us has 60 kB; the bound keeps a hostile
/// file from taking the runner's memory.
pub const MAX_BYTES: u64 = 5 * 1024 * 1024;

/// Folders whose files are made by the system while they are read.
const SYSTEM: [&str; 2] = ["/proc", "/sys"];

/// What a path is that is no document.
fn kind_of(metadata: &Metadata) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        let kind = metadata.file_type();
        if kind.is_fifo() {
            return "a pipe";
        }
        if kind.is_socket() {
            return "a socket";
        }
        if kind.is_char_device() || kind.is_block_device() {
            return "a device";
        }
    }
    if metadata.is_file() { "a file of the system" } else { "something else" }
}

/// The text of one plan with the name that messages give it.
#[derive(Debug)]
pub struct Source {
    /// How messages name the file: the path as it was given, or `-` for standard input.
    pub name: String,
    /// The whole text, without a byte order mark.
    pub text: String,
    line_starts: Vec<usize>,
}

impl Source {
    /// Wraps a text that is in memory already.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        let mut text = text.into();
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        // A lone carriage return ends a line too, as in CommonMark: places that comrak gives are found by these.
        let bytes = text.as_bytes();
        let ends = |at: &usize| bytes[*at] == b'\n' || bytes[*at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
        let line_starts = std::iter::once(0).chain((0..bytes.len()).filter(ends).map(|at| at + 1)).collect();
        Arc::new(Self { name: name.into(), text, line_starts })
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// When there is no such file, it is not a regular file, it is larger than [`MAX_BYTES`], or is not UTF-8.
    pub fn read(path: &Path) -> Result<Arc<Self>> {
        let name = path.display().to_string();
        let context = || format!("cannot read the plan `{name}`");
        // Before it is opened: that alone waits for a writer where it is a named pipe.
        let metadata = path.metadata().with_context(context)?;
        if metadata.is_dir() {
            bail!("`{name}` is a directory; name a file in it, or a glob such as `{name}/*.md`");
        }
        let real = path.canonicalize().with_context(context)?;
        if !metadata.is_file() || SYSTEM.iter().any(|folder| real.starts_with(folder)) {
            bail!(
                "`{name}` is not a regular file but {}, which may never end, so it is not read; save the plan in a file, \
                 or pass it on standard input with `-`",
                kind_of(&metadata)
            );
        }
        Self::from_bytes(name.clone(), File::open(path).with_context(context)?)
    }

    /// Reads standard input.
    ///
    /// # Errors
    ///
    /// As [`Source::read`].
    pub fn read_stdin(stdin: Stdin) -> Result<Arc<Self>> {
        Self::from_bytes("-".into(), stdin)
    }

    /// Reads bytes from anywhere else.
    ///
    /// # Errors
    ///
    /// As [`Source::read`].
    pub fn from_bytes(name: String, reader: impl Read) -> Result<Arc<Self>> {
        let mut bytes = Vec::new();
        reader.take(MAX_BYTES + 1).read_to_end(&mut bytes).with_context(|| format!("cannot read the plan `{name}`"))?;
        if bytes.len() as u64 > MAX_BYTES {
            bail!(
                "the plan `{name}` is larger than {} MiB, the most that is read; split it into several plans",
                MAX_BYTES / 1024 / 1024
            );
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self::new(name, text)),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let before = Self::new(name, String::from_utf8_lossy(&error.as_bytes()[..at]));
                let (line, column) = before.position(at);
                bail!("{}:{line}:{column}: the plan is not UTF-8 from here on; save it as UTF-8", before.name);
            }
        }
    }

    /// The line and column of a byte offset, both from 1; columns count characters.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let offset = self.floor(offset);
        let line = self.line_starts.partition_point(|&start| start <= offset).max(1);
        let start = self.line_starts[line - 1];
        (line, self.text[start..offset].chars().count() + 1)
    }

    /// The byte offset of a line and byte column, both from 1, as comrak gives them; clamped to the text.
    pub fn offset(&self, line: usize, byte_column: usize) -> usize {
        let start = self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
        self.floor(start + byte_column.saturating_sub(1))
    }

    /// The bytes of the lines `first..=last` (from 1) without the last line's end.
    pub fn lines(&self, first: usize, last: usize) -> Range<usize> {
        let start = self.offset(first, 1);
        let end = self.line_starts.get(last).copied().unwrap_or(self.text.len());
        let text = &self.text[start..end.max(start)];
        start..start + text.trim_end_matches(['\n', '\r']).len()
    }

    /// The number of lines; an end of line at the end of the text begins no new one.
    pub fn line_count(&self) -> usize {
        self.line_starts.len() - usize::from(self.text.ends_with(['\n', '\r']))
    }

    fn floor(&self, offset: usize) -> usize {
        self.text.floor_char_boundary(offset.min(self.text.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carriage_return_alone_ends_a_line_as_in_markdown() {
        let source = Source::new("x", "a\r🚧\r\nb\nc\r");
        assert_eq!((source.offset(2, 1), source.offset(3, 1), source.offset(4, 1)), (2, 8, 10));
        assert_eq!((source.position(2), source.position(8), source.line_count()), ((2, 1), (3, 1), 4));
    }

    #[test]
    fn positions_count_characters_and_lines_from_one() {
        let source = Source::new("a", "\u{feff}äb\nc\n");
        assert_eq!(source.position(0), (1, 1));
        assert_eq!(source.position(2), (1, 2));
        assert_eq!(source.position(4), (2, 1));
        assert_eq!(source.position(99), (3, 1));
        assert_eq!(source.offset(2, 1), 4);
        assert_eq!(source.line_count(), 2);
        assert_eq!(&source.text[source.lines(1, 2)], "äb\nc");
        let old = Source::new("a", "b\rc\r\nd\r");
        assert_eq!((old.position(2), old.position(5), old.line_count()), ((2, 1), (3, 1), 3));
    }
}
