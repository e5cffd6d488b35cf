//! Every value of a plan has a source span, and the text there yields the value.

use std::ops::Range;
use std::path::Path;

use plan_action::plan::source::Source;
use plan_action::plan::spans::{DueManner, Placement, StateManner};
use plan_action::plan::{self, Plan, PlanId, PlannedIssue, PlannedMilestone};

/// A text as people see it: without emphasis, backticks, escapes, comments and link addresses.
fn seen(text: &str) -> String {
    let mut text = text.to_owned();
    while let Some((before, rest)) = text.split_once("<!--") {
        text = format!("{before}{}", rest.split_once("-->").map_or("", |(_, after)| after));
    }
    while let Some((before, rest)) = text.split_once("](") {
        text = format!("{before}{}", rest.split_once(')').map_or("", |(_, after)| after));
    }
    let text = text.replace("\\", "");
    let marks = ['*', '`', '~', '_', '[', ']', '"', '\''];
    text.replace(marks, "").split_whitespace().collect::<Vec<_>>().join(" ")
}

struct Look<'p> {
    name: &'p str,
    plan: &'p Plan,
    /// The number of values, and how many of them have a span.
    counts: &'p mut [(usize, usize); 9],
}

const KINDS: [&str; 9] =
    ["titles", "states", "milestones", "labels", "assignees", "dependencies", "parents", "boxes", "due dates"];

