//! A diff as markdown: what will be the comment on a pull request. One line says it all, the rest is folded.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::escape::{code, fenced, title};
use super::text::{field_name, kept_value, op_word};
use super::{by_milestone, notices, summary, unified};
use crate::diff::{Change, Diff, Field, FieldChange, Kind, Op, Why};

/// Renders a diff.
pub fn render(diff: &Diff) -> String {
    let mut markdown = format!("**Plan** {}: {}.\n\n", code(diff.plan.as_str()), summary::of(diff));
    for sentence in notices::sentences(diff) {
        _ = write!(markdown, "> [!WARNING]\n> {}\n\n", title(&sentence));
    }
    conflicts(&mut markdown, diff);
    kept(&mut markdown, diff);
    labels(&mut markdown, diff);
    let others = diff.changes.iter().filter(|change| change.kind() != Kind::Label);
    for (name, changes) in by_milestone(diff, others) {
        milestone(&mut markdown, name, &changes);
    }
    let digest = diff.digest();
    let short = digest.get(..19).unwrap_or(&digest);
    _ = writeln!(markdown, "<sub>plan-action {} · {}</sub>", env!("CARGO_PKG_VERSION"), code(short));
    markdown
}

fn conflicts(markdown: &mut String, diff: &Diff) {
    let conflicts: Vec<(&Change, &FieldChange)> = diff
        .changes
        .iter()
        .flat_map(|change| change.fields.iter().map(move |field| (change, field)))
        .filter(|(_, field)| field.why == Why::Conflict)
        .collect();
    if conflicts.is_empty() {
        return;
    }
    markdown.push_str("> [!CAUTION]\n> People changed what the plan changes too; the plan's value will be written:\n");
    for (change, field) in conflicts {
        _ = writeln!(markdown, "> - {}: {}", name(change), values(field));
    }
    markdown.push('\n');
}

fn kept(markdown: &mut String, diff: &Diff) {
    if diff.kept.is_empty() {
        return;
    }
    markdown.push_str("> [!NOTE]\n> People changed these, and they stay so:\n");
    for change in &diff.kept {
        for field in &change.fields {
            _ = writeln!(markdown, "> - {}: {}", name(change), kept_value(field, title));
        }
    }
    markdown.push('\n');
}

/// A thing by number and title.
fn name(change: &Change) -> String {
    match (change.kind(), change.number()) {
        (Kind::Issue | Kind::Dependency | Kind::SubIssue | Kind::Pin, Some(number)) => {
            // The number is not made a reference: GitHub would note it in the issue's history.
            format!("#&#8203;{number} {}", title(&change.title))
        }
        _ => title(&change.title),
    }
}

fn values(field: &FieldChange) -> String {
    let what = field_name(field.field);
    if field.field.is_text() {
        return what.to_owned();
    }
    match (&field.from, &field.to) {
        (Some(from), Some(to)) if from == to => format!("{what} {} (people and the plan agree)", title(to)),
        (Some(from), Some(to)) => format!("{what} {} → {}", title(from), title(to)),
        (Some(from), None) => format!("{what} {} removed", title(from)),
        (None, Some(to)) => format!("{what} {}", title(to)),
        (None, None) => what.to_owned(),
    }
}

fn labels(markdown: &mut String, diff: &Diff) {
    let labels: Vec<&Change> = diff.changes.iter().filter(|change| change.kind() == Kind::Label).collect();
    if labels.is_empty() {
        return;
    }
    let (new, changed): (Vec<&Change>, Vec<&Change>) = labels.iter().partition(|change| change.op == Op::Create);
    let count = summary::some(labels.len(), "label");
    _ = write!(markdown, "<details><summary><b>Labels</b>: {count}</summary>\n\n");
    if !new.is_empty() {
        let names: Vec<String> = new.iter().map(|change| code(&change.title)).collect();
        _ = writeln!(markdown, "To create: {}", names.join(" "));
    }
    for change in changed {
        let fields: Vec<String> = change.fields.iter().map(values).collect();
        _ = writeln!(markdown, "- {}: {}", code(&change.title), fields.join(", "));
    }
    markdown.push_str("\n</details>\n\n");
}

/// A row of the table: one issue or milestone with all that happens to it.
#[derive(Default)]
struct Row<'d> {
    own: Option<&'d Change>,
    links: Vec<&'d Change>,
}

fn milestone(markdown: &mut String, name: &str, changes: &[&Change]) {
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut at: BTreeMap<(&str, bool, Option<u64>), usize> = BTreeMap::new();
    for change in changes {
        let place = *at.entry((change.key(), change.kind() == Kind::Milestone, change.number())).or_insert_with(|| {
            rows.push(Row::default());
            rows.len() - 1
        });
        match change.kind() {
            Kind::Milestone | Kind::Issue => rows[place].own = Some(change),
            Kind::Label | Kind::Dependency | Kind::SubIssue | Kind::Pin => rows[place].links.push(change),
        }
    }
    let count = |op, kind| changes.iter().filter(|change| change.op == op && change.kind() == kind).count();
    let counts = summary::changes(count, summary::Tense::Future);
    _ = write!(markdown, "<details><summary><b>{}</b>: {counts}</summary>\n\n", title(name));
    markdown.push_str("| | What | Details |\n| --- | --- | --- |\n");
    for row in &rows {
        _ = writeln!(markdown, "{}", row.render());
    }
    markdown.push('\n');
    for row in &rows {
        row.texts(markdown);
    }
    markdown.push_str("</details>\n\n");
}

impl Row<'_> {
    fn render(&self) -> String {
        let Some(first) = self.own.or_else(|| self.links.first().copied()) else { return String::new() };
        let what = match first.kind() {
            Kind::Milestone => format!("milestone <b>{}</b>", title(&first.title)),
            _ => name(first),
        };
        let op = self.own.map_or("update", |own| op_word(own.op));
        let mut details: Vec<String> = Vec::new();
        let own = self.own.map(|own| own.fields.as_slice()).unwrap_or_default();
        let is_new = self.own.is_some_and(|own| own.op == Op::Create);
        let labels: Vec<String> = own
            .iter()
            .filter(|field| is_new && field.field == Field::Label)
            .filter_map(|field| field.to.as_deref())
            .map(code)
            .collect();
        if !labels.is_empty() {
            details.push(labels.join(" "));
        }
        let told = [Field::Title, Field::Milestone, Field::Label, Field::Body, Field::Description];
        let others = own.iter().filter(|field| !is_new || !told.contains(&field.field));
        details.extend(others.map(values));
        details.extend(self.links.iter().map(|link| {
            let fields: Vec<String> = link.fields.iter().map(values).collect();
            match link.op {
                Op::Pin | Op::Unpin => op_word(link.op).to_owned(),
                _ => fields.join(", "),
            }
        }));
        format!("| {op} | {what} | {} |", details.join("<br>"))
    }

    /// The texts of an issue or milestone against each other, each folded.
    fn texts(&self, markdown: &mut String) {
        let Some(own) = self.own else { return };
        for field in own.fields.iter().filter(|field| field.field.is_text()) {
            let from = field.from.as_deref().unwrap_or_default();
            let diff = unified::diff(from, field.to.as_deref().unwrap_or_default());
            let what = field_name(field.field);
            _ = write!(markdown, "<details><summary>{}: {what}</summary>\n\n", name(own));
            markdown.push_str(&fenced("diff", &diff));
            markdown.push_str("\n</details>\n\n");
        }
    }
}
