//! The footer in an issue's body that links to the plan.

use serde_json::json;

use crate::actions::workflow::{LANDED, Workflow};
use crate::common::{OBSERVATORY, Workplace, changes};

const FOOTER: &str = "\n\n<sub>From `plan.md`</sub>\n<!-- /plan-action -->";

fn bodies(workplace: &Workplace) -> Vec<String> {
    let repository = workplace.repository();
    repository["issues"].as_array().unwrap().iter().map(|issue| issue["body"].as_str().unwrap().to_owned()).collect()
}

/// Removes the footers from all issues, as if an older version had written them or people had deleted the footers.
fn without_footers(workplace: &Workplace) {
    workplace.edit_repository(|repository| {
        for issue in repository["issues"].as_array_mut().unwrap() {
            issue["body"] = json!(issue["body"].as_str().unwrap().replace(FOOTER, "\n<!-- /plan-action -->"));
        }
    });
}

#[test]
fn every_issue_names_its_plan() {
    let workplace = Workplace::applied();
    let bodies = bodies(&workplace);
    assert!(bodies.iter().all(|body| body.ends_with(FOOTER)), "{bodies:#?}");
    assert!(bodies[3].contains("\n\nBlocked by #1, #3\n\n<sub>From "), "{}", bodies[3]);
    workplace.apply();
}

#[test]
fn a_footer_is_only_added_where_the_text_changes() {
    let workplace = Workplace::applied();
    without_footers(&workplace);
    assert_eq!(changes(&workplace.preview()), [""; 0]);
    assert_eq!(workplace.preview()["drift"], json!([]));
    let before = workplace.read("repo.json");
    workplace.stdout(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
    assert_eq!(workplace.read("repo.json"), before, "an upgrade rewrites nothing");
    // A label changes the issue but not its body.
    workplace.edit("plan.md", "- Labels: `civil`, `safety`", "- Labels: `civil`");
    workplace.apply();
    assert!(!bodies(&workplace)[0].contains("<sub>From"));
    workplace.edit("plan.md", "λ/8", "λ/10");
    workplace.apply();
    let with: Vec<bool> = bodies(&workplace).iter().map(|body| body.contains("<sub>From")).collect();
    assert_eq!(with, [false, false, true, false, false, false, false, false]);
}

#[test]
fn footers_can_be_turned_off() {
    let workplace = Workplace::new();
    workplace.write("plan.md", format!("---\nfooter: false\n---\n{OBSERVATORY}"));
    workplace.apply();
    assert!(bodies(&workplace).iter().all(|body| !body.contains("<sub>")));
    let workplace = Workplace::new();
    workplace.write("plan.md", OBSERVATORY);
    let apply = ["apply", "plan.md", "--offline", "repo.json", "--yes", "--footer", "false"];
    workplace.stdout(&apply);
    assert!(bodies(&workplace).iter().all(|body| !body.contains("<sub>")));
}

#[test]
fn text_by_people_next_to_a_footer_is_kept_and_the_footer_is_not_drift() {
    let workplace = Workplace::applied();
    workplace.edit_repository(|repository| {
        let body = repository["issues"][2]["body"].as_str().unwrap();
        repository["issues"][2]["body"] =
            json!(body.replace("<sub>From `plan.md`</sub>", "<sub>From `plan.md`</sub>\n\nMeasured."));
    });
    assert_eq!(changes(&workplace.preview()), [""; 0]);
    let drift = &workplace.preview()["drift"];
    assert_eq!(drift.as_array().unwrap().len(), 1, "{drift}");
    assert!(!drift.to_string().contains("From `plan.md`"), "{drift}");
    workplace.stdout(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
    assert!(bodies(&workplace)[2].contains("</sub>\n\nMeasured.\n"));
}

#[test]
fn a_footer_links_to_the_line_at_the_commit_that_last_changed_the_text() {
    let workflow = Workflow::applied();
    let line = |title: &str| 1 + OBSERVATORY.lines().position(|line| line.contains(title)).unwrap();
    let link = |commit: &str, line: usize| {
        format!(
            "\n\n<sub>From [`plan.md`](https://github.com/stars/observatory/blob/{commit}/plan.md?plain=1#L{line})</sub>\n"
        )
    };
    let body = |number: u64| workflow.double.repository(|it| it.issue(number).unwrap().body.clone());
    assert!(body(3).contains(&link(LANDED, line("### `O3`"))), "{}", body(3));

    // The issues were applied at another commit. This one changes a body and a label.
    let earlier = "e".repeat(40);
    workflow
        .double
        .repository(|it| it.issues.iter_mut().for_each(|issue| issue.body = issue.body.replace(LANDED, &earlier)));
    let ran = workflow.push(&[("reviewed", "off")]);
    assert_eq!((ran.code, ran.outputs["changed"].as_str()), (0, "false"), "{}", ran.stdout);
    let requests = workflow.double.requests();
    assert!(!requests.iter().any(|it| it.starts_with("PATCH")), "{requests:#?}");
    workflow.workplace.edit("plan.md", "λ/8", "λ/10");
    workflow.workplace.edit("plan.md", "- Labels: `civil`, `safety`", "- Labels: `civil`");
    workflow.land();
    assert_eq!(workflow.push(&[("reviewed", "off")]).code, 0);
    assert!(body(3).contains(&link(LANDED, line("### `O3`"))), "{}", body(3));
    assert!(body(1).contains(&earlier) && body(4).contains(&earlier), "{}", body(1));

    workflow.workplace.edit("plan.md", "λ/10", "λ/12");
    workflow.land();
    assert_eq!(workflow.push(&[("reviewed", "off"), ("footer", "false")]).code, 0);
    assert!(!body(3).contains("<sub>") && body(4).contains(&earlier), "{}", body(3));
}
