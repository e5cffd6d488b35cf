//! Makes sure that the text of an imported plan means what the repository has: it is read again and compared, and what
//! differs is written in a stricter form, or left out.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::{Result, bail};

use super::draft::{Draft, DraftIssue, TextForm, TitleForm, issue_left_out};
use super::{LeftOut, Reason, Subject, document};
use crate::diff::{Change, Kind, Op, diff, text};
use crate::model::PlanId;
use crate::model::snapshot::{IssueNumber, MilestoneNumber, Snapshot};
use crate::plan::source::{MAX_BYTES, Source};
use crate::plan::{self, Plan, PlannedIssue, Severity};

/// How often the text is written again at the most. Each time, something is written more strictly or left out.
const MOST_ROUNDS: usize = 24;
/// The label that makes an issue a release gate.
const GATE: &str = "release-gate";

/// Writes the text, and makes it stricter until it means what it should.
///
/// # Errors
///
/// When no such text is found.
pub(super) fn verified(
    draft: &mut Draft,
    snapshot: &Snapshot,
    deleted: &BTreeSet<PlanId>,
    left_out: &mut BTreeSet<LeftOut>,
) -> Result<String> {
    for _ in 0..MOST_ROUNDS {
        let text = document::document(draft)?;
        let mut verifier = Verifier { draft, left_out, snapshot };
        if verifier.is_too_large(&text) {
            continue;
        }
        let source = Source::new("the imported plan", text.as_str());
        let reading = plan::read(&source, PlanId::new("imported plan"));
        if let Some(plan) = &reading.plan
            && (verifier.has_misread(plan) || verifier.would_change(plan, deleted))
        {
            continue;
        }
        // A single title may keep everything from being read, such as one that is struck through.
        if reading.plan.is_none() && verifier.is_made_strict() {
            continue;
        }
        let error = reading.diagnostics.iter().find(|finding| finding.severity == Severity::Error);
        if let Some(error) = error {
            bail!("no plan can hold what is there: {}", error.message);
        }
        return Ok(text);
    }
    bail!(
        "no form of a plan was found that holds what is there; import less of it with --milestone, --label or --state"
    )
}

struct Verifier<'d> {
    draft: &'d mut Draft,
    left_out: &'d mut BTreeSet<LeftOut>,
    snapshot: &'d Snapshot,
}

