//! The texts of every diagnostic in one place, so that they can be read together. Each comes from a plan that has the
//! problem.

use std::collections::BTreeSet;
use std::fmt::Write;

use plan_action::plan::rules::{RULES, summary};
use serde_json::Value;

use crate::common::{OBSERVATORY, Workplace, stderr};

/// A plan with two milestones and two issues, and text below the second issue.
fn plan(below: &str) -> String {
    format!(
        "# Plan\n\n## Milestones\n\n1. `M1` Ground\n   - Target date: 2026-03-02\n2. `M2` Sky\n\n## Issues\n\n\
         ### `O1` Pour the pier\n\n- Milestone: `M1`\n- Pour it.\n\n### `O2` Turn the dome\n\n- Milestone: `M2`\n{below}\n"
    )
}

fn front(matter: &str) -> String {
    format!("---\n{matter}\n---\n{}", plan(""))
}

fn many(count: usize, item: impl Fn(usize) -> String) -> String {
    (1..=count).map(item).collect()
}

/// Rules, each with a plan that breaks it.
fn examples() -> Vec<(&'static str, String)> {
    let boxes =
        |text: &str| format!("# Plan\n\n## Phase 1: Ground\n\n- [ ] Pour the pier\n{text}- [ ] Pull the cable\n");
    let aligned = |task: &str| {
        format!(
            "# Plan\n\n## Phase 1: A\n\n- [ ] Align\n\n## Phase 2: B\n\n- [ ] Align\n\n## Phase 3: C\n\n- [ ] Test {task}\n"
        )
    };
    let file = |fields: &str| format!("---\ntitle: Pour the pier\nstatus: open\n{fields}---\n\nPour it.\n");
    let child = |number: usize| format!("### `P{number}` Part {number}\n\n- Parent: `O1`\n\n");
    let nested = |number: usize| format!("### `P{number}` Part {number}\n\n- Parent: `P{}`\n\n", number - 1);
    vec![
        ("ambiguous-dependency", aligned("(depends on: Align)")),
        ("ambiguous-parent", aligned("\n  - Parent: Align")),
        ("bad-front-matter", front("plan: [a")),
        ("bad-front-matter", front("just words")),
        ("bad-value", front("removed: delete")),
        ("bad-value", front("tasks: issue")),
        ("bad-value", front("read:\n  milestones: phases")),
        ("bad-value", front("read:\n  issues: boxes")),
        ("bad-value", front("labels:\n  api: blue")),
        ("bad-value", front("labels:\n  api: 123456")),
        ("bad-value", front("labels:\n  api: {colour: \"123456\"}")),
        ("bad-value", front("labels:\n  api: {previously: API}")),
        ("bad-value", front("repair-encoding: maybe")),
        ("bad-value", front("defaults: api")),
        ("bad-value", front("plan: [a, b]")),
        ("body-too-long", plan(&format!("- Depends on: `O1`\n\n{}\n", "word ".repeat(12_000)))),
        ("dependency-cycle", plan("- Depends on: `O3`\n\n### `O3` Grind the mirror\n\n- Depends on: `O2`")),
        ("depends-on-milestone", plan("- Depends on: `M1`")),
        ("duplicate-key", plan("\n### `O1` Again\n\n- Milestone: `M1`")),
        ("duplicate-title", "# Plan\n\n## Ground <!-- id: a -->\n\n- [ ] Align\n\n## Ground <!-- id: b -->\n\n- [ ] Test\n".into()),
        ("empty-plan", "\n".into()),
        ("foreign-key", front("layout: page\nauthor: Ada")),
        ("graph-disagrees", plan("\n## Graph\n\n```mermaid\nflowchart LR\n  O1 --> O2\n  O1 --> O9\n```\n")),
        ("graph-disagrees", plan("- Depends on: `O1`\n\n## Graph\n\n```mermaid\nflowchart LR\n  O2 --> O1\n```\n")),
        ("impossible-date", plan("").replace("2026-03-02", "2026-02-30")),
        ("impossible-date", front("start: 2026-02-30")),
        ("label-in-use", front("labels:\n  api: {previously: web}\n  web: \"123456\"")),
        ("label-too-long", plan(&format!("- Labels: {}", "long".repeat(13)))),
        ("label-too-long", front(&format!("labels:\n  api: {{description: {}}}", "long ".repeat(21)))),
        ("link-to-another-file", file("dependencies: [other]\n")),
        ("milestone-dependency", plan("").replace("   - Target date: 2026-03-02", "   - Depends on: the weather")),
        ("misspelt-field", plan("- Lables: api")),
        ("no-effect", front("tasks: checklist")),
        ("no-login", plan("- Assignee: Ada Lovelace")),
        ("no-plan", "Just words.\n".into()),
        ("no-start", plan("").replace("2026-03-02", "Weeks 1-2")),
        ("no-title", "# Plan\n\n```bash\ngh issue create --title \"\" --body x\ngh issue create --title Pour --body x\n```\n".into()),
        ("not-a-plan", "# Notes\n\nJust words.\n".into()),
        ("parent-is-milestone", plan("- Parent: `M1`")),
        ("second-value", plan("- Parent: `O1`\n- Parent: `O2`")),
        ("second-value", plan("- Milestone: `M1`")),
        ("self-dependency", plan("- Depends on: `O2`")),
        ("self-parent", plan("- Parent: `O2`")),
        ("title-too-long", plan(&format!("\n### `O3` {}\n\n- Milestone: `M1`", "long ".repeat(60)))),
        ("too-deep", format!("{}deep\n", "> ".repeat(200))),
        ("too-many-assignees", plan(&format!("- Assignees: {}", many(11, |at| format!("@user{at}, "))))),
        ("too-many-dependencies", plan(&format!("- Depends on: `X1`-`X60`\n\n{}", many(60, |at| format!("### `X{at}` Part\n\n- Milestone: `M1`\n\n"))))),
        ("too-many-items", format!("# Plan\n\n## Phase 1: Ground\n\n{}", many(10_001, |at| format!("- [ ] Task {at}\n")))),
        ("too-many-labels", plan(&format!("- Labels: {}", many(101, |at| format!("label{at}, "))))),
        ("too-many-levels", plan(&format!("\n### `P0` Part 0\n\n{}", many(9, nested)))),
        ("too-many-sub-issues", plan(&format!("\n{}", many(101, child)))),
        ("uncertain-reading", format!("{}\n| ID | Task | Depends |\n|-|-|-|\n| A1 | Turn the dome | |\n| A2 | Grind the mirror | A1 |\n", boxes(""))),
        ("unclear-state", "# Plan\n\n## Phase 1: Ground (partially complete)\n\n- Pour the pier\n- Pull the cable\n".into()),
        ("unclosed-fence", boxes("").replace("- [ ] Pull", "```\n- [ ] Pull")),
        ("unclosed-front-matter", format!("---\nplan: x\n\n{}", plan(""))),
        ("unknown-dependency", plan("- Depends on: `O9`")),
        ("unknown-dependency", plan("- Depends on: the weather")),
        ("unknown-dialect", front("dialect: trackr")),
        ("unknown-dialect", front("dialect: prose")),
        ("unknown-gate", front("gates: [O9]")),
        ("unknown-key", front("lables: {}")),
        ("unknown-key", front("defaults: {label: api}")),
        ("unknown-milestone", plan("").replace("Milestone: `M2`", "Milestone: `M9`")),
        ("unknown-parent", plan("- Parent: `O9`")),
        ("unknown-parent", plan("- Parent: the great work")),
        ("unknown-state", plan("- Status: simmering")),
        ("unread-command", "# Plan\n\n```bash\ngh issue create --title \"Pour the pier\ngh issue create --title 'Pull'\n```\n".into()),
        ("unread-date", plan("").replace("2026-03-02", "3 weeks after 2 May")),
        ("unread-items", "# Plan\n\n## Loose ends\n\n- Sweep the yard\n\n## Phase 1: Ground\n\n- Pour the pier\n\n## Phase 2: Sky\n\n- Turn the dome\n".into()),
        ("unread-text", "# Tasks\n\n- Keep the dome dry\n- Keep the mirror clean\n\n## Phase 1: Ground\n\n- [ ] T001 Pour the pier\n- [ ] T002 Pull\n".into()),
        ("wrong-encoding", plan("- Done: âœ… and â€œquotedâ€\u{9d}")),
    ]
}

