//! What people and programs read: every output format, and output into pipes.

use std::fmt::Write;
use std::process::{Command, Stdio};

use crate::common::{OBSERVATORY, Workplace, stderr};
use serde_json::Value;

fn workplace() -> Workplace {
    let workplace = Workplace::new();
    workplace.write("plan.md", OBSERVATORY);
    workplace
}

#[test]
fn a_plan_is_shown_as_a_tree() {
    insta::assert_snapshot!(workplace().stdout(&["show", "plan.md"]));
}

#[test]
fn a_plan_is_read_in_every_way_that_a_breakdown_allows() {
    let workplace = Workplace::new();
    workplace.write("plan.md", include_str!("../../fixtures/breakdown/variants.md"));
    let output = workplace.run(&["show", "plan.md", "--format", "json"]);
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!("variants", String::from_utf8(output.stdout).unwrap());
    workplace.apply();
    // The same plan with CRLF line endings and a byte order mark makes no difference.
    let other = format!("\u{feff}{}", workplace.read("plan.md").replace('\n', "\r\n"));
    workplace.write("plan.md", other);
    assert_eq!(workplace.preview()["changes"], serde_json::json!([]));
}

#[test]
fn a_plan_is_shown_as_json() {
    insta::assert_snapshot!(workplace().stdout(&["show", "plan.md", "--format", "json"]));
}

#[test]
fn a_plan_is_shown_as_a_graph() {
    insta::assert_snapshot!(workplace().stdout(&["show", "plan.md", "--format", "mermaid"]));
}

#[test]
fn a_preview_of_nothing_yet_is_short() {
    insta::assert_snapshot!(workplace().stdout(&["preview", "plan.md"]));
}

/// A repository in which people made some changes, and a plan with others.
fn mixed() -> Workplace {
    let workplace = Workplace::applied();
    workplace.edit_repository(|repository| {
        repository["issues"][2]["title"] = "O3 Polish | the `mirror` @team".into();
        repository["issues"][6]["labels"] = serde_json::json!(["people"]);
    });
    workplace.edit("plan.md", "Grind the mirror\n\n-", "Cast the mirror\n\n-");
    workplace.edit("plan.md", "  - The surface is", "  - Nobody writes ``` in a text.\n  - The surface is");
    workplace.edit("plan.md", "2026-05-18", "2026-05-25");
    workplace.edit("plan.md", "[O2, O4]", "[O2, O3]");
    workplace.edit("plan.md", "- Labels: `civil`, `safety`", "- Labels: `civil`, `concrete`");
    workplace
}

#[test]
fn a_preview_of_changes_drift_and_conflicts_as_text() {
    let text = mixed().stdout(&["preview", "plan.md", "--offline", "repo.json"]);
    insta::assert_snapshot!(text);
}

#[test]
fn a_preview_of_changes_drift_and_conflicts_as_markdown() {
    let markdown = mixed().stdout(&["preview", "plan.md", "--offline", "repo.json", "--format", "markdown"]);
    let (changes, small_print) = markdown.split_once("<sub>").unwrap();
    assert!(small_print.contains("sha256:"), "{small_print}");
    insta::assert_snapshot!(changes);
}

#[test]
fn a_preview_of_changes_as_json_has_the_form_that_programs_rely_on() {
    let workplace = Workplace::applied();
    workplace.edit("plan.md", "2026-05-18", "2026-05-25");
    workplace.edit("plan.md", "[O2, O4]", "[O2]");
    let json = workplace.stdout(&["preview", "plan.md", "--offline", "repo.json", "--format", "json"]);
    let mut preview: Value = serde_json::from_str(&json).unwrap();
    let digest = preview["digest"].take();
    assert!(digest.as_str().unwrap().starts_with("sha256:") && digest.as_str().unwrap().len() == 71);
    preview["diagnostics"] = Value::Null;
    insta::assert_snapshot!(serde_json::to_string_pretty(&preview).unwrap());
}