impl Verifier<'_> {
    /// Leaves out the longest texts of a plan that is too large.
    fn is_too_large(&mut self, text: &str) -> bool {
        let most = usize::try_from(MAX_BYTES).unwrap_or(usize::MAX);
        let Some(mut excess) = text.len().checked_sub(most).filter(|excess| *excess > 0) else { return false };
        let mut with_text: Vec<&mut DraftIssue> =
            self.draft.issues.iter_mut().filter(|issue| issue.text_form != TextForm::Absent).collect();
        with_text.sort_by_key(|issue| std::cmp::Reverse(issue.body.len()));
        for issue in with_text {
            issue.text_form = TextForm::Absent;
            self.left_out.insert(issue_left_out(issue.number, Reason::TextSize));
            let Some(rest) = excess.checked_sub(issue.body.len()) else { break };
            excess = rest;
        }
        true
    }

    /// Writes every issue in the strictest form; whether any was not yet.
    fn is_made_strict(&mut self) -> bool {
        let mut is_changed = false;
        for issue in &mut self.draft.issues {
            is_changed |= issue.title_form != TitleForm::Field || issue.text_form == TextForm::Plain;
            issue.title_form = TitleForm::Field;
            if issue.text_form == TextForm::Plain {
                issue.text_form = TextForm::Fenced;
            }
        }
        is_changed
    }

    /// Whether something is read otherwise than it was meant; it is written more strictly the next time.
    fn has_misread(&mut self, plan: &Plan) -> bool {
        let by_key: BTreeMap<&str, &PlannedIssue> =
            plan.issues.iter().map(|issue| (issue.written_key.as_deref().unwrap_or_default(), issue)).collect();
        let titles: BTreeMap<&str, &plan::PlannedMilestone> =
            plan.milestones.iter().map(|milestone| (milestone.title.as_str(), milestone)).collect();
        let mut milestones: Vec<(MilestoneNumber, bool)> = Vec::new();
        for expected in &self.draft.milestones {
            let found = titles.get(expected.title.as_str());
            let is_whole = found.is_some_and(|found| found.due_on == expected.due_on);
            let description = if expected.text_form == TextForm::Absent { "" } else { expected.description.as_str() };
            let has_text = found.is_some_and(|found| text::normal(&found.description) == description);
            if !is_whole || !has_text {
                milestones.push((expected.number, is_whole));
            }
        }
        let keys: BTreeMap<IssueNumber, String> =
            self.draft.issues.iter().map(|issue| (issue.number, issue.key.clone())).collect();
        let place: BTreeMap<MilestoneNumber, String> =
            self.draft.milestones.iter().map(|milestone| (milestone.number, milestone.title.clone())).collect();
        let written =
            plan.issues.iter().filter_map(|issue| Some((&issue.key, issue.written_key.as_deref()?))).collect();
        let mut issues: Vec<(IssueNumber, Misread)> = Vec::new();
        for expected in &self.draft.issues {
            let found = by_key.get(expected.key.as_str());
            let misread = found.map_or(Misread::Whole, |found| misread(expected, found, plan, &keys, &place, &written));
            if misread != Misread::Nothing {
                issues.push((expected.number, misread));
            }
        }
        let is_misread = !issues.is_empty() || !milestones.is_empty();
        milestones.into_iter().for_each(|(number, is_whole)| self.stricter_milestone(number, is_whole));
        issues.into_iter().for_each(|(number, misread)| self.stricter_issue(number, misread));
        // Something is read as an item that is none.
        if !is_misread
            && plan.issues.len() + plan.milestones.len() > self.draft.issues.len() + self.draft.milestones.len()
        {
            let plain = self.draft.issues.iter_mut().filter(|issue| issue.text_form == TextForm::Plain);
            plain.for_each(|issue| issue.text_form = TextForm::Fenced);
            return true;
        }
        is_misread
    }

    fn stricter_milestone(&mut self, number: MilestoneNumber, is_whole: bool) {
        let Some(milestone) = self.draft.milestones.iter_mut().find(|milestone| milestone.number == number) else {
            return;
        };
        let what = Subject::Milestone(milestone.title.clone());
        let has_text = milestone.text_form != TextForm::Absent;
        if milestone.text_form == TextForm::Plain && is_whole {
            milestone.text_form = TextForm::Fenced;
        } else if has_text && (is_whole || milestone.form == TitleForm::Field) {
            milestone.text_form = TextForm::Absent;
            self.left_out.insert(LeftOut { why: Reason::MilestoneText, what });
        } else if milestone.form < TitleForm::Field {
            milestone.form = stricter(milestone.form);
        } else {
            self.left_out.insert(LeftOut { why: Reason::MilestoneTitle, what });
            self.draft.leave_out_milestone(number);
        }
    }

    fn stricter_issue(&mut self, number: IssueNumber, misread: Misread) {
        let Some(issue) = self.draft.issues.iter_mut().find(|issue| issue.number == number) else { return };
        let in_text = matches!(misread, Misread::Text | Misread::Whole);
        if in_text && issue.text_form == TextForm::Plain {
            issue.text_form = TextForm::Fenced;
        } else if in_text && issue.text_form == TextForm::Fenced && misread == Misread::Text {
            issue.text_form = TextForm::Absent;
            self.left_out.insert(issue_left_out(number, Reason::Text));
        } else if issue.title_form < TitleForm::Field {
            issue.title_form = stricter(issue.title_form);
        } else if let Misread::Labels(names) = misread {
            for name in names.into_iter().filter(|name| issue.labels.remove(name)) {
                self.left_out.insert(issue_left_out(number, Reason::Label(name)));
            }
        } else if issue.text_form != TextForm::Absent {
            issue.text_form = TextForm::Absent;
            self.left_out.insert(issue_left_out(number, Reason::Text));
        } else {
            self.left_out.insert(issue_left_out(number, Reason::Unreadable));
            self.draft.leave_out_issue(number, self.left_out);
        }
    }

    /// Whether an apply would do more than adopt; what it would change is left out.
    fn would_change(&mut self, plan: &Plan, deleted: &BTreeSet<PlanId>) -> bool {
        let diff = diff(plan, self.snapshot, deleted);
        let changes: Vec<&Change> = diff.changes.iter().chain(&diff.drift).filter(|change| writes(change)).collect();
        for change in &changes {
            self.prevent(change, plan);
        }
        !changes.is_empty()
    }

    fn prevent(&mut self, change: &Change, plan: &Plan) {
        match change {
            Change::Label(change) => {
                let Some(label) = self.draft.labels.iter_mut().find(|label| label.name == change.name) else { return };
                label.description.clear();
                self.left_out.insert(LeftOut { why: Reason::LabelText, what: Subject::Label(change.name.clone()) });
            }
            Change::Milestone(change) => {
                let Some(milestone) = self.draft.milestones.iter_mut().find(|it| it.title == change.title) else {
                    return;
                };
                let what = Subject::Milestone(milestone.title.clone());
                if change.edits.description.as_ref().is_some_and(|it| it.from != it.to)
                    && milestone.text_form != TextForm::Absent
                {
                    milestone.text_form = TextForm::Absent;
                    self.left_out.insert(LeftOut { why: Reason::MilestoneText, what });
                } else {
                    let number = milestone.number;
                    self.left_out.insert(LeftOut { why: Reason::MilestoneState, what });
                    self.draft.leave_out_milestone(number);
                }
            }
            Change::Issue(change) => {
                let is_text = change.op != Op::Create && change.edits.body.is_some();
                self.prevent_issue(change.issue.key.as_str(), is_text, false, plan);
            }
            Change::Link(link) => {
                self.prevent_issue(link.issue().key.as_str(), false, link.kind() == Kind::Pin, plan);
            }
        }
    }

    fn prevent_issue(&mut self, key: &str, is_text: bool, is_pin: bool, plan: &Plan) {
        let planned = plan.issues.iter().find(|issue| issue.key.as_str() == key);
        let written = planned.and_then(|issue| issue.written_key.as_deref()).unwrap_or(key);
        let Some(issue) = self.draft.issues.iter_mut().find(|issue| issue.key == written) else { return };
        let number = issue.number;
        let gate = issue.labels.iter().find(|name| name.eq_ignore_ascii_case(GATE)).cloned();
        if is_text && issue.text_form != TextForm::Absent {
            issue.text_form = TextForm::Absent;
            self.left_out.insert(issue_left_out(number, Reason::Text));
        } else if let Some(gate) = gate.filter(|_| is_pin) {
            issue.labels.remove(&gate);
            self.left_out.insert(issue_left_out(number, Reason::Gate));
        } else {
            let has_twin = self.snapshot.issues.iter().filter(|it| it.title.trim() == issue.title).count() > 1;
            let why = if has_twin { Reason::Ambiguous } else { Reason::Unreadable };
            self.left_out.insert(issue_left_out(number, why));
            self.draft.leave_out_issue(number, self.left_out);
        }
    }
}

