//! The shapes that plans are written in, and the choice between them.
//!
//! A new dialect is a module with a [`Dialect`] in it and a line in [`all`]; nothing else knows of any of them. What a
//! dialect reads is read by [`structure`](super::structure), which they share: they differ in what carries the issues.

mod breakdown;
mod checklist;
mod guide;
mod roadmap;
mod tasks;
mod tracker;

use super::diagnostic::{Diagnostics, nearest};
use super::document::Document;
use super::settings::Settings;
use super::structure::Carrier;
use super::structure::survey::Survey;

/// One way of writing a plan.
pub trait Dialect: Sync {
    /// Its name, as `dialect:` gives it.
    fn name(&self) -> &'static str;

    /// What may carry its issues, the usual first.
    fn carriers(&self) -> &'static [Carrier];

    /// How much speaks for it in a document whose issues have a carrier; 0 when it is another one.
    fn evidence(&self, survey: &Survey, carrier: Carrier) -> usize;

    /// What a plan of this dialect looks like, in a line, for people whose text was not recognised.
    fn shape(&self) -> &'static str;
}

/// Every dialect that can be read.
pub fn all() -> &'static [&'static dyn Dialect] {
    &[
        &breakdown::Breakdown,
        &roadmap::Roadmap,
        &tracker::Tracker,
        &guide::Guide,
        &checklist::Checklist,
        &tasks::TaskList,
    ]
}

/// How a document is read, and why so.
pub struct Chosen {
    /// The dialect's name.
    pub name: &'static str,
    /// What carries its issues.
    pub carrier: Carrier,
    /// What speaks for it, in words.
    pub why: String,
}

/// The dialect that the front matter names, else the one with the most evidence. Without any evidence there is no
/// plan, and the diagnostics say what one looks like.
pub fn choose(
    document: &Document<'_>,
    survey: &Survey,
    settings: &Settings,
    diagnostics: &mut Diagnostics,
) -> Option<Chosen> {
    let names = || all().iter().map(|dialect| dialect.name());
    if let Some(wanted) = &settings.dialect {
        let Some(dialect) = all().iter().find(|dialect| dialect.name() == wanted.text) else {
            let known = names().collect::<Vec<_>>().join(", ");
            let help = match nearest(&wanted.text, names()) {
                Some(near) => format!("did you mean `{near}`? Known: {known}"),
                None => format!("known: {known}"),
            };
            let message = format!("there is no dialect `{}`", wanted.text);
            diagnostics.error("unknown-dialect", wanted.span.clone(), message, help);
            return None;
        };
        let carrier = survey.best_of(dialect.carriers());
        let why = format!("the front matter says so; {}", survey.evidence(carrier));
        return Some(Chosen { name: dialect.name(), carrier, why });
    }
    let best = survey.carrier().and_then(|carrier| {
        let evidence = all().iter().map(|dialect| (dialect.evidence(survey, carrier), *dialect));
        // Of two that are as likely the one further in front is taken.
        let best = evidence.rev().max_by_key(|(count, _)| *count).filter(|(count, _)| *count > 0)?;
        Some((carrier, best.1))
    });
    let Some((carrier, dialect)) = best else {
        let shapes: Vec<&str> = all().iter().map(|dialect| dialect.shape()).collect();
        diagnostics.error("no-plan", 0..0, "no plan was found in this text", shapes.join("; or "));
        return None;
    };
    if let Some((what, count)) = survey.rival(carrier) {
        let candidates: Vec<String> = all()
            .iter()
            .filter(|other| other.carriers().iter().any(|it| survey.count(*it) >= 2))
            .map(|other| format!("`{}`", other.name()))
            .collect();
        let first = document.source.lines(1, 1);
        diagnostics.warning(
            "unclear-dialect",
            first,
            format!(
                "this is read as `{}` ({}), but there are {count} {what} too",
                dialect.name(),
                survey.evidence(carrier)
            ),
            format!("write `dialect:` into the front matter; candidates: {}", candidates.join(", ")),
        );
    }
    Some(Chosen { name: dialect.name(), carrier, why: survey.evidence(carrier) })
}
