//! Markers. Looking for a marker in any text must not panic, and any value survives a round trip through a marker.

use plan_action::model::block;
use plan_action::model::marker::{Found, IssueBase, Marker, MilestoneBase};
use plan_action::plan::{PlanId, PlanKey};
use plan_action::review;

/// The input is a text that may contain markers. Its lines are also stored in one.
pub fn markers(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for block in block::all(text) {
        assert!(text.starts_with(block.before) && text.ends_with(block.after), "{block:?} is not cut to the byte");
        assert!(block.inside.is_none_or(|inside| text.contains(inside)));
    }
    if let Found::Marker(_, block) = Marker::<IssueBase>::find(text) {
        assert!(text.starts_with(block.before) && text.ends_with(block.after));
    }
    Marker::<MilestoneBase>::find(text);
    review::CommentMarker::find(text);
    round_trip(text);
}

fn round_trip(text: &str) {
    let mut lines = text.lines();
    let mut line = || lines.next().unwrap_or_default().to_owned();
    let (plan, key) = (PlanId::new(line()), PlanKey::written(&line()));
    let base = IssueBase { title: line(), text: line(), labels: [line(), line()].into(), ..IssueBase::default() };
    let marker = Marker { plan, key, base };
    let json = marker.to_json();
    assert!(!json.contains("--") && !json.contains(['<', '>', '@', '#', '\n', '\r']), "{json}");
    let inside = block::neutral(text);
    let whole = block::compose("", &json, Some(&inside), text);
    let Found::Marker(found, block) = Marker::<IssueBase>::find(&whole) else {
        panic!("there is no marker in {whole:?}")
    };
    assert_eq!(*found, marker);
    assert_eq!((block.before, block.after), ("", text));
    assert_eq!(block.inside.map(|it| it.trim_matches('\n')), Some(inside.trim_matches('\n')));
}
