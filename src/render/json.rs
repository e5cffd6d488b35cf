//! Plans and diffs for programs, in the form that the contract fixes.

use std::fmt::Write;

use anyhow::Result;
use serde::Serialize;

use crate::diff::{Change, Diff, FieldChange, Kind, Op, Summary};
use crate::model::snapshot::state_name;
use crate::model::text::steers_direction;
use crate::plan::read::outline::Line;
use crate::plan::{Diagnostic, Plan, PlanKey, PlannedIssue, Reading, Severity};
use crate::report::preview::Preview;

/// The version of the JSON format of diffs and checks.
pub const VERSION: u32 = 1;

#[derive(Serialize)]
struct PlanJson<'p> {
    plan: Option<HeadJson<'p>>,
    labels: Vec<LabelJson<'p>>,
    milestones: Vec<MilestoneJson<'p>>,
    issues: Vec<IssueJson<'p>>,
    outline: Vec<LineJson<'p>>,
    diagnostics: Vec<DiagnosticJson<'p>>,
}

#[derive(Serialize)]
struct LineJson<'p> {
    line: usize,
    end: usize,
    is: &'static str,
    of: Option<usize>,
    why: &'p str,
    warned: bool,
}

#[derive(Serialize)]
struct HeadJson<'p> {
    id: &'p str,
    source: &'p str,
    dialect: &'p str,
    title: &'p str,
    read: &'p str,
}

#[derive(Serialize)]
struct LabelJson<'p> {
    name: &'p str,
    color: &'p str,
    description: Option<&'p str>,
}

#[derive(Serialize)]
struct MilestoneJson<'p> {
    key: &'p str,
    title: &'p str,
    due_on: Option<String>,
    state: &'static str,
    description: &'p str,
    line: usize,
}

#[derive(Serialize)]
struct IssueJson<'p> {
    key: &'p str,
    title: &'p str,
    milestone: Option<&'p str>,
    labels: Vec<&'p str>,
    assignees: Vec<&'p str>,
    depends_on: Vec<&'p str>,
    parent: Option<&'p str>,
    state: &'static str,
    gate: bool,
    body: &'p str,
    line: usize,
}

#[derive(Serialize)]
struct DiagnosticJson<'d> {
    severity: Severity,
    code: &'d str,
    message: &'d str,
    help: Option<&'d str>,
    file: &'d str,
    line: usize,
    column: usize,
}

fn diagnostics(list: &[Diagnostic]) -> Vec<DiagnosticJson<'_>> {
    list.iter().map(diagnostic).collect()
}

fn diagnostic(diagnostic: &Diagnostic) -> DiagnosticJson<'_> {
    let Diagnostic { severity, code, message, help, source, span: _ } = diagnostic;
    let (line, column) = diagnostic.position();
    DiagnosticJson { severity: *severity, code, message, help: help.as_deref(), file: &source.name, line, column }
}

/// Plans as they were read: an object for one, an array for several.
///
/// # Errors
///
/// Never for plain data as this is.
pub fn plans(readings: &[Reading]) -> Result<String> {
    let plans: Vec<PlanJson<'_>> = readings.iter().map(plan).collect();
    one_or_many(&plans)
}

/// The outlines of plans: an array for one, an array of arrays for several.
///
/// # Errors
///
/// Never for plain data as this is.
pub fn outlines(readings: &[Reading]) -> Result<String> {
    let outline = |reading: &Reading| reading.plan.as_ref().map(|plan| plan.outline.clone()).unwrap_or_default();
    let all: Vec<Vec<Line>> = readings.iter().map(outline).collect();
    let all: Vec<Vec<LineJson<'_>>> = all.iter().map(|outline| lines(outline)).collect();
    one_or_many(&all)
}

fn one_or_many<T: Serialize>(items: &[T]) -> Result<String> {
    let json = match items {
        [only] => serde_json::to_string_pretty(only),
        many => serde_json::to_string_pretty(many),
    };
    Ok(printable(&(json? + "\n")))
}

#[derive(Serialize)]
struct CheckJson<'c> {
    version: u32,
    plans: Vec<CheckedJson<'c>>,
    diagnostics: Vec<DiagnosticJson<'c>>,
}

#[derive(Serialize)]
struct CheckedJson<'c> {
    id: &'c str,
    source: &'c str,
    dialect: &'c str,
    milestones: usize,
    issues: usize,
    labels: usize,
    dependencies: usize,
}

/// What a check found: each plan in numbers, and all diagnostics.
///
/// # Errors
///
/// Never for plain data as this is.
pub fn check<'c>(plans: impl Iterator<Item = &'c Reading> + Clone) -> Result<String> {
    let checked = |plan: &'c Plan| CheckedJson {
        id: plan.id.as_str(),
        source: &plan.source.name,
        dialect: plan.dialect,
        milestones: plan.milestones.len(),
        issues: plan.issues.len(),
        labels: plan.labels.len(),
        dependencies: plan.issues.iter().map(|issue| issue.depends_on.len()).sum(),
    };
    let check = CheckJson {
        version: VERSION,
        plans: plans.clone().filter_map(|reading| reading.plan.as_ref()).map(checked).collect(),
        diagnostics: plans.flat_map(|reading| diagnostics(&reading.diagnostics)).collect(),
    };
    Ok(printable(&(serde_json::to_string_pretty(&check)? + "\n")))
}

