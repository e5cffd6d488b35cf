//! Looks up what issues name.

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

use super::labels::Spellings;
use super::links;
use super::names::{Names, NotFound};
use crate::model::limits;
use crate::model::text::{printable, without_controls};
use crate::plan::diagnostic::Diagnostics;
use crate::plan::draft::{Draft, DraftIssue, Spanned};
use crate::plan::settings::Settings;
use crate::plan::source::Source;
use crate::plan::spans::{self, IssueSpans, Placement};
use crate::plan::{PlanKey, PlannedIssue};

/// The most references to what is not there that are reported one by one.
const MOST_REPORTED: usize = 100;

/// The most keys that a message lists.
const MOST_LISTED: usize = 12;

/// Looks up what the issues of a plan name.
pub(super) struct Resolver<'r> {
    pub(super) source: &'r Source,
    pub(super) milestones: &'r Names,
    pub(super) issues: &'r Names,
    pub(super) spellings: Spellings,
    pub(super) settings: &'r Settings,
    pub(super) diagnostics: &'r mut Diagnostics,
    /// References to what is not there.
    pub(super) missing: Vec<Missing>,
}

/// A reference to what is not there.
pub(super) struct Missing {
    pub(super) code: &'static str,
    /// What kind of thing it names.
    pub(super) what: &'static str,
    pub(super) name: Spanned,
}

