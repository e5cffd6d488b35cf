//! Reading plans. Bytes become a plan with diagnostics, or an error. Nothing panics, every span lies within the text,
//! and every plan can be compared, rendered and hashed.

use std::collections::BTreeSet;
use std::sync::Arc;

use plan_action::diff::diff;
use plan_action::model::snapshot::Snapshot;
use plan_action::plan::source::Source;
use plan_action::plan::{self, PlanId, Reading, Severity, diagnostic};
use plan_action::render;

/// The input is a whole file.
pub fn plan(bytes: &[u8]) {
    let Ok(source) = Source::from_bytes("plan.md".into(), bytes) else { return };
    check(&plan::read(&source, PlanId::new("plan.md")));
}

/// The input is the front matter of a valid plan.
pub fn front_matter(bytes: &[u8]) {
    let Ok(yaml) = std::str::from_utf8(bytes) else { return };
    let text = format!("---\n{yaml}\n---\n# Plan\n\n## Phase 1: Ground\n\n- [ ] Dig\n- [x] Fill (depends on: Dig)\n");
    let source: Arc<Source> = Source::new("plan.md", text);
    check(&plan::read(&source, PlanId::new("plan.md")));
}

fn check(reading: &Reading) {
    for finding in &reading.diagnostics {
        let (text, span) = (&finding.source.text, &finding.span);
        assert!(span.start <= span.end && span.end <= text.len(), "{finding:?} points outside of the text");
        assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end), "{finding:?} cuts a character");
        assert!(!finding.message.is_empty(), "{finding:?} says nothing");
    }
    render::diagnostics::render(&reading.diagnostics, Severity::Note, Some(80));
    let Some(plan) = &reading.plan else { return };
    let milestones: BTreeSet<_> = plan.milestones.iter().map(|milestone| &milestone.key).collect();
    let issues: BTreeSet<_> = plan.issues.iter().map(|issue| &issue.key).collect();
    for issue in &plan.issues {
        assert!(issue.milestone.as_ref().is_none_or(|key| milestones.contains(key)), "{issue:?} has no such milestone");
        assert!(issue.depends_on.iter().all(|key| issues.contains(key)), "{issue:?} waits for nothing that there is");
        assert!(issue.parent.as_ref().is_none_or(|key| issues.contains(key)), "{issue:?} has no such parent");
        assert!(issue.span.end <= plan.source.text.len(), "{issue:?} stands outside of the text");
    }
    if diagnostic::has_errors(&reading.diagnostics) {
        return;
    }
    let titles = plan.issues.iter().map(|issue| &issue.title).chain(plan.milestones.iter().map(|it| &it.title));
    for title in titles {
        assert!(!title.trim().is_empty() && title.chars().count() <= 256, "`{title}` is no title that GitHub takes");
    }
    let diff = diff(plan, &Snapshot::default(), &BTreeSet::new());
    assert_eq!(diff.digest(), diff.digest());
    render::text::render(&diff);
}
