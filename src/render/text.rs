//! A diff for the terminal: grouped by milestone, one line for each item, and a summary at the end.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::by_milestone::by_milestone;
use super::{escape, notices, summary, unified};
use crate::diff::{Change, Diff, Field, FieldChange, Kind, Op, Why};
use crate::model::snapshot::StateReason;
use crate::model::text::printable;

const ADDED: Style = AnsiColor::Green.on_default();
const CHANGED: Style = AnsiColor::Yellow.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();
const STRONG: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();

/// What happens, in one word.
pub fn op_word(op: Op) -> &'static str {
    match op {
        Op::Create => "create",
        Op::Update => "update",
        Op::Rename => "rename",
        Op::Adopt => "adopt",
        Op::Reopen => "reopen",
        Op::Link => "link",
        Op::Unlink => "unlink",
        Op::Pin => "pin",
        Op::Unpin => "unpin",
        Op::Close => "close",
    }
}

/// What happened, in one word.
pub fn done_word(op: Op) -> &'static str {
    match op {
        Op::Create => "created",
        Op::Update => "updated",
        Op::Rename => "renamed",
        Op::Adopt => "adopted",
        Op::Reopen => "reopened",
        Op::Link => "added",
        Op::Unlink => "removed",
        Op::Pin => "pinned",
        Op::Unpin => "unpinned",
        Op::Close => "closed",
    }
}

/// Why an issue or milestone is closed, if it is.
pub fn closing(own: &Change) -> Option<&'static str> {
    let state = own.field(Field::State)?;
    if state.to.as_deref() != Some("closed") || state.from == state.to {
        return None;
    }
    let has_left = match own {
        Change::Milestone(milestone) => milestone.text.as_ref().is_some_and(|text| text.marker.base.removed),
        Change::Label(_) | Change::Issue(_) | Change::Link(_) => false,
    };
    let reason = own.field(Field::StateReason).and_then(|reason| reason.to);
    Some(match reason.as_deref() {
        Some(reason) if reason == StateReason::NotPlanned.as_str() => "left the plan",
        Some(reason) if reason == StateReason::Duplicate.as_str() => "duplicate",
        _ if has_left => "left the plan",
        _ => "done in the plan",
    })
}

/// Whether a field is a key that was made from a title, which means nothing to people.
pub fn is_internal(field: &FieldChange<'_>) -> bool {
    field.field == Field::Key && [&field.from, &field.to].into_iter().flatten().any(|key| key.contains('/'))
}

/// What a change is about, in words: `label api`, `I2 blocked by I1`.
pub fn subject(change: &Change) -> String {
    let title = printable(change.title());
    match change.kind() {
        Kind::Label => format!("label {title}"),
        Kind::Milestone => format!("milestone {title}"),
        Kind::Issue | Kind::Pin => match change.number() {
            Some(number) => format!("#{number} {title}"),
            None => format!("issue {title}"),
        },
        Kind::Dependency => printable(&format!("{} blocked by {}", change.name(), other(change))),
        Kind::SubIssue => printable(&format!("{} sub-issue of {}", change.name(), other(change))),
    }
}

/// The name of the issue at the other end of a link.
pub fn other(link: &Change) -> &str {
    link.other().unwrap_or_default()
}

/// Renders a diff with colours, which are removed when it is written to anything but a terminal.
pub fn render(diff: &Diff) -> String {
    let mut text = String::new();
    let groups = Groups::new(diff);
    if !groups.labels.is_empty() {
        heading(&mut text, "Labels");
        labels(&mut text, &groups.labels);
    }
    for (title, changes) in &groups.milestones {
        heading(&mut text, title);
        for change in changes {
            groups.change(&mut text, change);
        }
    }
    if !diff.drift.is_empty() {
        heading(&mut text, "Edits by people that are kept");
        for change in &diff.drift {
            kept(&mut text, change);
        }
    }
    for sentence in notices::sentences(diff) {
        _ = writeln!(text, "{CHANGED}warning:{CHANGED:#} {sentence}");
    }
    let summary = summary::of(diff);
    if !text.is_empty() && !text.ends_with("\n\n") {
        text.push('\n');
    }
    _ = writeln!(text, "{STRONG}{}{}.{STRONG:#}", summary[..1].to_uppercase(), &summary[1..]);
    text
}

