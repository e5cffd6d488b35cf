//! Results to standard output, everything else to standard error; colours only where they can be seen.

use std::io::{self, Write};

use anstyle::AnsiColor;

use crate::plan::Diagnostic;
use crate::render;

/// Writes a result with colours, which go where there is no terminal.
///
/// # Errors
///
/// When it cannot be written, as into a pipe that was closed.
pub fn styled(text: &str) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Writes a result as it is.
///
/// # Errors
///
/// As [`styled`].
pub fn bytes(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

/// Writes to a person. That nobody reads it is no reason to fail.
pub fn say(text: &str) {
    render::progress::aside(|| {
        let mut out = anstream::stderr().lock();
        _ = out.write_all(text.as_bytes());
        _ = out.flush();
    });
}

/// Writes an error.
pub fn error(message: &str) {
    let style = AnsiColor::Red.on_default().bold();
    say(&format!("{style}error:{style:#} {message}\n"));
}

/// Writes diagnostics with their source lines.
pub fn diagnostics(diagnostics: &[Diagnostic]) {
    say(&render::diagnostics::render(diagnostics));
}
