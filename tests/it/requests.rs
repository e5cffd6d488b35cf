//! How many requests a run takes. The numbers are exact.

use crate::double::Double;
use crate::double::repository::{Issue, Repository};
use crate::wire::run::Run;

/// A plan of issues in milestones, each with a label, and every tenth with a blocker.
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

/// What is in a repository besides the plan: issues and pull requests of many people, most of them closed.
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

/// A day goes by, and somebody edits an issue.
fn a_day_later(repository: &mut Repository) {
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
fn the_preview_of_an_applied_plan_takes_few_requests_in_a_repository_without_anything_else() {
    let double = Double::start();
    let run = Run::new(&double, &plan(300));
    run.apply();
    let requests = requests(&run);
    assert_eq!(requests.len(), 7, "{requests:#?}");
}

#[test]
fn the_preview_of_an_applied_plan_takes_few_requests_in_a_large_repository() {
    let double = Double::start();
    double.repository(|it| crowd(it, 10_000, 4_000));
    double.repository(a_day_later);
    let run = Run::new(&double, &plan(300));
    double.requests();
    assert_eq!(run.try_apply().unwrap(), [""; 0]);
    let first = double.requests().iter().filter(|it| it.starts_with("GET") || it.starts_with("GRAPHQL query")).count();
    assert_eq!(first, 148);
    let requests = requests(&run);
    assert_eq!(requests.len(), 11, "{requests:#?}");
}