fn heading(text: &mut String, title: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    _ = writeln!(text, "{STRONG}{}{STRONG:#}", printable(title));
}

/// Changes, grouped under their headings.
struct Groups<'d> {
    labels: Vec<&'d Change>,
    milestones: Vec<(&'d str, Vec<&'d Change>)>,
    /// The keys of the issues that are created: their links and pins are shown in the line of the issue.
    created: BTreeSet<&'d str>,
    links: BTreeMap<&'d str, Vec<&'d Change>>,
}

impl<'d> Groups<'d> {
    fn new(diff: &'d Diff) -> Self {
        let is_new = |change: &&Change| change.op() == Op::Create && change.kind() == Kind::Issue;
        let created: BTreeSet<&str> = diff.changes.iter().filter(is_new).map(Change::key).collect();
        let mut groups = Self { labels: Vec::new(), milestones: Vec::new(), created, links: BTreeMap::new() };
        let mut others = Vec::new();
        for change in &diff.changes {
            let is_link = matches!(change.kind(), Kind::Dependency | Kind::SubIssue | Kind::Pin);
            if change.kind() == Kind::Label {
                groups.labels.push(change);
            } else if is_link && groups.created.contains(change.key()) {
                groups.links.entry(change.key()).or_default().push(change);
            } else {
                others.push(change);
            }
        }
        groups.milestones = by_milestone(diff, others);
        groups
    }

    fn change(&self, text: &mut String, change: &Change) {
        let (sign, style) = sign(change.op());
        let is_new = change.op() == Op::Create;
        _ = write!(text, "  {style}{sign}{style:#} ");
        match change.kind() {
            Kind::Milestone if is_new => _ = writeln!(text, "milestone{}", due(change)),
            Kind::Milestone => _ = writeln!(text, "{} milestone", op_word(change.op())),
            Kind::Issue if is_new => _ = writeln!(text, "{}{}", printable(change.title()), self.details(change)),
            Kind::Issue if change.op() == Op::Update => _ = writeln!(text, "{}", subject(change)),
            Kind::Dependency | Kind::SubIssue => _ = writeln!(text, "{}", subject(change)),
            Kind::Label | Kind::Issue | Kind::Pin => {
                _ = writeln!(text, "{} {}", op_word(change.op()), subject(change));
            }
        }
        if !is_new && matches!(change.kind(), Kind::Milestone | Kind::Issue) {
            fields(text, change);
        }
    }

    /// What a new issue has besides its title, in the same line.
    fn details(&self, change: &Change) -> String {
        let mut details = String::new();
        let labels: Vec<String> = values(change, Field::Label);
        if !labels.is_empty() {
            _ = write!(details, "  {FAINT}[{}]{FAINT:#}", labels.join(", "));
        }
        let assignees: Vec<String> = values(change, Field::Assignee);
        if !assignees.is_empty() {
            _ = write!(details, "  {FAINT}@{}{FAINT:#}", assignees.join(", @"));
        }
        let links = self.links.get(change.key()).map(Vec::as_slice).unwrap_or_default();
        let of = |kind: Kind| {
            links.iter().filter(move |link| link.kind() == kind).map(|link| printable(other(link))).collect::<Vec<_>>()
        };
        let (blockers, parents) = (of(Kind::Dependency), of(Kind::SubIssue));
        if !blockers.is_empty() {
            _ = write!(details, "  {FAINT}blocked by {}{FAINT:#}", blockers.join(", "));
        }
        if !parents.is_empty() {
            _ = write!(details, "  {FAINT}sub-issue of {}{FAINT:#}", parents.join(", "));
        }
        if links.iter().any(|link| link.kind() == Kind::Pin) {
            _ = write!(details, "  {CHANGED}pinned{CHANGED:#}");
        }
        if change.field(Field::State).is_some() {
            _ = write!(details, "  {FAINT}done{FAINT:#}");
        }
        details
    }
}

