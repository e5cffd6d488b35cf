//! From a [`Draft`] to a [`Plan`]: looks up what items name, applies the front matter, and gives every label a colour.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use jiff::civil::Date;

use super::diagnostic::{Diagnostics, nearest};
use super::draft::{Draft, DraftIssue, DraftMilestone, Due, Spanned};
use super::settings::Settings;
use super::source::Source;
use super::{Plan, PlanId, PlanKey, PlannedIssue, PlannedLabel, PlannedMilestone, colour, date, graph, title};
use crate::limits;

/// The most milestones and issues that one plan may hold. Creating so many takes GitHub's limit of 500 an hour most
/// of a day.
pub const MAX_ITEMS: usize = 10_000;

/// The most keys that a message lists.
const MOST_LISTED: usize = 12;

/// Makes the plan. Nothing comes back when the draft is empty or has too many items.
pub fn plan(
    source: &Arc<Source>,
    path_id: PlanId,
    dialect: &'static str,
    settings: Settings,
    draft: Draft,
    diagnostics: &mut Diagnostics,
) -> Option<Plan> {
    let items = draft.milestones.len() + draft.issues.len();
    if items == 0 || items > MAX_ITEMS {
        if items == 0 {
            let help = "write at least one milestone or issue into it";
            diagnostics.error("no-plan", 0..0, format!("no {dialect} plan was found in this text"), help);
        } else {
            let message = format!("the plan has {items} milestones and issues, and {MAX_ITEMS} are the most");
            diagnostics.error("too-many-items", 0..0, message, "split it into several plans");
        }
        return None;
    }
    let mut milestones: Vec<PlannedMilestone> =
        draft.milestones.into_iter().map(|milestone| planned_milestone(milestone, &settings, diagnostics)).collect();
    let keys = issue_keys(&draft.issues, &milestones);
    let issue_names =
        Names::new(draft.issues.iter().zip(&keys).map(|(issue, key)| (key.clone(), issue.title.as_str())));
    let milestone_names =
        Names::new(milestones.iter().map(|milestone| (milestone.key.clone(), milestone.title.as_str())));
    let spellings = Spellings::new(&draft.issues, &settings);
    let gates: BTreeSet<PlanKey> = draft
        .gates
        .iter()
        .chain(&settings.gates)
        .filter_map(|gate| {
            let found = issue_names.find(&gate.text);
            if found.is_none() {
                let help = "name an issue by its key or title, or remove it";
                let message = format!("there is no issue `{}` to be a release gate", gate.text);
                diagnostics.warning("unknown-gate", gate.span.clone(), message, help);
            }
            found
        })
        .collect();
    let mut resolver = Resolver { milestones: &milestone_names, issues: &issue_names, spellings, diagnostics };
    let issues: Vec<PlannedIssue> = draft
        .issues
        .into_iter()
        .zip(keys)
        .map(|(issue, key)| {
            let is_gate = gates.contains(&key);
            resolver.issue(issue, key, &settings, is_gate)
        })
        .collect();
    let labels = resolver.spellings.labels(&settings);
    for milestone in &mut milestones {
        let mut inside = issues.iter().filter(|issue| issue.milestone.as_ref() == Some(&milestone.key)).peekable();
        milestone.closed = inside.peek().is_some() && inside.all(|issue| issue.closed);
    }
    // A dependency that could not be read is missing from the lists; the graph would be blamed for it.
    if let Some(edges) = draft.graph.filter(|_| !diagnostics.has_errors()) {
        graph::compare(&edges, &issues, diagnostics);
    }
    let id = settings.plan.clone().map_or(path_id, PlanId::new);
    let source = Arc::clone(source);
    Some(Plan { id, source, dialect, title: draft.title, settings, labels, milestones, issues })
}

