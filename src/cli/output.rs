//! Results to standard output, everything else to standard error; colours only where they can be seen.
//!
//! Everything that this program prints passes through [`write`], which works on the text as it is written: control and
//! direction characters and secrets are removed, and in a workflow the runner finds no commands in it but a [`WorkflowCommand`].

use std::io::{self, IsTerminal, Write};
use std::sync::OnceLock;

use anstream::{AutoStream, ColorChoice};
use anstyle::AnsiColor;
use terminal_size::{Height, Width, terminal_size_of};

use super::environment::in_github_actions;
use super::progress::{self, Reporter};
use crate::model::secret;
use crate::model::text::{after_style, steers_direction};
use crate::plan::{Diagnostic, Severity};
use crate::render;
use crate::render::workflow_command::{WorkflowCommand, neutralize_commands};
use crate::render::wrap::{Indent, fit, wrap};

/// How much is printed beside results, questions and errors.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Nothing.
    Quiet,
    /// Warnings, and how far a long run is.
    #[default]
    Normal,
    /// Each step as well.
    Verbose,
}

static VERBOSITY: OnceLock<Verbosity> = OnceLock::new();

/// Sets how much is printed, once for the whole run.
pub fn set_verbosity(verbosity: Verbosity) {
    // A second call changes nothing; there is one command line.
    _ = VERBOSITY.set(verbosity);
}

fn verbosity() -> Verbosity {
    VERBOSITY.get().copied().unwrap_or_default()
}

/// Where a text goes.
#[derive(Debug, Clone, Copy)]
enum Stream {
    Out,
    Err,
}

/// What a text may contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TextKind {
    /// Words only.
    Plain,
    /// Words with our styles; the caller has made other people's text printable.
    Styled,
    /// A command to the runner, one line.
    Command,
}

/// Writes a result with colours, which are dropped if there is no terminal.
///
/// # Errors
///
/// When it cannot be written, for example to a closed pipe.
pub fn styled(text: &str) -> io::Result<()> {
    write(Stream::Out, TextKind::Styled, &fit(text, columns(terminal_size_of(io::stdout()))))
}

/// Writes a result that is a sentence of unknown length, in lines that fit the terminal.
///
/// # Errors
///
/// As [`styled`].
pub fn sentence(text: &str) -> io::Result<()> {
    plain(&format!("{}\n", wrap(text, columns(terminal_size_of(io::stdout())), Indent::default())))
}

/// Writes a result without colours.
///
/// # Errors
///
/// As [`styled`].
pub fn plain(text: &str) -> io::Result<()> {
    write(Stream::Out, TextKind::Plain, text)
}

/// Sends a command to the runner.
///
/// # Errors
///
/// As [`styled`].
pub fn command(command: &WorkflowCommand) -> io::Result<()> {
    write(Stream::Out, TextKind::Command, &command.to_string())
}

/// Writes a result under a title that a workflow's log can fold.
///
/// # Errors
///
/// As [`styled`].
pub fn group(title: &str, text: &str) -> io::Result<()> {
    command(&WorkflowCommand::Group(title.to_owned()))?;
    styled(text)?;
    command(&WorkflowCommand::EndGroup)
}

/// Writes a remark to standard error, unless the run is quiet. It does not matter whether anybody reads it.
pub fn say(text: &str) {
    if verbosity() >= Verbosity::Normal {
        aside(TextKind::Plain, text);
    }
}

/// Writes a detail to standard error if the run is verbose.
pub fn detail(text: &str) {
    if verbosity() == Verbosity::Verbose {
        aside(TextKind::Plain, text);
    }
}

/// Writes a question to standard error, whatever the verbosity.
pub fn ask(text: &str) {
    aside(TextKind::Plain, text);
}

/// Writes what a question or an error is about to standard error, with colours, whatever the verbosity.
pub fn say_styled(text: &str) {
    aside(TextKind::Styled, text);
}

/// Writes an error.
pub fn error(message: &str) {
    let style = AnsiColor::Red.on_default().bold();
    let words = allowed(message, false, false);
    let words = wrap(&words, columns(terminal_size_of(io::stderr())), Indent { first: "error: ".len(), rest: 0 });
    aside(TextKind::Styled, &format!("{style}error:{style:#} {words}\n"));
}

/// Writes as [`say_styled`], in lines that fit the terminal.
pub fn say_fitted(text: &str) {
    say_styled(&fit(text, columns(terminal_size_of(io::stderr()))));
}

/// Writes diagnostics with their source lines; a quiet run writes errors only.
pub fn diagnostics(diagnostics: &[Diagnostic]) {
    let least = if verbosity() == Verbosity::Quiet { Severity::Error } else { Severity::Note };
    say_styled(&render::diagnostics::render(diagnostics, least, columns(terminal_size_of(io::stderr()))));
}

