//! What may be stored on GitHub: titles, texts, labels and milestones.

use super::printed::clean;
use crate::double::Double;
use plan_action::matching::block;

/// Every title is a line of words, and every text has exactly our one block, which ends where it should.
pub fn stored(double: &Double, issues: usize) {
    double.repository(|repository| {
        // A text may be no title at all.
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

/// A text with exactly our one block, and no control character.
pub fn text(body: &str) {
    let blocks: Vec<block::Block<'_>> = block::all(body).collect();
    assert_eq!(blocks.len(), 1, "{body:?}");
    assert_eq!((blocks[0].before, blocks[0].after), ("", ""), "{body:?}");
    assert!(blocks[0].inside.is_some(), "{body:?}");
    let marker = body.lines().next().unwrap_or_default();
    assert_eq!((marker.matches("<!--").count(), marker.matches("-->").count()), (1, 1), "{marker:?}");
    let is_control = |it: char| it.is_control() && !matches!(it, '\n' | '\t');
    assert!(!body.contains(is_control), "a control character in a text: {body:?}");
}