impl Look<'_> {
    fn at(&self, span: &Range<usize>) -> &str {
        &self.plan.source.text[span.clone()]
    }

    fn count(&mut self, kind: usize, is_placed: bool) {
        self.counts[kind].0 += 1;
        self.counts[kind].1 += usize::from(is_placed);
    }

    fn title(&mut self, title: &str, span: Option<&Range<usize>>) {
        self.count(0, span.is_some());
        let Some(span) = span else { return };
        assert_eq!(seen(self.at(span)), seen(title), "{}: title", self.name);
    }

    fn issue(&mut self, issue: &PlannedIssue) {
        let name = format!("{}: {}", self.name, issue.title);
        let spans = &issue.spans;
        assert!(spans.extent.start <= spans.line.start && spans.line.end <= spans.extent.end, "{name}: {spans:?}");
        assert!(!self.at(&spans.line).is_empty(), "{name}");
        self.title(&issue.title, spans.title.as_ref());
        self.state(&name, issue);
        self.milestone(&name, issue);
        self.values(&name, issue);
        self.boxes(&name, issue);
        if let Some(parent) = &issue.parent {
            self.count(6, spans.parent.is_some());
            let title = &self.plan.issues.iter().find(|it| it.key == *parent).unwrap().title;
            if let Some(span) = &spans.parent {
                self.names(&name, span, parent.as_str(), title);
            }
        }
    }

    fn state(&mut self, name: &str, issue: &PlannedIssue) {
        let Some(state) = &issue.spans.state else {
            self.count(1, !issue.closed);
            return;
        };
        self.count(1, true);
        let text = self.at(&state.span);
        let says = match state.manner {
            StateManner::Box => matches!(text.trim(), "x" | "X" | "✓" | "✔" | "✅"),
            StateManner::Section => return assert!(!text.is_empty(), "{name}"),
            _ => plan::read::vocabulary::is_done(text),
        };
        assert_eq!(says, issue.closed, "{name}: `{text}` {state:?}");
    }

    fn milestone(&mut self, name: &str, issue: &PlannedIssue) {
        let Some(key) = &issue.milestone else { return assert_eq!(issue.spans.milestone, None, "{name}") };
        let milestone = self.plan.milestone(key).unwrap();
        self.count(2, issue.spans.milestone.is_some());
        match &issue.spans.milestone {
            Some(Placement::Section(line)) => {
                let encloses = line.start <= issue.spans.line.start;
                assert!(encloses, "{name}: {line:?}");
            }
            Some(Placement::Listed(span)) => self.names(name, span, issue.key.as_str(), &issue.title),
            Some(Placement::Field(span) | Placement::Cell(span)) => {
                self.names(name, span, milestone.key.as_str(), &milestone.title);
            }
            None => {}
        }
    }

    /// Whether the text at a span names an item by its key, number or title.
    fn names(&self, name: &str, span: &Range<usize>, key: &str, title: &str) {
        let (text, title) = (seen(self.at(span)).to_lowercase(), seen(title).to_lowercase());
        let key = key.rsplit('/').next().unwrap().to_lowercase();
        let text = text.split(" (").next().unwrap_or_default().to_owned();
        let last = text.rsplit([' ', '#']).next().unwrap_or_default();
        let first = text.split(' ').next().unwrap_or_default().trim_start_matches('#');
        let is_number = [first, last].iter().any(|it| it.chars().all(|it| it.is_ascii_digit() || it == '.'));
        let is_range = text.contains(['-', '–']);
        let is_it = text.contains(&key) || title.contains(&text) || text.contains(&title) || is_number || is_range;
        assert!(is_it, "{name}: `{text}` for {key} {title}");
    }

    fn values(&mut self, name: &str, issue: &PlannedIssue) {
        let spans = &issue.spans;
        let defaults = &self.plan.settings;
        for label in issue.labels.iter().filter(|it| !defaults.default_labels.contains(it)) {
            let Some(span) = spans.labels.each.get(label) else { panic!("{name}: {label}") };
            let text = seen(self.at(span)).to_lowercase();
            let wanted = seen(label).to_lowercase();
            let level = wanted.rsplit(' ').next().unwrap();
            let is_it = text == wanted || text.contains(level) || text == "p" && wanted == "parallel";
            assert!(is_it, "{name}: `{text}` for {label}");
            self.count(3, text == wanted || wanted.starts_with("priority") || text == "p");
        }
        for login in issue.assignees.iter().filter(|it| !defaults.default_assignees.contains(it)) {
            let Some(span) = spans.assignees.each.get(login) else { panic!("{name}: {login}") };
            assert_eq!(self.at(span), login, "{name}");
            self.count(
                4,
                spans.assignees.lists.iter().any(|list| list.span.start <= span.start && span.end <= list.span.end),
            );
        }
        for blocker in &issue.depends_on {
            let Some(span) = spans.depends_on.each.get(blocker) else { panic!("{name}: {blocker}") };
            let title = &self.plan.issues.iter().find(|it| it.key == *blocker).unwrap().title;
            self.count(5, true);
            if spans.extent.contains(&span.start) {
                self.names(name, span, blocker.as_str(), title);
            }
        }
        for list in spans.labels.lists.iter().chain(&spans.assignees.lists).chain(&spans.depends_on.lists) {
            let text = self.at(&list.span);
            assert_eq!(text.trim(), text, "{name}: {list:?}");
        }
    }

    fn boxes(&mut self, name: &str, issue: &PlannedIssue) {
        let is_box = |line: &str| -> Option<(bool, String)> {
            let inside = line.trim_start().strip_prefix(['-', '*', '+'])?.trim_start().strip_prefix('[')?;
            let ticked = inside.starts_with(['x', 'X']);
            (ticked || inside.starts_with(' ')).then_some(())?;
            Some((ticked, inside.get(1..)?.strip_prefix("] ")?.trim().to_owned()))
        };
        let written: Vec<(bool, String)> = issue.body.lines().filter_map(is_box).collect();
        let placed: Vec<(bool, String)> = issue
            .spans
            .boxes
            .iter()
            .map(|it| {
                let tick = it.tick.as_ref().map(|tick| self.at(tick));
                let text = self.at(&it.text).lines().map(str::trim).collect::<Vec<_>>().join(" ");
                (tick.is_some_and(|tick| matches!(tick, "x" | "X")), text)
            })
            .collect();
        for (at, (ticked, text)) in written.iter().enumerate() {
            self.count(7, placed.get(at).is_some());
            if let Some((there, found)) = placed.get(at) {
                assert_eq!((ticked, seen(text)), (there, seen(found)), "{name}");
            }
        }
        assert!(placed.len() <= written.len(), "{name}: {placed:?} {written:?}");
    }

    fn planned_milestone(&mut self, milestone: &PlannedMilestone) {
        let name = format!("{}: {}", self.name, milestone.title);
        let spans = &milestone.spans;
        assert!(spans.extent.start <= spans.line.start && spans.line.end <= spans.extent.end, "{name}: {spans:?}");
        self.title(&milestone.title, spans.title.as_ref());
        let Some(day) = milestone.due_on else { return };
        self.count(8, spans.due_on.is_some());
        let due = spans.due_on.as_ref().unwrap_or_else(|| panic!("{name}"));
        let text = self.at(&due.span);
        match (due.manner, plan::date::parse(text)) {
            (DueManner::Weeks, plan::date::Written::Weeks(_)) => {}
            (DueManner::Parenthesis, _) => assert_eq!(plan::title::due(text), Some(day), "{name}: {text}"),
            (_, found) => assert_eq!(found, plan::date::Written::Day(day), "{name}: {text}"),
        }
    }
}

fn look(name: &str, text: &str, counts: &mut [(usize, usize); 9]) {
    let Some(plan) = plan::read(&Source::new(name, text), PlanId::new(name)).plan else { return };
    let mut look = Look { name, plan: &plan, counts };
    plan.issues.iter().for_each(|issue| look.issue(issue));
    plan.milestones.iter().for_each(|milestone| look.planned_milestone(milestone));
}

#[test]
fn the_text_at_every_place_yields_the_value() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut counts = [(0, 0); 9];
    let mut folders =
        vec![root.join("fixtures/wild"), root.join("fixtures/breakdown"), root.join(".github/docs/dialects")];
    folders.extend(std::env::var("PLAN_ACTION_SEEDS").map(Into::into));
    for folder in folders {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|it| it == "md") {
                look(&path.display().to_string(), &std::fs::read_to_string(&path).unwrap(), &mut counts);
            }
        }
    }
    for (kind, (all, placed)) in KINDS.iter().zip(counts) {
        assert!(all > 0, "no {kind} at all");
        assert!(placed * 20 >= all * 19, "{placed} of {all} {kind} have a place");
    }
}
