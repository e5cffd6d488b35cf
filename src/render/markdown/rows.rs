//! The table of a milestone: one row for each issue, with a sign, the title, and what changes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{View, cell};
use crate::diff::{Change, Field, FieldChange, Kind, Op};
use crate::render::escape::title;
use crate::render::fit::Section;
use crate::render::summary::Tense;
use crate::render::text::done_word;

/// The table of a milestone. `open` is the HTML attribute that shows it unfolded. A new milestone is announced above the
/// table, not in a row.
pub(super) fn table(title: &str, rows: &[Row<'_>], open: &str, view: &View<'_>) -> Section {
    let is_new_milestone = |row: &&Row<'_>| row.is_milestone() && row.is_new();
    let shown: Vec<&Row<'_>> = match rows {
        [only] => vec![only],
        rows => rows.iter().filter(|row| !is_new_milestone(row)).collect(),
    };
    Section {
        open: format!(
            "<details{open}><summary>{}</summary>\n\n| | Issue | Changes |\n| --- | :-- | :-- |\n",
            headline(title, rows, view)
        ),
        rows: shown.into_iter().map(|row| row.line(view)).collect(),
        close: "\n</details>\n\n".into(),
        ..Section::default()
    }
}

/// `M1 Dome and power · new milestone, due 2026-03-02 · +2 issues`
fn headline(name: &str, rows: &[Row<'_>], view: &View<'_>) -> String {
    let mut parts = vec![format!("<b>{}</b>", title(name))];
    for row in rows.iter().filter(|row| row.is_milestone() && row.is_new()) {
        let due = row.fields().find(|field| field.field == Field::DueOn).and_then(|field| field.to);
        let due = due.map(|day| format!(", due {day}")).unwrap_or_default();
        parts.push(match view.tense {
            Tense::Future => format!("new milestone{due}"),
            Tense::Past => format!("milestone created{due}"),
        });
    }
    let issues: Vec<Sign> = rows.iter().filter(|row| !row.is_milestone()).map(Row::sign).collect();
    if !issues.is_empty() {
        let plural = if issues.len() == 1 { "" } else { "s" };
        parts.push(format!("{} issue{plural}", counts(&issues)));
    }
    parts.join(" · ")
}

/// What happens to a thing, as a sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Added,
    Changed,
    Closed,
}

impl Sign {
    pub(super) fn of(op: Op) -> Self {
        match op {
            Op::Create => Self::Added,
            Op::Close => Self::Closed,
            Op::Update | Op::Rename | Op::Adopt | Op::Reopen | Op::Link | Op::Unlink | Op::Pin | Op::Unpin => {
                Self::Changed
            }
        }
    }

    fn character(self) -> char {
        match self {
            Self::Added => '+',
            Self::Changed => '~',
            Self::Closed => '−',
        }
    }
}

/// Signs counted: `+3 ~1`.
pub(super) fn counts(signs: &[Sign]) -> String {
    let count = |sign: Sign| (sign.character(), signs.iter().filter(|other| **other == sign).count());
    let all = [Sign::Added, Sign::Changed, Sign::Closed].map(count);
    let some = all.into_iter().filter(|(_, count)| *count > 0);
    some.map(|(sign, count)| format!("{sign}{count}")).collect::<Vec<_>>().join(" ")
}

/// Everything that happens to one issue or milestone.
#[derive(Default)]
pub(super) struct Row<'d> {
    /// The change of the thing itself; none if only links or its pin change.
    pub(super) own: Option<&'d Change>,
    /// Links and the pin.
    pub(super) links: Vec<&'d Change>,
}

impl<'d> Row<'d> {
    /// Groups changes by what they happen to.
    pub(super) fn all(changes: &[&'d Change]) -> Vec<Self> {
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

    fn sign(&self) -> Sign {
        self.own.map_or(Sign::Changed, |own| Sign::of(own.op()))
    }

    /// The line of the table. It begins with a sign, or with what was done.
    fn line(&self, view: &View<'_>) -> String {
        let first = match view.tense {
            Tense::Future => self.sign().character().to_string(),
            Tense::Past => done_word(self.own.map_or(Op::Update, Change::op)).to_owned(),
        };
        format!("| {first} | {} | {} |\n", self.item(view), cell::changes(self, view))
    }

    /// The thing. Its milestone's title stands above the table already; an issue that is renamed shows both titles.
    fn item(&self, view: &View<'_>) -> String {
        let Some(first) = self.own.or_else(|| self.links.first().copied()) else { return String::new() };
        if first.kind() == Kind::Milestone {
            return "<i>Milestone</i>".to_owned();
        }
        match self.old_title() {
            Some(old) => {
                let number = view.number(first).map(|number| format!("{number} ")).unwrap_or_default();
                format!("{number}<del>{}</del> → {}", title(&old), title(first.title()))
            }
            None => view.name(first),
        }
    }

    /// The title that a thing has on GitHub, if it changes.
    pub(super) fn old_title(&self) -> Option<Cow<'d, str>> {
        self.fields()
            .find(|field| field.field == Field::Title && field.from != field.to)?
            .from
            .filter(|_| !self.is_new())
    }

    fn is_milestone(&self) -> bool {
        self.own.is_some_and(|own| own.kind() == Kind::Milestone)
    }

    /// Whether the thing is created.
    pub(super) fn is_new(&self) -> bool {
        self.own.is_some_and(|own| own.op() == Op::Create)
    }

    /// The fields of the thing itself.
    pub(super) fn fields(&self) -> impl Iterator<Item = FieldChange<'d>> + use<'d> {
        self.own.into_iter().flat_map(Change::fields)
    }
}