#[test]
fn an_apply_ends_with_what_was_done() {
    let workplace = workplace();
    let report = workplace.stdout(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
    assert_eq!(
        report,
        "repo.json: 8 issues, 3 milestones and 8 labels created; 8 dependencies added; 2 issues pinned.\n"
    );
    let again = workplace.stdout(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
    assert_eq!(again, "No changes; all 19 items match the plan.\n");
}

#[test]
fn help_is_written_for_strangers() {
    let workplace = workplace();
    insta::assert_snapshot!("help", workplace.stdout(&["--help"]));
    for command in ["check", "show", "preview", "apply", "drift", "import", "pull", "completions"] {
        let help = workplace.stdout(&[command, "--help"]);
        assert!(help.contains("Examples:\n  "), "{command} has no examples: {help}");
    }
}

#[test]
fn completions_are_there_for_the_usual_shells() {
    let workplace = workplace();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = workplace.stdout(&["completions", shell]);
        assert!(script.contains("plan-action") && script.contains("offline"), "{shell}: {script}");
    }
}

#[test]
fn results_go_to_standard_output_and_everything_else_to_standard_error() {
    let workplace = workplace();
    workplace.edit("plan.md", "O7 --> O8", "O7 --> O6");
    let output = workplace.run(&["show", "plan.md", "--format", "json"]);
    assert!(stderr(&output).contains("warning[graph-disagrees]"));
    let shown: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(shown["diagnostics"].as_array().unwrap().len(), 2);
    assert_eq!(shown["diagnostics"][0]["code"], "graph-disagrees");
    assert_eq!((&shown["diagnostics"][0]["line"], &shown["diagnostics"][0]["column"]), (&38.into(), &3.into()));
}

#[test]
fn plans_are_read_from_standard_input_and_several_at_once() {
    let workplace = workplace();
    let output = workplace.command().args(["check", "-"]).write_stdin(OBSERVATORY).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 1);
    assert_eq!(output.status.code(), Some(0));
    workplace.write("other.md", OBSERVATORY);
    let shown: Value = serde_json::from_str(&workplace.stdout(&["show", "*.md", "--format", "json"])).unwrap();
    assert_eq!(shown.as_array().unwrap().len(), 2);
}

#[test]
fn a_pipe_that_closes_ends_the_program_quietly() {
    let workplace = Workplace::new();
    workplace.write("plan.md", large(3_000));
    for arguments in [&["show", "plan.md", "--format", "json"][..], &["preview", "plan.md"], &["show", "plan.md"]] {
        let mut child = Command::new(assert_cmd::cargo::cargo_bin("plan-action"))
            .args(arguments)
            .current_dir(workplace.path("."))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The reader closes the pipe before it reads anything.
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""), "{arguments:?}");
    }
}

#[test]
fn there_are_no_colours_in_a_pipe() {
    let workplace = workplace();
    workplace.edit("plan.md", "O7 --> O8", "O7 --> O6");
    for arguments in [&["preview", "plan.md"][..], &["show", "plan.md"], &["check", "plan.md"], &["--help"], &["x"]] {
        let output = workplace.run(arguments);
        assert!(!output.stdout.contains(&0x1b) && !output.stderr.contains(&0x1b), "{arguments:?}");
    }
}

#[test]
fn no_text_of_a_plan_or_a_stranger_steers_the_terminal() {
    let workplace = Workplace::new();
    let steer = "\u{1b}]0;owned\u{7}\u{1b}[31m\u{202e}\u{9b}2J";
    workplace.write(
        "plan.md",
        format!(
            "---\nlabels:\n  \"a\\e[31mb\": \"d93f0b\"\n---\n# T{steer}\n\n## Milestones\n\n- `M1` One {steer}\n  - Purpose: \
             {steer}\n\n## Issues\n\n### `I1` Two {steer}\n\n- Milestone: `M1`\n- Labels: `x{steer}`\n- Depends on: \
             I2\n- Acceptance criteria:\n  - {steer}\n\n### `I2` Three\n\n- Milestone: `M1`\n"
        ),
    );
    workplace.apply();
    workplace.edit_repository(|repository| {
        repository["issues"][0]["title"] = steer.into();
        repository["issues"][1]["title"] = format!("I2 {steer}").into();
        let marker =
            format!("<!-- plan-action:1 {{\"plan\":\"plan.md\",\"key\":\"{}\",\"base\":{{}}}} -->", "\\u001b[31m");
        let stranger = serde_json::json!({"number": 9, "title": steer, "body": marker, "author": "mallory",
            "author_association": "NONE"});
        repository["issues"].as_array_mut().unwrap().push(stranger);
    });
    workplace.edit("plan.md", "Acceptance criteria:\n", "Acceptance criteria:\n  - more\n");
    workplace.edit("plan.md", "- Depends on: I2\n", "- Depends on: I9\u{1b}[31m\n");
    let refused = workplace.run(&["check", "plan.md"]);
    assert_eq!(refused.status.code(), Some(1));
    workplace.edit("plan.md", "- Depends on: I9\u{1b}[31m\n", "");
    let mut outputs = vec![refused];
    for arguments in [&["show", "plan.md"][..], &["preview", "plan.md", "--offline", "repo.json"]] {
        let output = workplace.run(arguments);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert!(!output.stdout.is_empty());
        outputs.push(output);
    }
    for output in outputs {
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8(text).unwrap();
        let steers = |character: &char| (character.is_control() && *character != '\n') || *character == '\u{202e}';
        assert_eq!(text.chars().find(steers), None, "{text:?}");
    }
}