fn values(change: &Change, field: Field) -> Vec<String> {
    change.fields().iter().filter(|it| it.field == field).filter_map(|it| it.to.as_deref()).map(printable).collect()
}

fn due(change: &Change) -> String {
    let due = values(change, Field::DueOn);
    due.first().map(|day| format!(", due {day}")).unwrap_or_default()
}

fn sign(op: Op) -> (char, Style) {
    match op {
        Op::Create | Op::Link | Op::Pin | Op::Reopen => ('+', ADDED),
        Op::Update | Op::Rename | Op::Adopt => ('~', CHANGED),
        Op::Unlink | Op::Unpin | Op::Close => ('-', REMOVED),
    }
}

fn labels(text: &mut String, labels: &[&Change]) {
    let (new, changed): (Vec<&Change>, Vec<&Change>) = labels.iter().partition(|change| change.op() == Op::Create);
    if !new.is_empty() {
        let names: Vec<String> = new.iter().map(|change| printable(change.title())).collect();
        _ = writeln!(text, "  {ADDED}+{ADDED:#} {}", names.join(", "));
    }
    for change in changed {
        _ = writeln!(text, "  {CHANGED}~{CHANGED:#} {}", printable(change.title()));
        change.fields().iter().for_each(|change| field(text, change));
    }
}

/// The name of a field.
pub fn field_name(field: Field) -> &'static str {
    match field {
        Field::Plan => "plan",
        Field::Key => "key",
        Field::Title => "title",
        Field::Name => "name",
        Field::Color => "colour",
        Field::Description => "description",
        Field::DueOn => "due",
        Field::State => "state",
        Field::StateReason => "reason",
        Field::Milestone => "milestone",
        Field::Label => "label",
        Field::Assignee => "assignee",
        Field::Parent => "parent",
        Field::BlockedBy => "blocked by",
        Field::Pinned => "pin",
        Field::Body => "text",
    }
}

/// What changes in an issue or milestone: its labels in one line, its assignees in another.
fn fields(text: &mut String, change: &Change) {
    let (members, others): (Vec<_>, Vec<_>) =
        change.fields().into_iter().partition(|field| matches!(field.field, Field::Label | Field::Assignee));
    if let Some(why) = closing(change) {
        _ = writeln!(text, "      closed: {why}");
    }
    for (field, name) in [(Field::Label, "labels"), (Field::Assignee, "assignees")] {
        let signed: Vec<String> = members.iter().filter(|it| it.field == field).filter_map(member).collect();
        if !signed.is_empty() {
            _ = writeln!(text, "      {name}: {}", signed.join(", "));
        }
    }
    let is_closing = closing(change).is_some();
    let is_told =
        |it: &FieldChange<'_>| is_internal(it) || is_closing && matches!(it.field, Field::State | Field::StateReason);
    others.iter().filter(|it| !is_told(it)).for_each(|change| field(text, change));
}

/// A label or assignee that is added or removed.
fn member(change: &FieldChange<'_>) -> Option<String> {
    let why = why(change);
    Some(match (change.from.as_deref().map(printable), change.to.as_deref().map(printable)) {
        (Some(_), Some(name)) => format!("{name} (GitHub has it already){why}"),
        (None, Some(name)) => format!("{ADDED}+{name}{ADDED:#}{why}"),
        (Some(name), None) => format!("{REMOVED}-{name}{REMOVED:#}{why}"),
        (None, None) => return None,
    })
}

/// Why a value is written that people changed.
fn why(change: &FieldChange<'_>) -> String {
    match change.why {
        Why::Plan => String::new(),
        Why::Drift => format!(" {CHANGED}(undoes an edit by people){CHANGED:#}"),
        Why::Conflict => format!(" {CHANGED}(conflict: people changed it too){CHANGED:#}"),
    }
}

