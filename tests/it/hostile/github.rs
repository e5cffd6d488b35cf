//! What may be stored on GitHub: titles, bodies, labels and milestones.

use super::printed::clean;
use crate::common::Workplace;
use crate::double::Double;
use plan_action::model::block;

/// Every title is a single line, and every body contains exactly our one block, complete.
pub(super) fn stored(double: &Double, issues: usize) {
    double.repository(|repository| {
        // Some texts do not make a title.
        assert!(repository.issues.len() + 3 > issues && !repository.issues.is_empty(), "{}", repository.issues.len());
        for issue in &repository.issues {
            assert!(!issue.title.contains('\n') && !issue.title.is_empty(), "{:?}", issue.title);
            clean("title", &issue.title);
            text(&issue.body);
        }
        for milestone in &repository.milestones {
            assert!(!milestone.title.contains('\n'), "{:?}", milestone.title);
            clean("milestone", &milestone.title);
            text(&milestone.description);
        }
        for label in &repository.labels {
            assert!(!label.name.contains('\n') && !label.description.contains('\n'), "{label:?}");
            clean("label", &label.name);
            clean("description", &label.description);
        }
    });
}

/// Expects a text with exactly our one block and no control characters.
pub(super) fn text(body: &str) {
    let blocks: Vec<block::Block<'_>> = block::all(body).collect();
    assert_eq!(blocks.len(), 1, "{body:?}");
    assert_eq!((blocks[0].before, blocks[0].after), ("", ""), "{body:?}");
    assert!(blocks[0].inside.is_some(), "{body:?}");
    let marker = body.lines().next().unwrap_or_default();
    assert_eq!((marker.matches("<!--").count(), marker.matches("-->").count()), (1, 1), "{marker:?}");
    let is_control = |it: char| it.is_control() && !matches!(it, '\n' | '\t');
    assert!(!body.contains(is_control), "a control character in a text: {body:?}");
}

/// Positions that the matrix does not cover: descriptions of milestones, labels declared by a script, and previous
/// names of labels.
#[test]
fn milestones_and_labels_are_stored_without_control_characters() {
    let bad = "a\u{1b}[8mb\u{202e}c\u{9b}d";
    let breakdown = format!(
        "---\nlabels:\n  dome: {{previously: {}}}\n---\n# P\n\n## Milestones\n\n1. `M1` First\n   - Purpose: {bad}\n\n## Issues\n\n\
         ### `I1` One\n\n- Milestone: `M1`\n- Labels: `dome`\n",
        super::plans::quoted(bad)
    );
    let script = include_str!("../../../fixtures/wild/gh-script.md")
        .replace("gh label create \"soil\"", &format!("gh label create \"soil{bad}\""))
        .replace("What it grows in", &format!("What it grows in{bad}"));
    for plan in [breakdown, script] {
        let workplace = Workplace::new();
        workplace.write("plan.md", &plan);
        // A label whose name equals the sanitized previous name is renamed.
        workplace.write("repo.json", r#"{"format": "plan-action repository", "version": 1, "labels": [{"name": "a[8mbcd", "color": "ededed", "description": ""}]}"#);
        workplace.stdout(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
        let repository = workplace.repository();
        let mut seen = 0;
        for (list, field) in [("labels", "name"), ("labels", "description"), ("milestones", "description")] {
            for item in repository[list].as_array().unwrap() {
                let text = item[field].as_str().unwrap_or_default();
                seen += usize::from(text.contains("a[8mb"));
                let is_line = list == "labels";
                let is_bad = |it: char| (it.is_control() && it != '\n') || (is_line && it == '\u{202e}');
                assert!(!text.contains(is_bad), "{list} {field}: {text:?}");
            }
        }
        assert!(seen > 0 || plan.contains("previously"), "{repository:#}");
        if plan.contains("previously") {
            assert_eq!(repository["labels"].as_array().unwrap().len(), 1, "the label is renamed: {repository:#}");
        }
    }
}
