//! From markdown to a [`Draft`]: milestones and issues as the document has them, their references not yet looked up.
//!
//! [`markdown`] turns the text into blocks, `tree` finds the item lines in it, `family` compares them, `form` chooses
//! which of them are issues and milestones, and `assemble` reads those from their `sources`. [`outline`] says what each
//! line was read as.

mod assemble;
mod content;
mod dependencies;
mod describe;
mod family;
pub mod field_line;
mod form;
mod gates;
pub mod item_line;
mod labels;
pub mod markdown;
mod milestones;
pub mod one_issue;
pub mod outline;
mod recognise;
pub mod references;
mod sources;
mod tables;
mod tree;
pub mod vocabulary;

use self::family::Family;
use self::markdown::Document;
use self::tree::{Shape, Tree};
use super::diagnostic::Diagnostics;
use super::draft::Draft;
use super::settings::{IssueSource, Settings};

/// Reads a document. One that nobody named is asked whether it is a plan; nothing comes back where it is none.
pub fn read(document: &Document, settings: &Settings, is_named: bool, diagnostics: &mut Diagnostics) -> Option<Draft> {
    let sources = declared_sources(settings, diagnostics)?;
    let tree = Tree::new(document, &settings.read.columns);
    let places = family::Places::new(&tree, &settings.read);
    let mut families = family::form(&tree, &places);
    if !sources.is_empty() {
        families = family::declared(families, &sources);
    }
    let mut form = form::choose(&tree, &places, &families);
    form.is_declared = !sources.is_empty();
    if let (Some(primary), Some(rival), true) = (form.primary, form.rival, sources.is_empty()) {
        uncertain(document, &tree, &families[primary], &families[rival], diagnostics);
    }
    if !is_named && !recognise::is_plan(&tree, &form, sources::commands::count(document)) {
        return None;
    }
    Some(assemble::draft(document, &tree, &places, &families, &form, settings, diagnostics))
}

/// The presets that `dialect:` names, each with what its issues are.
pub const DIALECTS: &[(&str, &[IssueSource])] = &[
    ("breakdown", &[IssueSource::Headings, IssueSource::Rows]),
    ("roadmap", &[IssueSource::Bold, IssueSource::Numbered, IssueSource::Bullets]),
    ("tracker", &[IssueSource::Headings]),
    ("guide", &[IssueSource::Headings]),
    ("checklist", &[IssueSource::Checkboxes]),
    ("tasks", &[IssueSource::Checkboxes]),
];

/// What the issues are, as the front matter declares it; nothing comes back for a dialect that does not exist.
fn declared_sources(settings: &Settings, diagnostics: &mut Diagnostics) -> Option<Vec<IssueSource>> {
    if let Some(source) = settings.read.issues {
        return Some(vec![source]);
    }
    let Some(wanted) = &settings.dialect else { return Some(Vec::new()) };
    let found = DIALECTS.iter().find(|(name, _)| *name == wanted.text);
    if found.is_none() {
        let names: Vec<&str> = DIALECTS.iter().map(|(name, _)| *name).collect();
        let known = names.join(", ");
        let help = match super::diagnostic::nearest(&wanted.text, names) {
            Some(near) => format!("did you mean `{near}`? Known: {known}"),
            None => format!("known: {known}"),
        };
        let message = format!("there is no dialect `{}`", wanted.text);
        diagnostics.error("unknown-dialect", wanted.span.clone(), message, help);
    }
    found.map(|(_, sources)| sources.to_vec())
}

/// Reports that another form explains the document about as well.
fn uncertain(document: &Document, tree: &Tree, best: &Family, rival: &Family, diagnostics: &mut Diagnostics) {
    let (first, first_name) = named(best.signature.shape);
    let (second, second_name) = named(rival.signature.shape);
    let line = tree.nodes[rival.members[0]].line;
    let message = format!(
        "the issues are read from {} {first}, but {} {second} (from line {line} on) explain the plan about equally well",
        best.members.len(),
        rival.members.len(),
    );
    let help = format!(
        "declare the form in the front matter; until then, `apply` is refused:\n---\nread:\n  issues: {first_name}   # or: {second_name}\n---"
    );
    diagnostics.warning("uncertain-reading", document.source.lines(line, line), message, help);
}

/// The lines of a shape in words, and the source that declares them.
fn named(shape: Shape) -> (&'static str, &'static str) {
    match shape {
        Shape::Heading(_) => ("headings", "headings"),
        Shape::Lead => ("bold lines", "bold"),
        Shape::Box => ("checkboxes", "checkboxes"),
        Shape::Row => ("table rows", "rows"),
        Shape::Number => ("numbered items", "numbered"),
        Shape::Bullet | Shape::Root => ("bullets", "bullets"),
    }
}