/// Equivalent JSON that is safe in a log and on a terminal: characters that control one of them are escaped.
pub(super) fn printable(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for character in json.replace("##[", "#\\u0023[").chars() {
        let steers = character.is_control() && character != '\n' || steers_direction(character);
        // These stand in strings only: between them, JSON has only line ends and visible ASCII.
        if steers || matches!(character, '\u{2028}' | '\u{2029}') {
            _ = write!(safe, "\\u{:04x}", u32::from(character));
        } else {
            safe.push(character);
        }
    }
    safe
}

fn plan(reading: &Reading) -> PlanJson<'_> {
    let diagnostics = diagnostics(&reading.diagnostics);
    let Some(plan) = &reading.plan else {
        return PlanJson {
            plan: None,
            labels: vec![],
            milestones: vec![],
            issues: vec![],
            outline: vec![],
            diagnostics,
        };
    };
    let Plan {
        id,
        source,
        location: _,
        dialect,
        why,
        ignored: _,
        outline,
        title,
        settings: _,
        labels,
        milestones,
        issues,
    } = plan;
    PlanJson {
        plan: Some(HeadJson { id: id.as_str(), source: &source.name, dialect, title, read: why }),
        labels: labels
            .iter()
            .map(|it| LabelJson { name: &it.name, color: &it.color, description: it.description.as_deref() })
            .collect(),
        milestones: milestones
            .iter()
            .map(|it| MilestoneJson {
                key: it.key.as_str(),
                title: &it.title,
                due_on: it.due_on.map(|day| day.to_string()),
                state: state_name(it.closed),
                description: &it.description,
                line: plan.line(&it.span),
            })
            .collect(),
        issues: issues.iter().map(|it| issue(plan, it)).collect(),
        outline: lines(outline),
        diagnostics,
    }
}

fn issue<'p>(plan: &Plan, it: &'p PlannedIssue) -> IssueJson<'p> {
    IssueJson {
        key: it.key.as_str(),
        title: &it.title,
        milestone: it.milestone.as_ref().map(PlanKey::as_str),
        labels: it.labels.iter().map(String::as_str).collect(),
        assignees: it.assignees.iter().map(String::as_str).collect(),
        depends_on: it.depends_on.iter().map(PlanKey::as_str).collect(),
        parent: it.parent.as_ref().map(PlanKey::as_str),
        state: state_name(it.closed),
        gate: it.gate,
        body: &it.body,
        line: plan.line(&it.span),
    }
}

fn lines(outline: &[Line]) -> Vec<LineJson<'_>> {
    outline
        .iter()
        .map(|it| LineJson { line: it.line, end: it.end, is: it.is.name(), of: it.of, why: &it.why, warned: it.warned })
        .collect()
}

#[derive(Serialize)]
struct DiffJson<'d> {
    version: u32,
    plan: &'d str,
    target: Option<&'d str>,
    digest: String,
    summary: Summary,
    changes: Vec<ChangeJson<'d>>,
    drift: Vec<ChangeJson<'d>>,
    notices: Vec<String>,
    diagnostics: Vec<DiagnosticJson<'d>>,
}

#[derive(Serialize)]
struct ChangeJson<'d> {
    op: Op,
    kind: Kind,
    key: &'d str,
    title: &'d str,
    number: Option<u64>,
    fields: Vec<FieldChange<'d>>,
}

fn change(change: &Change) -> ChangeJson<'_> {
    ChangeJson {
        op: change.op(),
        kind: change.kind(),
        key: change.key(),
        title: change.title(),
        number: change.number(),
        fields: change.fields(),
    }
}

/// Diffs, each with the diagnostics of its plan: an object for one, an array for several.
///
/// # Errors
///
/// Never for plain data as this is.
pub fn previews(previews: &[Preview<'_>]) -> Result<String> {
    let diffs: Vec<DiffJson<'_>> = previews.iter().map(|it| diff_json(it.diff, it.diagnostics)).collect();
    one_or_many(&diffs)
}

fn diff_json<'d>(diff: &'d Diff, list: &'d [Diagnostic]) -> DiffJson<'d> {
    DiffJson {
        version: VERSION,
        plan: diff.plan.as_str(),
        target: diff.target.as_deref(),
        digest: diff.digest(),
        summary: diff.summary(),
        changes: diff.changes.iter().map(change).collect(),
        drift: diff.drift.iter().map(change).collect(),
        notices: super::notices::sentences(diff),
        diagnostics: diagnostics(list),
    }
}
