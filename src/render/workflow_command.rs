//! Workflow commands as text: the ones that this program sends to the runner, and the escaping of text that must not become
//! one.
//!
//! The runner reads standard output and standard error line by line. It obeys a line that begins with `::name` after
//! white space, and `##[name]` anywhere in a line
//! (<https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs>).

use std::fmt;

use crate::model::text::{after_style, is_invisible, printable};
use crate::plan::Severity;

/// A command to the runner. Its [`Display`](fmt::Display) is the only text of this program that the runner obeys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkflowCommand {
    /// Begins a part of the log that can be folded, with a title.
    Group(String),
    /// Ends that part.
    EndGroup,
    /// Annotates the run with a message.
    Annotation {
        /// The level.
        severity: Severity,
        /// The place that it is about.
        place: Option<Location>,
        /// The message, of one line or several.
        message: String,
    },
}

/// A place in a file of the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The path of the file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// A title for the message.
    pub title: String,
}

impl fmt::Display for WorkflowCommand {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Group(title) => writeln!(formatter, "::group::{}", value(&printable(title))),
            Self::EndGroup => writeln!(formatter, "::endgroup::"),
            Self::Annotation { severity, place, message } => {
                let name = match severity {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                    Severity::Note => "notice",
                };
                write!(formatter, "::{name}")?;
                if let Some(Location { file, line, column, title }) = place {
                    let (file, title) = (property(file), property(title));
                    write!(formatter, " file={file},line={line},col={column},title={title}")?;
                }
                let lines: Vec<String> = message.lines().map(printable).collect();
                writeln!(formatter, "::{}", value(&lines.join("\n")))
            }
        }
    }
}

/// The data of a command: it cannot end its line, and the runner decodes it to the same text.
fn value(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command, which cannot end its property either.
fn property(text: &str) -> String {
    value(&printable(text)).replace(':', "%3A").replace(',', "%2C")
}

/// A text in which the runner finds no command: a zero-width space breaks what would be one.
pub fn neutralize_commands(text: &str) -> String {
    let mut neutral = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        // A runner takes each of these for the end of a line, or passes over it before a command.
        let ends = |it: char| matches!(it, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}');
        let end = rest.find(ends).map_or(rest.len(), |at| at + rest[at..].chars().next().map_or(0, char::len_utf8));
        let (line, behind) = rest.split_at(end);
        push_line(&mut neutral, line);
        rest = behind;
    }
    neutral
}

fn push_line(neutral: &mut String, line: &str) {
    let words = without_blanks(line);
    neutral.push_str(&line[..line.len() - words.len()]);
    match words.strip_prefix("::") {
        Some(name) => {
            neutral.push_str(":\u{200b}:");
            neutral.push_str(&name.replace("##[", "##\u{200b}["));
        }
        None => neutral.push_str(&words.replace("##[", "##\u{200b}[")),
    }
}

/// A line without blanks and terminal styles before its first visible character.
fn without_blanks(line: &str) -> &str {
    let mut rest = line;
    loop {
        let mut characters = rest.chars();
        rest = match after_style(rest) {
            Some(after) => after,
            None if characters.next().is_some_and(is_invisible) => characters.as_str(),
            None => return rest,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_a_command() {
        assert_eq!(neutralize_commands("a ::b\n"), "a ::b\n");
        assert_eq!(neutralize_commands("::error::x\n  \t::set-output name=a::b\r::add-mask::c"), {
            ":\u{200b}:error::x\n  \t:\u{200b}:set-output name=a::b\r:\u{200b}:add-mask::c"
        });
        assert_eq!(
            neutralize_commands("x ##[error]y\n::a ##[group]b"),
            "x ##\u{200b}[error]y\n:\u{200b}:a ##\u{200b}[group]b"
        );
        assert_eq!(neutralize_commands("::stop-commands::a\u{2028}::b\u{85}::c"), {
            ":\u{200b}:stop-commands::a\u{2028}:\u{200b}:b\u{85}:\u{200b}:c"
        });
        assert_eq!(
            neutralize_commands("\u{feff}::a\n\u{200b}\u{3000}::b"),
            "\u{feff}:\u{200b}:a\n\u{200b}\u{3000}:\u{200b}:b"
        );
        assert_eq!(neutralize_commands("\u{1b}[1m\u{1b}[31m ::a"), "\u{1b}[1m\u{1b}[31m :\u{200b}:a");
    }

    #[test]
    fn a_command_is_one_line_that_the_runner_decodes_to_the_same_text() {
        assert_eq!(WorkflowCommand::Group("50%\r\n::x\u{202e}y".into()).to_string(), "::group::50%25 ::xy\n");
        let place = Location { file: "a,b:c\u{202e}%0A.md".into(), line: 2, column: 1, title: "t::\n".into() };
        let message = "100%\n::error::z\u{1b}[1m".to_owned();
        let annotation = WorkflowCommand::Annotation { severity: Severity::Warning, place: Some(place), message };
        assert_eq!(
            annotation.to_string(),
            "::warning file=a%2Cb%3Ac%250A.md,line=2,col=1,title=t%3A%3A::100%25%0A::error::z[1m\n"
        );
        let bare = WorkflowCommand::Annotation { severity: Severity::Note, place: None, message: "a\u{202e}b".into() };
        assert_eq!(bare.to_string(), "::notice::ab\n");
    }
}