fn field(text: &mut String, change: &FieldChange<'_>) {
    let name = field_name(change.field);
    let (from, to) = (change.from.as_deref().unwrap_or_default(), change.to.as_deref().unwrap_or_default());
    let why = why(change);
    if change.field.is_text() && from != to {
        _ = writeln!(text, "      {name}:{why}");
        text_diff(text, from, to);
        return;
    }
    let (from, to) = (printable(from), printable(to));
    let line = match (from.is_empty(), to.is_empty()) {
        _ if from == to && change.field.is_text() => format!("{name} (GitHub has it already)"),
        _ if from == to => format!("{name}: {to} (GitHub has it already)"),
        (true, _) => format!("{name}: {ADDED}{to}{ADDED:#}"),
        (_, true) => format!("{name}: {REMOVED}{from}{REMOVED:#} removed"),
        _ => format!("{name}: {REMOVED}{from}{REMOVED:#} → {ADDED}{to}{ADDED:#}"),
    };
    _ = writeln!(text, "      {line}{why}");
}

/// Two texts against each other, line by line.
fn text_diff(text: &mut String, from: &str, to: &str) {
    for line in unified::diff(from, to).lines() {
        let style = match line.as_bytes().first() {
            Some(b'+') => ADDED,
            Some(b'-') => REMOVED,
            Some(b'@') => FAINT,
            _ => Style::new(),
        };
        _ = writeln!(text, "        {style}{}{style:#}", escape::lines(line));
    }
}

fn kept(text: &mut String, change: &Change) {
    let fields = change.fields();
    let values = kept_values(&fields, printable, printable).join("; ");
    _ = writeln!(text, "  {CHANGED}!{CHANGED:#} {}: {values}", subject(change));
    for (planned, observed) in fields.iter().filter_map(kept_text) {
        text_diff(text, planned, observed);
    }
}

/// A text that people changed: as the plan has it, and as it is on GitHub.
pub fn kept_text<'f>(field: &'f FieldChange<'_>) -> Option<(&'f str, &'f str)> {
    field.field.is_text().then(|| (field.to.as_deref().unwrap_or_default(), field.from.as_deref().unwrap_or_default()))
}

/// The values that people gave to fields, and the plan's: labels and assignees in one phrase. `show` makes values safe for the
/// place where they are shown, `name` makes those of labels and assignees so.
pub fn kept_values(
    fields: &[FieldChange<'_>],
    show: impl Fn(&str) -> String,
    name: impl Fn(&str) -> String,
) -> Vec<String> {
    let mut phrases = Vec::new();
    for (field, one, many) in [(Field::Label, "label", "labels"), (Field::Assignee, "assignee", "assignees")] {
        let of = fields.iter().filter(|it| it.field == field).filter_map(|it| it.to.as_deref());
        let names: Vec<String> = of.map(&name).collect();
        match names.len() {
            0 => {}
            1 => phrases.push(format!("{one} {} was removed", names.concat())),
            _ => phrases.push(format!("{many} {} were removed", names.join(", "))),
        }
    }
    let others = fields.iter().filter(|it| !matches!(it.field, Field::Label | Field::Assignee));
    phrases.extend(others.map(|field| kept_value(field, &show)));
    phrases
}

/// The value that people gave a field, and the plan's.
fn kept_value(field: &FieldChange<'_>, show: impl Fn(&str) -> String) -> String {
    let name = field_name(field.field);
    let value = |value: &Option<Cow<'_, str>>| value.as_deref().map(&show);
    match (value(&field.from), value(&field.to)) {
        _ if field.field.is_text() => format!("{name} was edited"),
        (Some(from), Some(to)) => format!("{name} is {from}, the plan says {to}"),
        (Some(from), None) => format!("{name} is {from}, the plan has none"),
        (None, Some(to)) => format!("{name} {to} was removed, the plan still has it"),
        (None, None) => name.to_owned(),
    }
}
