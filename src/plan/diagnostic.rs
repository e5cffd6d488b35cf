//! What is wrong with a plan, where, and what to write instead.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;

use super::rules;
use super::source::Source;

/// How bad it is. An apply with errors writes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The plan cannot be applied.
    Error,
    /// The plan can be applied, but probably not all of it was meant so.
    Warning,
    /// Worth knowing; nothing needs to be done.
    Note,
}

/// One finding in one place of one plan.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A stable name of the rule, such as `unknown-dependency`.
    pub code: &'static str,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The text that it points into.
    pub source: Arc<Source>,
    /// The bytes of the text that it points at.
    pub span: Range<usize>,
}

impl Diagnostic {
    /// Line and column of the first character, both from 1.
    pub fn position(&self) -> (usize, usize) {
        self.source.position(self.span.start)
    }
}

/// Collects findings about one text, so that all of them are reported at once.
#[derive(Debug)]
pub struct Diagnostics {
    source: Arc<Source>,
    list: Vec<Diagnostic>,
    /// What is said only once.
    said: HashSet<(&'static str, String)>,
}

impl Diagnostics {
    /// An empty collection for a text.
    pub fn new(source: Arc<Source>) -> Self {
        Self { source, list: Vec::new(), said: HashSet::new() }
    }

    /// Adds an error; `help` says what to do.
    pub fn error(
        &mut self,
        code: &'static str,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(Severity::Error, code, span, message.into(), help.into());
    }

    /// Adds a warning; `help` says what to do.
    pub fn warning(
        &mut self,
        code: &'static str,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(Severity::Warning, code, span, message.into(), help.into());
    }

    /// Adds a note; `help` says what could be done.
    pub fn note(
        &mut self,
        code: &'static str,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(Severity::Note, code, span, message.into(), help.into());
    }

    fn push(&mut self, severity: Severity, code: &'static str, span: Range<usize>, message: String, help: String) {
        debug_assert!(rules::summary(code).is_some(), "`{code}` is not among the rules");
        self.list.push(Diagnostic {
            severity,
            code,
            message,
            help: Some(help).filter(|help| !help.is_empty()),
            source: Arc::clone(&self.source),
            span,
        });
    }

    /// Adds a note or warning, unless the same one is there already: it says so once, however often it holds.
    pub fn once(
        &mut self,
        severity: Severity,
        code: &'static str,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let message = message.into();
        if self.said.insert((code, message.clone())) {
            self.push(severity, code, span, message, help.into());
        }
    }

    /// Whether any of them is an error.
    pub fn has_errors(&self) -> bool {
        has_errors(&self.list)
    }

    /// All of them in the order of the text.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.list.sort_by(|a, b| (a.span.start, a.severity, a.code).cmp(&(b.span.start, b.severity, b.code)));
        self.list
    }
}

/// Whether any of the findings is an error.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// Whether any of the findings keeps a plan from being applied: an error, or a reading that is not certain.
pub fn stops_apply(diagnostics: &[Diagnostic]) -> bool {
    has_errors(diagnostics) || diagnostics.iter().any(|diagnostic| diagnostic.code == "uncertain-reading")
}

/// The known word that `word` was probably meant to be: the nearest, if it is near and no other is as near.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |candidate: &str| strsim::damerau_levenshtein(&word.to_lowercase(), &candidate.to_lowercase());
    let mut near: Vec<(usize, &str)> = known
        .into_iter()
        .map(|candidate| (distance(candidate), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.chars().count().max(3) / 3)
        .collect();
    near.sort_unstable();
    match near[..] {
        [(first, _), (second, _), ..] if first == second => None,
        [(_, candidate), ..] => Some(candidate),
        [] => None,
    }
}
