//! Plans by hostile authors, and plans that are too long.

use super::workflow::Workflow;

const TITLES: [&str; 9] = [
    "pipe | and `ticks` | more",
    "<details><summary>x</summary> </details></details> <!-- --> -->",
    "@stars/everyone and @grace, fixes #1, GH-2",
    "::error::forged %0A::error::forged",
    "##[error]forged",
    "turned \u{202e}round\u{2066}",
    "````````````````````````````````````````",
    "<script>alert(1)</script> <img src=x onerror=alert(1)>",
    "::stop-commands::token ::add-mask::plan ::set-output name=gate::open",
];

fn plan() -> String {
    let mut plan = String::from("# Hostile\n\n## Milestones\n\n1. `M1` One | <b>two</b> @grace\n\n## Issues\n");
    for (at, title) in TITLES.iter().enumerate() {
        let fence = "`".repeat(40);
        plan.push_str(&format!(
            "\n### `I{at}` {title}\n\n- Milestone: `M1`\n- Labels: `a|b</code>`, `@grace`\n\n::error::in the body @grace \
             #1\n\n{fence}\n::warning::x\n{fence}\n\n</details>\n\n<!-- plan-action-comment {{}} -->\n"
        ));
    }
    plan
}

#[test]
fn hostile_text_changes_neither_comment_nor_log_nor_outputs() {
    let workflow = Workflow::new();
    workflow.workplace.write("plan.md", plan());
    let ran = workflow.pull_request(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for line in ran.stdout.lines().chain(ran.stderr.lines()) {
        let words = line.trim_start();
        let is_ours = ["::group::Preview of plan.md", "::endgroup::"].contains(&line)
            || ["::warning file=plan.md,", "::notice file=plan.md,"].iter().any(|start| line.starts_with(start));
        assert!(is_ours || !words.starts_with("::"), "the runner would obey this: {line}");
        assert!(!line.contains("##["), "the runner would obey this: {line}");
    }
    let names: Vec<&str> = ran.outputs.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["changed", "closed", "comment-url", "conflicts", "created", "diff", "digest", "drift", "updated"]
    );
    for text in [workflow.comment(), ran.summary.clone()] {
        harmless(&text);
        assert_eq!(
            text.matches("<details").count(),
            text.matches("</details>").count() - in_fences(&text, "</details>")
        );
        assert!(!text.contains(['\u{202e}', '\u{2066}']));
    }
    let forged = workflow.comment().lines().skip(1).filter(|line| line.starts_with("<!-- plan-action")).count();
    assert_eq!(forged, 0);
}

/// The lines of a text outside of code fences.
fn outside(text: &str) -> Vec<&str> {
    let mut fence: Option<String> = None;
    let mut lines = Vec::new();
    for line in text.lines() {
        let ticks: String = line.chars().take_while(|it| *it == '`').collect();
        match &fence {
            Some(open) if ticks.len() >= open.len() && line.trim_end() == ticks => fence = None,
            None if ticks.len() >= 3 => fence = Some(ticks),
            None => lines.push(line),
            Some(_) => {}
        }
    }
    assert_eq!(fence, None, "a fence stays open");
    lines
}

fn in_fences(text: &str, what: &str) -> usize {
    text.matches(what).count() - outside(text).iter().map(|line| line.matches(what).count()).sum::<usize>()
}

/// Outside of code fences there are no mentions, references or foreign markup, and every table row has three cells.
fn harmless(text: &str) {
    for line in outside(text).into_iter().filter(|line| !line.starts_with("<!-- plan-action-comment ")) {
        let visible = line.replace("&#8203;", "\u{200b}");
        for (at, _) in visible.match_indices(['@', '#']) {
            let next = visible[at + 1..].chars().next().unwrap_or(' ');
            let is_entity = visible[..at].ends_with('&');
            let in_code = visible[..at].rfind("<code>") > visible[..at].rfind("</code>");
            assert!(is_entity || in_code || !next.is_alphanumeric(), "a mention or reference: {line}");
        }
        let known = [
            "<details>",
            "<details open>",
            "</details>",
            "<summary>",
            "</summary>",
            "<b>",
            "</b>",
            "<code>",
            "</code>",
            "<br>",
            "<sub>",
            "</sub>",
            "<i>",
            "</i>",
            "<del>",
            "</del>",
        ];
        let bare = known.iter().fold(line.to_owned(), |line, tag| line.replace(tag, ""));
        assert!(!bare.contains('<'), "markup that is not ours: {line}");
        if line.starts_with("| ") && !line.starts_with("| |") && !line.starts_with("| ---") {
            assert_eq!(line.matches('|').count(), 4, "a row of three cells: {line}");
        }
    }
}

#[test]
fn a_plan_of_five_thousand_issues_has_a_comment_within_the_limit() {
    let workflow = Workflow::new();
    let mut plan = String::from("# Long\n\n## Milestones\n\n");
    (1..=50).for_each(|at| plan.push_str(&format!("{at}. `M{at}` Milestone number {at}\n")));
    plan.push_str("\n## Issues\n");
    for at in 1..=5_000 {
        let before = if at > 50 { format!("I{}", at - 50) } else { String::new() };
        plan.push_str(&format!(
            "\n### `I{at}` Something that must be done, the {at}th\n\n- Milestone: `M{}`\n- Depends on: {before}\n- Labels: \
             `area: {}`\n- Acceptance criteria:\n  - It is done @grace\n  - It is seen to be done </details>\n",
            at % 50 + 1,
            at % 7
        ));
    }
    workflow.workplace.write("plan.md", &plan);
    let ran = workflow.pull_request(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let comment = workflow.comment();
    assert!(comment.len() < 65_536, "{}", comment.len());
    assert!(comment.len() > 60_000, "room is used: {}", comment.len());
    assert!(ran.summary.len() <= 1024 * 1024, "{}", ran.summary.len());
    for text in [&comment, &ran.summary] {
        harmless(text);
        let lines = outside(text);
        let count = |tag: &str| lines.iter().map(|line| line.matches(tag).count()).sum::<usize>();
        assert_eq!(count("<details"), count("</details>"));
        assert!(text.contains("Too long for one page, so these are left out: "), "{}", &text[..2_000]);
    }
    let said = "rows and 5001 folded texts. The [job summary](https://github.com/stars/observatory/actions/runs/4711) shows everything.";
    assert!(comment.contains(said), "{}", comment.lines().skip(1).take(6).collect::<Vec<_>>().join("\n"));
    // With this many changes, only the complete set can be recognised.
    let marker = plan_action::review::CommentMarker::find(&comment).unwrap();
    let diff: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&ran.outputs["diff"]).unwrap()).unwrap();
    assert_eq!(diff["changes"].as_array().unwrap().len(), 7 + 50 + 5_000 + 4_950);
    assert_eq!(diff["digest"], marker.digest);
    assert_eq!(marker.changes, None);
}