/// A plan with this many issues.
fn large(issues: usize) -> String {
    let mut plan = "# Large\n\n## Milestones\n\n- `M1` One\n- `M2` Two\n- `M3` Three\n\n## Issues\n".to_owned();
    for at in 1..=issues {
        let milestone = at % 3 + 1;
        _ = write!(plan, "\n### `T{at}` Do thing {at}\n\n- Milestone: `M{milestone}`\n- Labels: `work`\n");
        _ = write!(plan, "- Acceptance criteria:\n  - Thing {at} is done.\n  - Somebody saw it.\n");
    }
    plan
}

#[test]
fn a_preview_of_a_large_plan_fits_a_person() {
    let workplace = Workplace::new();
    workplace.write("plan.md", large(300));
    let text = workplace.stdout(&["preview", "plan.md"]);
    assert_eq!(text.lines().last().unwrap(), "300 issues, 3 milestones and 1 label to create.");
    assert!(text.lines().count() < 320, "a line for each issue: {}", text.lines().count());
    let markdown = workplace.stdout(&["preview", "plan.md", "--format", "markdown"]);
    assert!(markdown.lines().next().unwrap().ends_with("</code>: 300 issues and 3 milestones to create"));
    let outside: usize = depth_zero_lines(&markdown);
    assert!(outside < 15, "{outside} lines are not folded");
}

/// The number of Markdown lines outside of `<details>`.
fn depth_zero_lines(markdown: &str) -> usize {
    let mut depth = 0usize;
    let mut lines = 0;
    for line in markdown.lines().filter(|line| !line.is_empty()) {
        lines += usize::from(depth == 0);
        depth += line.matches("<details>").count();
        depth -= line.matches("</details>").count();
    }
    assert_eq!(depth, 0, "every fold is closed");
    lines
}

#[test]
fn milestones_are_shown_by_due_date() {
    insta::assert_snapshot!(workplace().stdout(&["show", "plan.md", "--format", "gantt"]));
}

#[test]
fn the_picture_of_a_large_plan_is_cut_to_what_changes_and_its_neighbours() {
    let workplace = Workplace::new();
    let mut plan = "# Large\n\n## Milestones\n\n- `M1` One\n\n## Issues\n".to_owned();
    for at in 1..=200 {
        let before = if at > 1 { format!("T{}", at - 1) } else { String::new() };
        _ = write!(plan, "\n### `T{at}` Do thing {at}\n\n- Milestone: `M1`\n- Depends on: {before}\n");
    }
    workplace.write("plan.md", &plan);
    let markdown = workplace.stdout(&["preview", "plan.md", "--format", "markdown"]);
    assert!(markdown.contains("The graph shows the first changes: 40 of 200 issues."), "{markdown}");
    workplace.stdout(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
    workplace.edit("plan.md", "Do thing 100", "Make thing 100");
    let markdown = workplace.stdout(&["preview", "plan.md", "--offline", "repo.json", "--format", "markdown"]);
    assert!(markdown.contains("The graph shows the changes and their neighbours: 3 of 200 issues."), "{markdown}");
    let (_, graph) = markdown.split_once("```mermaid\n").unwrap();
    let (graph, _) = graph.split_once("```").unwrap();
    assert_eq!((graph.matches("[\"T").count(), graph.matches(" --> ").count()), (3, 2), "{graph}");
    assert!(graph.contains("class i1 changing"), "{graph}");
}