fn planned_milestone(draft: DraftMilestone, settings: &Settings, diagnostics: &mut Diagnostics) -> PlannedMilestone {
    let DraftMilestone { key, title, due, description, span } = draft;
    PlannedMilestone {
        key: key.map_or_else(|| PlanKey::derived("", &title), |key| PlanKey::written(&key)),
        title,
        due_on: due.and_then(|due| due_on(due, settings.start, diagnostics)),
        closed: false,
        description,
        span,
    }
}

fn due_on(due: Due, start: Option<Date>, diagnostics: &mut Diagnostics) -> Option<Date> {
    match (due, start) {
        (Due::On(day), _) => Some(day),
        (Due::Week(week, _), Some(start)) => date::last_day_of_week(start, week),
        (Due::Week(week, span), None) => {
            diagnostics.note(
                "no-start",
                span,
                format!("week {week} has no date, because the plan does not say when it starts"),
                "add `start: 2026-01-05` to the front matter",
            );
            None
        }
    }
}

/// The key of every issue; a derived one begins with the key of its milestone.
fn issue_keys(issues: &[DraftIssue], milestones: &[PlannedMilestone]) -> Vec<PlanKey> {
    let names = Names::new(milestones.iter().map(|milestone| (milestone.key.clone(), milestone.title.as_str())));
    let key = |issue: &DraftIssue| match &issue.key {
        Some(key) => PlanKey::written(key),
        None => {
            let milestone = issue.milestone.as_ref().and_then(|name| names.find(&name.text));
            PlanKey::derived(milestone.as_ref().map_or("", PlanKey::as_str), &issue.title)
        }
    };
    issues.iter().map(key).collect()
}

/// Finds items by what people call them.
struct Names {
    by_name: HashMap<String, PlanKey>,
    keys: Vec<String>,
}

impl Names {
    fn new<'a>(items: impl Iterator<Item = (PlanKey, &'a str)>) -> Self {
        let mut by_name = HashMap::new();
        let mut titles = Vec::new();
        let mut keys = Vec::new();
        for (key, title) in items {
            by_name.entry(fold(key.as_str())).or_insert_with(|| key.clone());
            keys.push(key.to_string());
            titles.push((title, key));
        }
        // A key counts before a title, and a title before the same one without its key.
        for (title, key) in &titles {
            by_name.entry(fold(title)).or_insert_with(|| key.clone());
        }
        for (title, key) in titles {
            if let Some(rest) = title.strip_prefix(key.as_str()) {
                let rest = rest.trim_start_matches([':', '-', '–', '—', '.', ' ', ']']);
                by_name.entry(fold(rest)).or_insert(key);
            }
        }
        Self { by_name, keys }
    }

    /// The item that a text names, by its key or title; a remark in parentheses, `#` and a full stop are let be.
    fn find(&self, text: &str) -> Option<PlanKey> {
        let without_remark = text.split(" (").next().unwrap_or(text);
        let bare = without_remark.trim().trim_start_matches('#').trim_end_matches('.');
        [text, without_remark, bare].iter().find_map(|name| self.by_name.get(&fold(name))).cloned()
    }

    fn nearest(&self, text: &str) -> Option<&str> {
        nearest(text, self.keys.iter().map(String::as_str))
    }
}

fn fold(name: &str) -> String {
    name.replace('`', "").trim().to_lowercase()
}

/// One spelling for each label, because GitHub takes `API` and `api` for the same.
struct Spellings {
    by_fold: BTreeMap<String, String>,
}

impl Spellings {
    fn new(issues: &[DraftIssue], settings: &Settings) -> Self {
        let mut by_fold: BTreeMap<String, String> = BTreeMap::new();
        for name in settings.labels.keys() {
            by_fold.entry(name.to_lowercase()).or_insert_with(|| name.clone());
        }
        let declared: BTreeSet<String> = by_fold.keys().cloned().collect();
        let used = issues.iter().flat_map(|issue| &issue.labels).map(|label| label.text.as_str());
        for name in used.chain(settings.default_labels.iter().map(String::as_str)) {
            let name = title::printable(name);
            let fold = name.to_lowercase();
            // The least spelling wins: which one comes first in the document must not matter.
            let spelling = by_fold.entry(fold.clone()).or_insert_with(|| name.clone());
            if !declared.contains(&fold) && name < *spelling {
                *spelling = name;
            }
        }
        Self { by_fold }
    }