fn findings(text: &str, code: &str) -> Vec<Value> {
    let workplace = Workplace::new();
    workplace.write("plan.md", text);
    // Only a file found by a wildcard can be reported as not a plan.
    let name = if code == "not-a-plan" { "*.md" } else { "plan.md" };
    let output = workplace.run(&["check", name, "--format", "json"]);
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    found["diagnostics"].as_array().unwrap().clone()
}

#[test]
fn every_diagnostic_reads_well() {
    let mut all = String::new();
    let (mut said, mut missing) = (BTreeSet::new(), BTreeSet::from_iter(RULES.iter().map(|(code, _)| *code)));
    for (code, text) in examples() {
        for finding in findings(&text, code).iter().filter(|finding| finding["code"] == code) {
            let words = |name: &str| finding[name].as_str().unwrap_or_default().to_owned();
            let help = finding["help"].as_str().map(|help| format!("  help: {help}\n")).unwrap_or_default();
            let entry = format!("{}[{code}]: {}\n{help}", words("severity"), words("message"));
            if said.insert(entry.clone()) {
                if missing.remove(code) {
                    _ = writeln!(all, "\n# {}", summary(code).unwrap());
                }
                all.push_str(&entry);
            }
        }
    }
    assert!(missing.is_empty(), "no example shows these: {missing:?}");
    insta::assert_snapshot!(all);
}

