//! Diagnostics for a terminal: the source line, underlined, with what to do.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::wrap::{Indent, wrap};
use crate::model::text::printable;
use crate::plan::{Diagnostic, Severity};

/// The longest stretch of source that is shown, in bytes. A hostile line may be as long as the plan.
const MAX_SHOWN: usize = 160;

/// Renders the diagnostics that are at least as bad as `least`, each with its place. Lines are broken between words to fit
/// a width, where there is one.
pub fn render(diagnostics: &[Diagnostic], least: Severity, width: Option<usize>) -> String {
    let renderer = Renderer::styled();
    let shown = diagnostics.iter().filter(|diagnostic| diagnostic.severity <= least);
    shown.map(|diagnostic| renderer.render(&[group(diagnostic, width)]) + "\n\n").collect()
}

fn group(diagnostic: &Diagnostic, width: Option<usize>) -> Group<'_> {
    let (level, word) = match diagnostic.severity {
        Severity::Error => (Level::ERROR, "error"),
        Severity::Warning => (Level::WARNING, "warning"),
        Severity::Note => (Level::NOTE, "note"),
    };
    let source = &diagnostic.source;
    let (line, _) = source.position(diagnostic.span.start);
    let whole = source.lines(line, line);
    // A window around what is pointed at, so that the place is seen in a line of any length.
    let start = source.text.floor_char_boundary(diagnostic.span.start.saturating_sub(MAX_SHOWN / 2).max(whole.start));
    let end = source.text.floor_char_boundary(whole.end.min(start + MAX_SHOWN));
    let shown = &source.text[start..end.max(start)];
    let from = (diagnostic.span.start - start).min(shown.len());
    let to = diagnostic.span.end.saturating_sub(start).clamp(from, shown.len());
    let path = printable(&source.name);
    let snippet = Snippet::source(shown).line_start(line).path(path).annotation(AnnotationKind::Primary.span(from..to));
    // The renderer aligns every line of a message with its first one.
    let head = format!("{word}[{}]: ", diagnostic.code).len();
    let head = Indent { first: head, rest: head };
    let mut group = level.primary_title(wrap(&diagnostic.message, width, head)).id(diagnostic.code).element(snippet);
    if let Some(help) = &diagnostic.help {
        let gutter = line.to_string().len() + "  = help: ".len();
        let gutter = Indent { first: gutter, rest: gutter };
        group = group.element(Level::HELP.message(wrap(help, width, gutter)));
    }
    group
}

/// How many there are of which severity: `2 errors, 1 warning`; nothing where there are none.
pub fn count(diagnostics: &[Diagnostic]) -> String {
    let of = |severity| diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
    let parts = [(of(Severity::Error), "error"), (of(Severity::Warning), "warning"), (of(Severity::Note), "note")];
    let parts = parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| super::summary::some(*count, what));
    parts.collect::<Vec<_>>().join(", ")
}