    fn spell(&self, name: &str) -> String {
        let name = title::printable(name);
        self.by_fold.get(&name.to_lowercase()).cloned().unwrap_or(name)
    }

    fn labels(&self, settings: &Settings) -> Vec<PlannedLabel> {
        let label = |name: &String| {
            let declared = settings.labels.get(name).cloned().unwrap_or_default();
            PlannedLabel {
                name: name.clone(),
                color_declared: declared.color.is_some(),
                color: declared.color.unwrap_or_else(|| colour::for_label(name)),
                description: declared.description,
            }
        };
        let mut labels: Vec<PlannedLabel> = self.by_fold.values().map(label).collect();
        labels.sort_by(|a, b| a.name.cmp(&b.name));
        labels
    }
}

struct Resolver<'r> {
    milestones: &'r Names,
    issues: &'r Names,
    spellings: Spellings,
    diagnostics: &'r mut Diagnostics,
}

impl Resolver<'_> {
    fn issue(&mut self, draft: DraftIssue, key: PlanKey, settings: &Settings, is_gate: bool) -> PlannedIssue {
        let DraftIssue { key: _, title, milestone, labels, assignees, depends_on, parent, closed, body, span } = draft;
        let mut labels: BTreeSet<String> = labels.iter().filter_map(|label| self.label(label)).collect();
        labels.extend(settings.default_labels.iter().map(|name| self.spellings.spell(name)));
        let is_gate = is_gate || labels.iter().any(|label| label.eq_ignore_ascii_case("release-gate"));
        let assignees = assignees.into_iter().map(|login| login.text).chain(settings.default_assignees.iter().cloned());
        PlannedIssue {
            milestone: milestone.and_then(|name| self.milestone(&name)),
            labels,
            assignees: assignees.collect(),
            depends_on: depends_on.iter().filter_map(|name| self.depends_on(&key, name)).collect(),
            parent: parent.and_then(|name| self.depends_on(&key, &name)),
            closed,
            gate: is_gate,
            body,
            span,
            title,
            key,
        }
    }

    fn label(&mut self, label: &Spanned) -> Option<String> {
        let name = self.spellings.spell(&label.text);
        let length = name.chars().count();
        if length > limits::LABEL_NAME {
            self.diagnostics.error(
                "label-too-long",
                label.span.clone(),
                format!("the label has {length} characters, and GitHub takes {}", limits::LABEL_NAME),
                "shorten it; labels are separated by commas",
            );
            return None;
        }
        Some(name).filter(|name| !name.is_empty())
    }

    fn milestone(&mut self, name: &Spanned) -> Option<PlanKey> {
        let found = self.milestones.find(&name.text);
        if found.is_none() {
            self.unknown("unknown-milestone", "milestone", name, self.milestones);
        }
        found
    }

    fn depends_on(&mut self, key: &PlanKey, name: &Spanned) -> Option<PlanKey> {
        let found = self.issues.find(&name.text);
        if found.is_none() {
            self.unknown("unknown-dependency", "issue", name, self.issues);
        }
        if found.as_ref() == Some(key) {
            let message = format!("`{key}` depends on itself");
            self.diagnostics.error("self-dependency", name.span.clone(), message, "remove it from its own list");
            return None;
        }
        found
    }

    fn unknown(&mut self, code: &'static str, what: &str, name: &Spanned, known: &Names) {
        let message = format!("there is no {what} `{}` in this plan", name.text);
        let help = match (known.nearest(&name.text), known.keys.len()) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, 1..=MOST_LISTED) => format!("known: {}", known.keys.join(", ")),
            (None, _) => format!("write the key or the title of a {what} that the plan has"),
        };
        self.diagnostics.error(code, name.span.clone(), message, help);
    }
}