fn stricter(form: TitleForm) -> TitleForm {
    match form {
        TitleForm::Plain => TitleForm::Escaped,
        TitleForm::Escaped | TitleForm::Field => TitleForm::Field,
    }
}

/// What of an issue is read otherwise than it was meant.
#[derive(Debug, PartialEq, Eq)]
enum Misread {
    Nothing,
    Title,
    Text,
    /// These labels are not read.
    Labels(BTreeSet<String>),
    /// Something else, or all of it.
    Whole,
}

fn misread(
    expected: &DraftIssue,
    found: &PlannedIssue,
    plan: &Plan,
    keys: &BTreeMap<IssueNumber, String>,
    place: &BTreeMap<MilestoneNumber, String>,
    written: &HashMap<&plan::PlanKey, &str>,
) -> Misread {
    let written = |key: &plan::PlanKey| written.get(key).copied().unwrap_or_default().to_owned();
    let milestone = found.milestone.as_ref().and_then(|key| plan.milestone(key)).map(|milestone| &milestone.title);
    let depends_on: BTreeSet<String> = found.depends_on.iter().map(written).collect();
    let expected_depends: BTreeSet<String> =
        expected.depends_on.iter().filter_map(|number| keys.get(number)).cloned().collect();
    let body = if expected.text_form == TextForm::Absent { "" } else { expected.body.as_str() };
    if found.title != expected.title {
        return Misread::Title;
    }
    let is_rest = found.closed == expected.closed
        && milestone == expected.milestone.as_ref().and_then(|number| place.get(number))
        && found.assignees == expected.assignees
        && depends_on == expected_depends
        && found.parent.as_ref().map(written) == expected.parent.as_ref().and_then(|number| keys.get(number)).cloned();
    if is_rest && found.labels != expected.labels && found.labels.is_subset(&expected.labels) {
        return Misread::Labels(expected.labels.difference(&found.labels).cloned().collect());
    }
    match (is_rest && found.labels == expected.labels, text::normal(&found.body) == body) {
        (true, true) => Misread::Nothing,
        (true, false) => Misread::Text,
        (false, _) => Misread::Whole,
    }
}

/// Whether an apply writes more than a marker.
fn writes(change: &Change) -> bool {
    change.op() != Op::Adopt || change.fields().iter().any(|field| field.from != field.to && !is_identity(field.field))
}

fn is_identity(field: crate::diff::Field) -> bool {
    matches!(field, crate::diff::Field::Plan | crate::diff::Field::Key)
}
