//! A table for one milestone: a row for each issue with all that happens to it, and a fold with the whole of it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;

use crate::diff::{Change, Field, FieldChange, Kind, Op};
use crate::render::escape::{code, fenced, title};
use crate::render::fit::Section;
use crate::render::text::{field_name, op_word, other};
use crate::render::{summary, unified};

/// The section of a milestone; `open` is the attribute that opens it.
pub(super) fn milestone(milestone: &str, changes: &[&Change], open: &str) -> Section {
    let rows = Row::all(changes);
    let counts = summary::of_changes(changes);
    Section {
        open: format!(
            "<details{open}><summary><b>{}</b>: {counts}</summary>\n\n| | What | Details |\n| --- | --- | --- |\n",
            title(milestone)
        ),
        rows: rows.iter().map(Row::line).collect(),
        between: "\n".into(),
        details: rows.iter().filter_map(Row::fold).collect(),
        close: "</details>\n\n".into(),
    }
}

/// One issue or milestone with all that happens to it.
#[derive(Default)]
struct Row<'d> {
    own: Option<&'d Change>,
    links: Vec<&'d Change>,
}

impl<'d> Row<'d> {
    fn all(changes: &[&'d Change]) -> Vec<Self> {
        let mut rows: Vec<Row<'_>> = Vec::new();
        let mut at: BTreeMap<(&str, bool, Option<u64>), usize> = BTreeMap::new();
        for change in changes {
            let place = (change.key(), change.kind() == Kind::Milestone, change.number());
            let place = *at.entry(place).or_insert_with(|| {
                rows.push(Row::default());
                rows.len() - 1
            });
            match change.kind() {
                Kind::Milestone | Kind::Issue => rows[place].own = Some(change),
                Kind::Label | Kind::Dependency | Kind::SubIssue | Kind::Pin => rows[place].links.push(change),
            }
        }
        rows
    }

    fn first(&self) -> Option<&'d Change> {
        self.own.or_else(|| self.links.first().copied())
    }

    /// The line of the table.
    fn line(&self) -> String {
        let Some(first) = self.first() else { return String::new() };
        let what = match first.kind() {
            Kind::Milestone => format!("milestone <b>{}</b>", title(first.title())),
            _ => name(first),
        };
        let op = self.own.map_or("update", |own| op_word(own.op()));
        let mut words = self.words();
        if !self.is_new() {
            words.extend(self.fields().filter(|field| field.field.is_text()).map(|field| values(&field)));
        }
        format!("| {op} | {what} | {} |\n", words.join("<br>"))
    }

    fn is_new(&self) -> bool {
        self.own.is_some_and(|own| own.op() == Op::Create)
    }

    /// What happens, in a few words each: the labels of a new issue, fields from one value to another, links, pins.
    fn words(&self) -> Vec<String> {
        let is_new = self.is_new();
        let mut words = Vec::new();
        if is_new {
            words.extend(some(self.labels().map(|label| code(&label)).collect::<Vec<_>>().join(" ")));
        }
        let told = [Field::Title, Field::Milestone, Field::Label];
        let others = self.fields().filter(|field| !(field.field.is_text() || is_new && told.contains(&field.field)));
        words.extend(others.map(|field| values(&field)));
        let (added, others): (Vec<&Change>, Vec<&Change>) =
            self.links.iter().partition(|link| (link.op(), link.kind()) == (Op::Link, Kind::Dependency));
        let blockers = added.iter().map(|link| title(other(link)));
        let blockers = blockers.collect::<Vec<_>>().join(", ");
        words.extend(some(blockers).map(|blockers| format!("blocked by {blockers}")));
        words.extend(others.into_iter().map(link_words));
        words
    }

    fn fields(&self) -> impl Iterator<Item = FieldChange<'d>> + use<'d> {
        self.own.into_iter().flat_map(Change::fields)
    }

    fn labels(&self) -> impl Iterator<Item = Cow<'d, str>> + use<'d> {
        self.fields().filter(|field| field.field == Field::Label).filter_map(|field| field.to)
    }

    /// The whole of it, folded: what happens to each field and link, and its text line by line. Nothing where the line
    /// of the table says it all.
    fn fold(&self) -> Option<String> {
        let own = self.own?;
        let texts: Vec<FieldChange<'_>> = self.fields().filter(|field| field.field.is_text()).collect();
        if texts.is_empty() {
            return None;
        }
        let mut fold = format!("<details><summary>{} {}</summary>\n\n", op_word(own.op()), name(own));
        self.words().iter().for_each(|words| _ = writeln!(fold, "- {words}"));
        for field in texts {
            let (from, to) = (field.from.as_deref().unwrap_or_default(), field.to.as_deref().unwrap_or_default());
            let block = if self.is_new() { fenced("markdown", to) } else { fenced("diff", &unified::diff(from, to)) };
            _ = write!(fold, "\n{}:\n\n{block}", field_name(field.field));
        }
        fold.push_str("\n</details>\n\n");
        Some(fold)
    }
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn link_words(link: &Change) -> String {
    let what = if link.kind() == Kind::SubIssue { "part of" } else { "blocked by" };
    match link.op() {
        Op::Pin | Op::Unpin => op_word(link.op()).to_owned(),
        Op::Unlink => format!("{what} {} removed", title(other(link))),
        _ => format!("{what} {}", title(other(link))),
    }
}

/// A thing by number and title.
pub(super) fn name(change: &Change) -> String {
    match (change.kind(), change.number()) {
        (Kind::Issue | Kind::Dependency | Kind::SubIssue | Kind::Pin, Some(number)) => {
            // The number is not made a reference: GitHub would note it in the issue's history.
            format!("#&#8203;{number} {}", title(change.title()))
        }
        _ => title(change.title()),
    }
}

/// A field from one value to another.
pub(super) fn values(field: &FieldChange<'_>) -> String {
    let what = field_name(field.field);
    if field.field.is_text() {
        return if field.from == field.to { format!("{what} (people and the plan agree)") } else { what.to_owned() };
    }
    match (&field.from, &field.to) {
        (Some(from), Some(to)) if from == to => format!("{what} {} (people and the plan agree)", title(to)),
        (Some(from), Some(to)) => format!("{what} {} → {}", title(from), title(to)),
        (Some(from), None) => format!("{what} {} removed", title(from)),
        (None, Some(to)) => format!("{what} {}", title(to)),
        (None, None) => what.to_owned(),
    }
}
