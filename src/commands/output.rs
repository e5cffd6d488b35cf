//! Results to standard output, everything else to standard error; colours only where they can be seen.

use std::borrow::Cow;
use std::io::{self, Write};

use anstyle::AnsiColor;

use crate::actions::log;
use crate::plan::Diagnostic;
use crate::render;

/// A text as it may be printed: in a workflow the runner would obey what looks like a command to it.
fn shown(text: &str) -> Cow<'_, str> {
    if log::is_watched() { log::quiet(text).into() } else { text.into() }
}

/// Writes a result with colours, which go where there is no terminal.
///
/// # Errors
///
/// When it cannot be written, as into a pipe that was closed.
pub fn styled(text: &str) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    out.write_all(shown(text).as_bytes())?;
    out.flush()
}

/// Writes a result without colours.
///
/// # Errors
///
/// As [`styled`].
pub fn plain(text: &str) -> io::Result<()> {
    command(&shown(text))
}

/// Writes a result for programs, which must stay what it is: JSON has other ways to write what a runner would obey.
///
/// # Errors
///
/// As [`styled`].
pub fn json(json: &str) -> io::Result<()> {
    command(&if log::is_watched() { json.replace("##[", "#\\u0023[") } else { json.to_owned() })
}

/// Writes what a runner shall obey, as it is.
///
/// # Errors
///
/// As [`styled`].
pub fn command(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Writes a result under a title that a workflow's log can fold.
///
/// # Errors
///
/// As [`styled`].
pub fn group(title: &str, text: &str) -> io::Result<()> {
    command(&format!("::group::{}\n", log::value(title)))?;
    styled(text)?;
    command("::endgroup::\n")
}

/// Writes to a person. That nobody reads it is no reason to fail.
pub fn say(text: &str) {
    render::progress::aside(|| {
        let mut out = anstream::stderr().lock();
        _ = out.write_all(shown(text).as_bytes());
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
