//! The shapes that plans are written in, one reader each, and the choice between them.
//!
//! A new dialect is a module with a [`Dialect`] in it and a line in [`all`]; nothing else knows of any of them.

mod breakdown;

use super::diagnostic::{Diagnostics, nearest};
use super::document::Document;
use super::draft::Draft;
use super::settings::Settings;

/// One way of writing a plan.
pub trait Dialect: Sync {
    /// Its name, as `dialect:` gives it.
    fn name(&self) -> &'static str;

    /// How many milestones and issues the document seems to hold in this dialect's shape; 0 when it is another one.
    fn evidence(&self, document: &Document<'_>) -> usize;

    /// What a plan of this dialect looks like, in a line, for people whose text was not recognised.
    fn shape(&self) -> &'static str;

    /// Reads the document. What looks like plan and cannot be read becomes a diagnostic.
    fn read(&self, document: &Document<'_>, diagnostics: &mut Diagnostics) -> Draft;
}

/// Every dialect that can be read.
pub fn all() -> &'static [&'static dyn Dialect] {
    &[&breakdown::Breakdown]
}

/// The dialect that the front matter names, else the one with the most evidence. Without any evidence there is no
/// plan, and the diagnostics say what one looks like.
pub fn choose(
    document: &Document<'_>,
    settings: &Settings,
    diagnostics: &mut Diagnostics,
) -> Option<&'static dyn Dialect> {
    let names = || all().iter().map(|dialect| dialect.name());
    if let Some(wanted) = &settings.dialect {
        let found = all().iter().find(|dialect| dialect.name() == wanted.text).copied();
        if found.is_none() {
            let known = names().collect::<Vec<_>>().join(", ");
            let help = match nearest(&wanted.text, names()) {
                Some(near) => format!("did you mean `{near}`? Known: {known}"),
                None => format!("known: {known}"),
            };
            let message = format!("there is no dialect `{}`", wanted.text);
            diagnostics.error("unknown-dialect", wanted.span.clone(), message, help);
        }
        return found;
    }
    let best = all().iter().map(|dialect| (dialect.evidence(document), *dialect)).max_by_key(|(count, _)| *count);
    match best {
        Some((1.., dialect)) => Some(dialect),
        _ => {
            let shapes: Vec<&str> = all().iter().map(|dialect| dialect.shape()).collect();
            diagnostics.error("no-plan", 0..0, "no plan was found in this text", shapes.join("; or "));
            None
        }
    }
}