#[test]
fn the_rules_are_in_order_and_documented() {
    assert!(RULES.is_sorted(), "in alphabetical order, so that each is found");
    let rows: String = RULES.iter().map(|(code, about)| format!("### {code}\n\n{about}\n\n")).collect();
    let page = include_str!("../../.github/docs/diagnostics.md");
    assert!(page.contains(rows.trim_end()), "`.github/docs/diagnostics.md` must list:\n\n{rows}");
}

#[test]
fn every_error_of_the_command_line_reads_well() {
    let workplace = Workplace::applied();
    workplace.write("copy.md", OBSERVATORY);
    workplace.write("same.md", format!("---\nplan: plan.md\n---\n{OBSERVATORY}"));
    workplace.write("latin1.md", b"# Plan\n\n## Gr\xf6\xdfe\n");
    workplace.write("broken.json", "{");
    workplace.write("other.json", "[]");
    workplace.write("empty.md", "");
    workplace.write("gone.md", format!("---\nplan: plan.md\n---\n{}", plan("")));
    workplace.write("two-forms.md", examples().into_iter().find(|(code, _)| *code == "uncertain-reading").unwrap().1);
    std::fs::create_dir(workplace.path("docs")).unwrap();
    let mut all = String::new();
    for (arguments, variables) in [
        ("apply plan.md", vec![]),
        ("apply copy.md --offline new.json", vec![]),
        ("apply gone.md --offline repo.json --yes", vec![]),
        ("apply two-forms.md --offline new.json --yes", vec![]),
        ("apply - --offline new.json --yes", vec![]),
        ("apply empty.md --offline new.json --yes", vec![]),
        ("preview missing.md", vec![]),
        ("preview docs", vec![]),
        ("preview latin1.md", vec![]),
        ("preview docs/*.md", vec![]),
        ("preview docs/[.md", vec![]),
        ("preview plan.md same.md", vec![]),
        ("preview plan.md --offline broken.json", vec![]),
        ("preview plan.md --offline other.json", vec![]),
        ("preview plan.md --repo foo", vec![]),
        ("preview plan.md --repo a/b/c", vec![]),
        ("preview plan.md --repo https://gitlab.com/a/b", vec![]),
        ("preview plan.md --repo a/b", vec![("PATH", "")]),
        ("preview plan.md --repo a/b", vec![("GITHUB_TOKEN", "two words")]),
        ("preview plan.md --repo a/b", vec![("GITHUB_API_URL", "http://git.example/api/v3")]),
        ("preview plan.md --repo a/b", vec![("GITHUB_TOKEN", "x"), ("GITHUB_API_URL", "http://127.0.0.1:1")]),
        ("preview plan.md --repo a/b --offline repo.json", vec![]),
        ("preview plan.md --format xml", vec![]),
        ("preview plan.md --drfit keep", vec![]),
        ("gate plan.md --offline repo.json --tag v9.9", vec![]),
        ("gate plan.md --offline repo.json --milestone Nowhere", vec![]),
        ("gate plan.md --offline repo.json", vec![]),
        ("import --offline repo.json --output plan.md", vec![]),
        ("import --offline repo.json --since tomorrow", vec![]),
        ("run plan.md", vec![]),
        ("check plan.md --quiet --verbose", vec![]),
    ] {
        let mut command = workplace.command();
        command.args(arguments.split(' ')).envs(variables.iter().copied()).write_stdin(OBSERVATORY);
        let output = command.timeout(std::time::Duration::from_secs(60)).output().unwrap();
        assert!(matches!(output.status.code(), Some(1 | 2)), "{arguments}: {output:?}");
        // The number is the system's own.
        let said = stderr(&output).replace(" (os error 111)", "").replace(" (os error 61)", "");
        let variables: String = variables.iter().map(|(name, value)| format!("{name}='{value}' ")).collect();
        let prompt = format!("$ {variables}plan-action {arguments}");
        _ = writeln!(all, "{prompt}\n{}[{}]\n", said.trim_start(), output.status.code().unwrap());
    }
    insta::assert_snapshot!(all);
}
