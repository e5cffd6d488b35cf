//! Diagnostics for a terminal: the source line, underlined, with what to do.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::model::text::printable;
use crate::plan::{Diagnostic, Severity};

/// The longest stretch of source that is shown, in bytes. A hostile line may be as long as the plan.
const MAX_SHOWN: usize = 160;

/// Renders diagnostics, each with its place.
pub fn render(diagnostics: &[Diagnostic]) -> String {
    let renderer = Renderer::styled();
    diagnostics.iter().map(|diagnostic| renderer.render(&[group(diagnostic)]) + "\n\n").collect()
}

fn group(diagnostic: &Diagnostic) -> Group<'_> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
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
    let mut group = level.primary_title(&diagnostic.message).id(diagnostic.code).element(snippet);
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help));
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