/// The width of a terminal, for breaking lines between words.
fn columns(size: Option<(Width, Height)>) -> Option<usize> {
    size.map(|(Width(width), _)| usize::from(width))
}

/// A reporter for a number of changes. A workflow's log gets lines even where it is a terminal, as in some containers: a
/// bar is drawn past this module.
pub fn reporter(total: usize) -> Reporter {
    match verbosity() {
        Verbosity::Quiet => Reporter::Quiet,
        Verbosity::Verbose => Reporter::each(total, say),
        Verbosity::Normal if io::stderr().is_terminal() && !in_github_actions() => Reporter::bar(total),
        Verbosity::Normal => Reporter::lines(total, say),
    }
}

fn aside(form: TextKind, text: &str) {
    progress::aside(|| _ = write(Stream::Err, form, text));
}

/// The one place that writes to standard output and standard error.
fn write(stream: Stream, form: TextKind, text: &str) -> io::Result<()> {
    let choice = match stream {
        Stream::Out => AutoStream::choice(&io::stdout()),
        Stream::Err => AutoStream::choice(&io::stderr()),
    };
    let text = as_written(text, form, choice != ColorChoice::Never, in_github_actions());
    match stream {
        Stream::Out => write_all(AutoStream::new(io::stdout(), choice).lock(), &text),
        Stream::Err => write_all(AutoStream::new(io::stderr(), choice).lock(), &text),
    }
}

fn write_all(mut stream: impl Write, text: &str) -> io::Result<()> {
    stream.write_all(text.as_bytes())?;
    stream.flush()
}

/// A text to the letter as it is written. Commands are looked for last, when nothing changes any more what a line
/// begins with, and a text for the runner ends its last line, so that no line goes on in what is written next.
fn as_written(text: &str, form: TextKind, has_colours: bool, in_workflow: bool) -> String {
    if form == TextKind::Command {
        return secret::hide(text).into_owned();
    }
    let allowed = allowed(text, form == TextKind::Styled && has_colours, form == TextKind::Styled);
    let mut text = secret::hide(&allowed).into_owned();
    if in_workflow {
        text = neutralize_commands(&text);
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
    }
    text
}

/// A text without what may not reach a log or terminal. Where it has styles, they stay or are left out as a whole; in
/// other texts they lose what makes them one.
fn allowed(text: &str, keep_styles: bool, has_styles: bool) -> String {
    let mut allowed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let after = after_style(rest).filter(|_| has_styles);
        let next = after.unwrap_or(&rest[character.len_utf8()..]);
        match (after, character) {
            (Some(after), _) if keep_styles => allowed.push_str(&rest[..rest.len() - after.len()]),
            (None, '\u{2028}' | '\u{2029}') => allowed.push(' '),
            (None, '\n' | '\t') => allowed.push(character),
            (None, _) if !is_forbidden(character) => allowed.push(character),
            _ => {}
        }
        rest = next;
    }
    allowed
}

/// Whether a character could control a terminal or change how the text around it appears.
fn is_forbidden(character: char) -> bool {
    character.is_control() || steers_direction(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOLD: &str = "\u{1b}[1m";

    #[test]
    fn what_is_written_to_a_workflow_holds_no_command() {
        let log = |text: &str| as_written(text, TextKind::Styled, false, true);
        assert_eq!(log(&format!("{BOLD}::error::x\n")), ":\u{200b}:error::x\n");
        assert_eq!(log("::add-mask::x"), ":\u{200b}:add-mask::x\n");
        assert_eq!(log("a:\r::error::x\n"), "a:::error::x\n");
        assert_eq!(log("a\u{2028}::error::x\n"), "a ::error::x\n");
        assert_eq!(log("##\u{202e}[error]x\n"), "##\u{200b}[error]x\n");
        assert_eq!(as_written("::error::x\n", TextKind::Command, false, true), "::error::x\n");
        assert_eq!(as_written("::error::x", TextKind::Plain, false, false), "::error::x");
        let coloured = as_written(&format!("{BOLD}::error::x\n"), TextKind::Styled, true, true);
        assert_eq!(coloured, format!("{BOLD}:\u{200b}:error::x\n"));
    }

    #[test]
    fn only_our_styles_reach_a_terminal() {
        let hostile = format!("{BOLD}a\u{1b}]8;;http://x\u{7}b\u{1b}[2Jc\u{9b}2Jd\u{202e}e\r\n\tf\u{0}");
        let terminal = |form| as_written(&hostile, form, true, false);
        assert_eq!(terminal(TextKind::Styled), format!("{BOLD}a]8;;http://xb[2Jc2Jde\n\tf"));
        assert_eq!(terminal(TextKind::Plain), "[1ma]8;;http://xb[2Jc2Jde\n\tf");
        assert_eq!(as_written(&hostile, TextKind::Styled, false, false), "a]8;;http://xb[2Jc2Jde\n\tf");
    }
}