impl Resolver<'_> {
    /// The release gates that the document or its front matter names.
    pub(super) fn gates(&mut self, draft: &Draft) -> BTreeSet<PlanKey> {
        let mut found = BTreeSet::new();
        for gate in draft.gates.iter().chain(&self.settings.gates) {
            if let Ok(key) = self.issues.find(&gate.text, None) {
                found.insert(key);
            } else {
                let help = "write the key or title of an issue, or remove it";
                let message = format!("the release gate `{}` is not an issue in this plan", gate.text);
                self.diagnostics.warning("unknown-gate", gate.span.clone(), message, help);
            }
        }
        found
    }

    /// The dependencies that are written elsewhere than at the issue that waits: what blocks, what it blocks, and where.
    pub(super) fn links_apart(
        &mut self,
        draft: &Draft,
        keys: &[PlanKey],
        groups: &[Option<PlanKey>],
    ) -> Vec<(PlanKey, PlanKey, Range<usize>)> {
        let mut apart = Vec::new();
        for ((issue, key), group) in draft.issues.iter().zip(keys).zip(groups) {
            let mut seen = HashSet::new();
            for name in issue.blocks.iter().filter(|name| seen.insert(name.text.as_str())) {
                let blocked = self.link(key, name, group.as_ref(), &links::DEPENDENCY);
                apart.extend(blocked.map(|blocked| (key.clone(), blocked, self.narrowed(name))));
            }
        }
        for (blocker, blocked) in &draft.links {
            let found = (self.issues.find(&blocker.text, None), self.issues.find(&blocked.text, None));
            if let (Ok(first), Ok(then)) = found {
                apart.push((first, then, self.narrowed(blocker)));
            }
        }
        apart
    }

    /// Reports references to what is not there. Where a key is there twice, a missing one is probably that of one of the
    /// two: then the error about the duplicate is enough.
    pub(super) fn report_missing(&mut self) {
        let missing = std::mem::take(&mut self.missing);
        for (what, known) in [("issue", self.issues), ("milestone", self.milestones)] {
            let of_kind = || missing.iter().filter(|it| it.what == what);
            let names: HashSet<&str> = of_kind().map(|it| it.name.text.as_str()).collect();
            if names.len() <= known.duplicates() {
                continue;
            }
            of_kind().take(MOST_REPORTED).for_each(|it| self.unknown(it, known));
            let more = of_kind().count().saturating_sub(MOST_REPORTED);
            if let Some(next) = of_kind().nth(MOST_REPORTED) {
                let message = format!("{more} more references to {what}s are unknown");
                let span = self.narrowed(&next.name);
                self.diagnostics.error(next.code, span, message, "mend the first ones, and run it again");
            }
        }
    }

    /// An issue with all that it names.
    pub(super) fn issue(
        &mut self,
        draft: DraftIssue,
        key: PlanKey,
        group: Option<&PlanKey>,
        is_gate: bool,
    ) -> PlannedIssue {
        let (dependency, parenthood) = match draft.is_file {
            true => (&links::DEPENDENCY_OF_FILE, &links::PARENT_OF_FILE),
            false => (&links::DEPENDENCY, &links::PARENT),
        };
        let mut spans = self.spans(&draft);
        let mut seen = HashSet::new();
        for name in draft.depends_on.iter().filter(|name| seen.insert(name.text.as_str())) {
            let Some(blocker) = self.link(&key, name, group, dependency) else { continue };
            spans.depends_on.each.entry(blocker).or_insert_with(|| self.narrowed(name));
        }
        let parent =
            draft.parent.and_then(|name| Some((self.link(&key, &name, group, parenthood)?, self.narrowed(&name))));
        spans.parent = parent.as_ref().map(|(_, span)| span.clone());
        let milestone = group.cloned().or_else(|| draft.milestone.and_then(|name| self.milestone(&name)));
        spans.milestone = spans.milestone.filter(|_| milestone.is_some());
        let mut labels: BTreeSet<String> = spans.labels.each.keys().cloned().collect();
        labels.extend(self.settings.default_labels.iter().map(|name| self.spellings.spell(name)));
        let mut assignees: BTreeSet<String> = spans.assignees.each.keys().cloned().collect();
        assignees.extend(self.settings.default_assignees.iter().cloned());
        PlannedIssue {
            gate: is_gate || labels.iter().any(|label| label.eq_ignore_ascii_case("release-gate")),
            milestone,
            labels,
            assignees,
            depends_on: spans.depends_on.each.keys().cloned().collect(),
            parent: parent.map(|(key, _)| key),
            closed: draft.closed,
            // GitHub stores what it is given, and shows it to everybody.
            body: without_controls(&draft.body),
            span: draft.span,
            spans,
            title: printable(&draft.title),
            // As keys and markers have it.
            written_key: draft.key.map(|key| PlanKey::written(&key).as_str().to_owned()),
            key,
        }
    }

    /// The places of an issue's own values, each by its name.
    fn spans(&mut self, draft: &DraftIssue) -> IssueSpans {
        let mut spans = draft.spans.clone();
        spans.title = spans.title.and_then(|within| spans::of_title(self.source, &within, &draft.title));
        spans.milestone = match (spans.milestone, &draft.milestone) {
            (Some(Placement::Field(_)), Some(name)) => Some(Placement::Field(self.narrowed(name))),
            (other, _) => other,
        };
        for label in &draft.labels {
            let Some(name) = self.label(label) else { continue };
            spans.labels.each.entry(name).or_insert_with(|| self.narrowed(label));
        }
        for login in &draft.assignees {
            spans.assignees.each.entry(login.text.clone()).or_insert_with(|| self.narrowed(login));
        }
        spans
    }

    /// The place of a value itself, where more than that is known only as a whole.
    pub(super) fn narrowed(&self, value: &Spanned) -> Range<usize> {
        spans::of_word(self.source, &value.span, &value.text).unwrap_or_else(|| value.span.clone())
    }

    fn label(&mut self, label: &Spanned) -> Option<String> {
        let name = self.spellings.spell(&label.text);
        let length = name.chars().count();
        if length > limits::LABEL_NAME {
            let span = self.narrowed(label);
            self.diagnostics.error(
                "label-too-long",
                span,
                format!("the label has {length} characters; GitHub allows {}", limits::LABEL_NAME),
                "shorten it; labels are separated by commas",
            );
            return None;
        }
        Some(name).filter(|name| !name.is_empty())
    }

    fn milestone(&mut self, name: &Spanned) -> Option<PlanKey> {
        let found = self.milestones.find(&name.text, None);
        // That two are called the same is an error of its own.
        if found == Err(NotFound::Unknown) {
            self.missing.push(Missing { code: "unknown-milestone", what: "milestone", name: name.clone() });
        }
        found.ok()
    }

    fn unknown(&mut self, missing: &Missing, known: &Names) {
        let Missing { code, what, name } = missing;
        let message = format!("there is no {what} `{}` in this plan", name.text);
        let mut listed = HashSet::new();
        let keys: Vec<&str> = known.keys().filter(|key| listed.insert(*key)).take(MOST_LISTED + 1).collect();
        let help = match (known.nearest(&name.text), keys.len()) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, 1..=MOST_LISTED) => format!("known {what}s: {}", keys.join(", ")),
            (None, _) => format!("write the key or title of one of the plan's {what}s"),
        };
        let span = self.narrowed(name);
        self.diagnostics.error(code, span, message, help);
    }
}
