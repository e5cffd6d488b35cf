//! The exact number of requests that a run takes.

use std::collections::BTreeSet;

use plan_action::apply::{RunContext, apply};
use plan_action::diff::diff;
use plan_action::model::looked_through::LookedThrough;
use plan_action::model::marker::{Found, IssueBase, Marker};
use plan_action::model::snapshot::Snapshot;
use plan_action::repository::file::FileWriter;

use crate::double::Double;
use crate::double::repository::{Issue, Label, Milestone, Repository, time_of};
use crate::generated::read;
use crate::wire::run::{RUN, Run, Silent, wait};

/// A plan whose issues are in milestones, with a label each; every tenth has a blocker.
pub(crate) fn plan(issues: usize) -> String {
    let mut text = "# Large\n\n".to_owned();
    for at in 0..issues {
        if at % 100 == 0 {
            text.push_str(&format!("## Milestone {}\n\n", at / 100 + 1));
        }
        text.push_str(&format!("### `T{at}` Thing number {at}\n\n- Labels: `work`\n"));
        if at % 10 == 9 {
            text.push_str(&format!("- Depends on: T{}\n", at - 1));
        }
        text.push_str("\nWhat there is to do about it.\n\n");
    }
    text
}

/// Fills a repository with issues and pull requests by many other people, most of them closed.
pub(crate) fn crowd(repository: &mut Repository, issues: usize, pulls: usize) {
    let (start, all) = (repository.next_number(), issues + pulls);
    for at in 0..all {
        let is_pull_request = at * pulls / all != (at + 1) * pulls / all;
        repository.issues.push(Issue {
            number: start + at as u64,
            is_pull_request,
            title: format!("Something else, the {at}th"),
            body: "The lamp flickers when the dome turns, but only on cold nights. ".repeat(16),
            closed: at % 6 != 0,
            author: format!("person{}", at % 97),
            association: "NONE".into(),
            ..Issue::default()
        });
    }
}

/// Advances the time by a day, on which somebody edits an issue.
pub(crate) fn a_day_later(repository: &mut Repository) {
    repository.now += 24 * 3_600;
    repository.issues[0].title.push('!');
}

fn requests(run: &Run<'_>) -> Vec<String> {
    run.double.requests();
    let changes = run.quick_diff().changes;
    assert!(changes.is_empty(), "{changes:#?}");
    run.double.requests()
}

#[test]
fn a_preview_of_an_applied_plan_takes_few_requests() {
    let double = Double::start();
    let run = Run::new(&double, &plan(300));
    run.apply();
    let requests = requests(&run);
    assert_eq!(requests.len(), 7, "{requests:#?}");
}

#[test]
fn a_preview_of_an_applied_plan_takes_few_requests_in_a_large_repository() {
    let double = Double::start();
    double.repository(|it| crowd(it, 10_000, 4_000));
    double.repository(a_day_later);
    let run = Run::new(&double, &plan(300));
    double.requests();
    assert_eq!(run.try_apply().unwrap(), [""; 0]);
    let first = double.requests().iter().filter(|it| it.starts_with("GET") || it.starts_with("GRAPHQL query")).count();
    assert_eq!(first, 150);
    let requests = requests(&run);
    assert_eq!(requests.len(), 11, "{requests:#?}");
}

/// Puts an applied plan into an empty repository.
pub(crate) fn applied(repository: &mut Repository, text: &str) {
    let mut offline = FileWriter::in_memory(&Snapshot::default());
    let diff = diff(&read(text), &offline.snapshot(), &BTreeSet::new());
    wait(apply(&diff, &mut offline, &mut Silent, &RunContext::new(RUN)));
    let made = offline.snapshot();
    let label =
        |it: plan_action::model::snapshot::Label| Label { name: it.name, color: it.color, description: it.description };
    repository.labels.extend(made.labels.into_iter().map(label));
    let milestone = |it: plan_action::model::snapshot::Milestone| Milestone {
        number: it.number.0,
        title: it.title,
        description: it.description,
        due_on: None,
        closed: it.closed,
    };
    repository.milestones.extend(made.milestones.into_iter().map(milestone));
    for issue in made.issues {
        let blockers = made.dependencies.iter().filter(|(blocked, _)| *blocked == issue.number);
        repository.issues.push(Issue {
            number: issue.number.0,
            blocked_by: blockers.map(|(_, blocker)| blocker.0).collect(),
            title: issue.title,
            body: issue.body,
            labels: issue.labels,
            milestone: issue.milestone.map(|it| it.0),
            author: "ada".into(),
            association: "OWNER".into(),
            ..Issue::default()
        });
    }
}

/// Writes a hint into the first issue, as if a run had just seen everything.
pub(crate) fn hint(repository: &mut Repository) {
    let latest = time_of(repository.now).parse().unwrap();
    let issue = &mut repository.issues[0];
    let Found::Marker(mut marker, block) = Marker::<IssueBase>::find(&issue.body) else { panic!("no marker") };
    marker.base.looked_through = LookedThrough::new(1, "ada", latest, &BTreeSet::new());
    issue.body = issue.body.replace(block.json, &marker.to_json());
}

#[test]
fn previewing_a_plan_of_thousands_of_issues_takes_few_requests() {
    let double = Double::start();
    let text = plan(5_000);
    double.repository(|it| {
        applied(it, &text);
        // The number of other issues makes no difference.
        crowd(it, 100, 40);
    });
    double.repository(a_day_later);
    double.repository(hint);
    let run = Run::new(&double, &text);
    assert_eq!(requests(&run).len(), 55);
    // In the worst case, all of the plan's issues have changed since, as after the run that created them.
    double.repository(|it| it.now += 24 * 3_600);
    double.repository(|it| it.issues.iter_mut().take(5_000).for_each(|issue| issue.body.push_str("\nMore.")));
    assert_eq!(requests(&run).len(), 104);
}
