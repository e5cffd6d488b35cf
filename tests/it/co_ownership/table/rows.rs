//! The rows of the table: each field with the edits by the plan and by people.

use plan_action::model::snapshot::{
    Issue, IssueNumber, IssueState, Milestone, MilestoneNumber, Snapshot, StateReason, state_name,
};
use plan_action::repository::{IssuePatch, Link, MilestonePatch};

use super::{Act, Field};

const THIRD: IssueNumber = IssueNumber(3);

fn patch(edit: impl FnOnce(&mut IssuePatch)) -> IssuePatch {
    let mut patch = IssuePatch::default();
    edit(&mut patch);
    patch
}

fn milestone_patch(edit: impl FnOnce(&mut MilestonePatch)) -> MilestonePatch {
    let mut patch = MilestonePatch::default();
    edit(&mut patch);
    patch
}

fn replaced(issue: &Issue, from: &str, to: &str) -> IssuePatch {
    assert!(issue.body.contains(from), "`{from}` is not in {}", issue.body);
    patch(|it| it.body = Some(issue.body.replace(from, to)))
}

fn third(snapshot: &Snapshot) -> &Issue {
    snapshot.issue(THIRD).unwrap()
}

fn milestone(snapshot: &Snapshot, number: u64) -> &Milestone {
    snapshot.milestone(MilestoneNumber(number)).unwrap()
}

fn blockers(snapshot: &Snapshot) -> String {
    let of = snapshot.dependencies.iter().filter(|(blocked, _)| *blocked == THIRD);
    of.map(|(_, blocker)| blocker.to_string()).collect::<Vec<_>>().join(", ")
}

fn pins(snapshot: &Snapshot) -> String {
    snapshot.pins.iter().map(IssueNumber::to_string).collect::<Vec<_>>().join(", ")
}

fn has(found: bool, words: &str) -> String {
    if found { words.into() } else { "no".into() }
}

fn blocks(blocker: u64) -> Link {
    Link::AddDependency { blocked: THIRD, blocker: IssueNumber(blocker) }
}

fn blocks_no_more(blocker: u64) -> Link {
    Link::RemoveDependency { blocked: THIRD, blocker: IssueNumber(blocker) }
}

fn part_of(parent: u64) -> Link {
    Link::AddSubIssue { child: THIRD, parent: IssueNumber(parent) }
}

fn part_no_more(parent: u64) -> Link {
    Link::RemoveSubIssue { child: THIRD, parent: IssueNumber(parent) }
}

/// Replaces the current parent with another.
fn part_instead(snapshot: &Snapshot, parent: u64) -> Vec<Link> {
    vec![part_no_more(snapshot.parents[&THIRD].0), part_of(parent)]
}

fn close(issue: &Issue) -> IssuePatch {
    assert!(!issue.closed);
    patch(|it| it.state = Some(IssueState::Closed(StateReason::Completed)))
}

fn reopen(issue: &Issue) -> IssuePatch {
    assert!(issue.closed);
    patch(|it| it.state = Some(IssueState::Open))
}

fn close_milestone(milestone: &Milestone) -> MilestonePatch {
    assert!(!milestone.closed);
    milestone_patch(|it| it.closed = Some(true))
}

fn reopen_milestone(milestone: &Milestone) -> MilestonePatch {
    assert!(milestone.closed);
    milestone_patch(|it| it.closed = Some(false))
}

/// Changes the speed of the lamp.
fn turning(issue: &Issue, speed: &str) -> IssuePatch {
    let line = issue.body.lines().find(|line| line.contains("It turns")).unwrap();
    replaced(issue, line, &format!("- [ ] It turns once {speed}."))
}

fn described(milestone: &Milestone, words: &str) -> MilestonePatch {
    let line = milestone.description.lines().nth(1).unwrap();
    milestone_patch(|it| it.description = Some(milestone.description.replace(line, words)))
}

/// A row without any edits, as a template.
const PLAIN: Field = Field {
    name: "",
    plan: ("", ""),
    people: (Act::Links(|_| Vec::new()), Act::Links(|_| Vec::new())),
    same: Act::Links(|_| Vec::new()),
    can_disagree: true,
    is_drift: true,
    is_noted: true,
    value: |_| String::new(),
    values: ["", "", ""],
};

/// The rows of the table.
pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "title",
        plan: ("Hang the lamp", "Hang two lamps"),
        people: (
            Act::Issue(3, |_| patch(|it| it.title = Some("L3 Hang a bell".into()))),
            Act::Issue(3, |_| patch(|it| it.title = Some("L3 Hang the lamp".into()))),
        ),
        same: Act::Issue(3, |_| patch(|it| it.title = Some("L3 Hang two lamps".into()))),
        value: |it| third(it).title.clone(),
        values: ["L3 Hang the lamp", "L3 Hang two lamps", "L3 Hang a bell"],
        ..PLAIN
    },
    Field {
        name: "milestone",
        plan: ("lamp\n\n- Milestone: `M1`", "lamp\n\n- Milestone: `M2`"),
        people: (
            Act::Issue(3, |_| patch(|it| it.milestone = Some(None))),
            Act::Issue(3, |_| patch(|it| it.milestone = Some(Some(MilestoneNumber(1))))),
        ),
        same: Act::Issue(3, |_| patch(|it| it.milestone = Some(Some(MilestoneNumber(2))))),
        value: |it| format!("{:?}", third(it).milestone.map(|it| it.0)),
        values: ["Some(1)", "Some(2)", "None"],
        ..PLAIN
    },
    Field {
        name: "parent",
        plan: ("- Parent: `L1`", "- Parent: `L2`"),
        people: (Act::Links(|it| part_instead(it, 5)), Act::Links(|it| part_instead(it, 1))),
        same: Act::Links(|it| part_instead(it, 2)),
        value: |it| format!("{:?}", it.parents.get(&THIRD).map(|it| it.0)),
        values: ["Some(1)", "Some(2)", "Some(5)"],
        ..PLAIN
    },
    Field {
        name: "parent, taken away",
        plan: ("- Parent: `L1`\n", ""),
        people: (Act::Links(|_| vec![part_no_more(1)]), Act::Links(|_| vec![part_of(1)])),
        same: Act::Links(|_| vec![part_no_more(1)]),
        can_disagree: false,
        value: |it| format!("{:?}", it.parents.get(&THIRD).map(|it| it.0)),
        values: ["Some(1)", "None", "None"],
        ..PLAIN
    },
    Field {
        name: "text",
        plan: ("in ten seconds", "in nine seconds"),
        people: (Act::Issue(3, |it| turning(it, "in a minute")), Act::Issue(3, |it| turning(it, "in ten seconds"))),
        same: Act::Issue(3, |it| turning(it, "in nine seconds")),
        value: |it| {
            let body = &third(it).body;
            body.lines().find(|line| line.contains("It turns")).unwrap().to_owned()
        },
        values: [
            "- [ ] It turns once in ten seconds.",
            "- [ ] It turns once in nine seconds.",
            "- [ ] It turns once in a minute.",
        ],
        ..PLAIN
    },
    Field {
        name: "title of a milestone",
        plan: ("`M1` Lamp", "`M1` Light"),
        people: (
            Act::Milestone(1, |_| milestone_patch(|it| it.title = Some("Lantern".into()))),
            Act::Milestone(1, |_| milestone_patch(|it| it.title = Some("M1 Lamp".into()))),
        ),
        same: Act::Milestone(1, |_| milestone_patch(|it| it.title = Some("M1 Light".into()))),
        value: |it| milestone(it, 1).title.clone(),
        values: ["M1 Lamp", "M1 Light", "Lantern"],
        ..PLAIN
    },
    Field {
        name: "date of a milestone",
        plan: ("2026-03-02", "2026-04-02"),
        people: (
            Act::Milestone(1, |_| milestone_patch(|it| it.due_on = Some(Some("2026-05-02".parse().unwrap())))),
            Act::Milestone(1, |_| milestone_patch(|it| it.due_on = Some(Some("2026-03-02".parse().unwrap())))),
        ),
        same: Act::Milestone(1, |_| milestone_patch(|it| it.due_on = Some(Some("2026-04-02".parse().unwrap())))),
        value: |it| milestone(it, 1).due_on.unwrap().to_string(),
        values: ["2026-03-02", "2026-04-02", "2026-05-02"],
        ..PLAIN
    },
    Field {
        name: "description of a milestone",
        plan: ("a light that turns", "a light that is seen"),
        people: (
            Act::Milestone(1, |it| described(it, "a light for all")),
            Act::Milestone(1, |it| described(it, "a light that turns")),
        ),
        same: Act::Milestone(1, |it| described(it, "a light that is seen")),
        value: |it| milestone(it, 1).description.lines().nth(1).unwrap().to_owned(),
        values: ["a light that turns", "a light that is seen", "a light for all"],
        ..PLAIN
    },
    Field {
        name: "state, done in the plan",
        plan: ("lamp\n\n- Milestone: `M1`", "lamp\n\n- Status: Done\n- Milestone: `M1`"),
        people: (Act::Issue(3, close), Act::Issue(3, reopen)),
        same: Act::Issue(3, close),
        can_disagree: false,
        is_drift: false,
        value: |it| state_name(third(it).closed).into(),
        values: ["open", "closed", "closed"],
        ..PLAIN
    },
    Field {
        name: "state, open again in the plan",
        plan: ("- Status: Done\n", ""),
        people: (Act::Issue(5, reopen), Act::Issue(5, close)),
        same: Act::Issue(5, reopen),
        can_disagree: false,
        value: |it| state_name(it.issue(IssueNumber(5)).unwrap().closed).into(),
        values: ["closed", "open", "open"],
        ..PLAIN
    },
    Field {
        name: "state of a milestone, done in the plan",
        plan: ("horn\n\n- Milestone: `M2`", "horn\n\n- Status: Done\n- Milestone: `M2`"),
        people: (Act::Milestone(2, close_milestone), Act::Milestone(2, reopen_milestone)),
        same: Act::Milestone(2, close_milestone),
        can_disagree: false,
        is_drift: false,
        value: |it| state_name(milestone(it, 2).closed).into(),
        values: ["open", "closed", "closed"],
        ..PLAIN
    },
    Field {
        name: "state of a milestone, open again in the plan",
        plan: ("- Status: Done\n", ""),
        people: (Act::Milestone(3, reopen_milestone), Act::Milestone(3, close_milestone)),
        same: Act::Milestone(3, reopen_milestone),
        can_disagree: false,
        value: |it| state_name(milestone(it, 3).closed).into(),
        values: ["closed", "open", "open"],
        ..PLAIN
    },
    Field {
        name: "box, ticked in the plan",
        plan: ("- [ ] It turns", "- [x] It turns"),
        people: (
            Act::Issue(3, |it| replaced(it, "[ ] It turns", "[X] It turns")),
            Act::Issue(3, |it| turning(it, "in ten seconds")),
        ),
        same: Act::Issue(3, |it| replaced(it, "[ ] It turns", "[x] It turns")),
        can_disagree: false,
        is_drift: false,
        value: |it| has(third(it).body.to_lowercase().contains("[x] it turns"), "ticked"),
        values: ["no", "ticked", "ticked"],
        ..PLAIN
    },
    Field {
        name: "box, unticked in the plan",
        plan: ("- [x] Oil", "- [ ] Oil"),
        people: (
            Act::Issue(3, |it| replaced(it, "[x] Oil", "[ ] Oil")),
            Act::Issue(3, |it| replaced(it, "[ ] Oil", "[x] Oil")),
        ),
        same: Act::Issue(3, |it| replaced(it, "[x] Oil", "[ ] Oil")),
        can_disagree: false,
        value: |it| has(third(it).body.contains("[x] Oil"), "ticked"),
        values: ["ticked", "no", "no"],
        ..PLAIN
    },
    Field {
        name: "label, given by the plan",
        plan: ("`glass`", "`glass`, `oil`"),
        people: (
            Act::Issue(3, |_| patch(|it| it.add_labels = vec!["oil".into()])),
            Act::Issue(3, |_| patch(|it| it.remove_labels = vec!["oil".into()])),
        ),
        same: Act::Issue(3, |_| patch(|it| it.add_labels = vec!["OIL".into()])),
        can_disagree: false,
        is_drift: false,
        value: |it| has(third(it).labels.iter().any(|label| label.eq_ignore_ascii_case("oil")), "oil"),
        values: ["no", "oil", "oil"],
        ..PLAIN
    },
    Field {
        name: "label, taken by the plan",
        plan: ("- Labels: `glass`\n", ""),
        people: (
            Act::Issue(3, |_| patch(|it| it.remove_labels = vec!["glass".into()])),
            Act::Issue(3, |_| patch(|it| it.add_labels = vec!["glass".into()])),
        ),
        same: Act::Issue(3, |_| patch(|it| it.remove_labels = vec!["glass".into()])),
        can_disagree: false,
        value: |it| has(third(it).labels.contains("glass"), "glass"),
        values: ["glass", "no", "no"],
        ..PLAIN
    },
    Field {
        name: "assignee, given by the plan",
        plan: ("@ada", "@ada, @grace"),
        people: (
            Act::Issue(3, |_| patch(|it| it.add_assignees = vec!["grace".into()])),
            Act::Issue(3, |_| patch(|it| it.remove_assignees = vec!["grace".into()])),
        ),
        same: Act::Issue(3, |_| patch(|it| it.add_assignees = vec!["grace".into()])),
        can_disagree: false,
        is_drift: false,
        value: |it| has(third(it).assignees.contains("grace"), "grace"),
        values: ["no", "grace", "grace"],
        ..PLAIN
    },
    Field {
        name: "assignee, taken by the plan",
        plan: ("- Assignees: @ada\n", ""),
        people: (
            Act::Issue(3, |_| patch(|it| it.remove_assignees = vec!["ada".into()])),
            Act::Issue(3, |_| patch(|it| it.add_assignees = vec!["ada".into()])),
        ),
        same: Act::Issue(3, |_| patch(|it| it.remove_assignees = vec!["ada".into()])),
        can_disagree: false,
        value: |it| has(third(it).assignees.contains("ada"), "ada"),
        values: ["ada", "no", "no"],
        ..PLAIN
    },
    Field {
        name: "dependency, given by the plan",
        plan: ("[L1]", "[L1, L2]"),
        people: (Act::Links(|_| vec![blocks(2)]), Act::Links(|_| vec![blocks_no_more(2)])),
        same: Act::Links(|_| vec![blocks(2)]),
        can_disagree: false,
        is_drift: false,
        value: blockers,
        values: ["#1", "#1, #2", "#1, #2"],
        ..PLAIN
    },
    Field {
        name: "dependency, taken by the plan",
        plan: ("- `depends_on: [L1]`\n", ""),
        people: (Act::Links(|_| vec![blocks_no_more(1)]), Act::Links(|_| vec![blocks(1)])),
        same: Act::Links(|_| vec![blocks_no_more(1)]),
        can_disagree: false,
        value: blockers,
        values: ["#1", "", ""],
        ..PLAIN
    },
    Field {
        name: "pin, given by the plan",
        plan: ("Pin `L4` as", "Pin `L4` and `L3` as"),
        people: (Act::Links(|_| vec![Link::Pin(THIRD)]), Act::Links(|_| vec![Link::Unpin(THIRD)])),
        same: Act::Links(|_| vec![Link::Pin(THIRD)]),
        can_disagree: false,
        is_drift: false,
        is_noted: false,
        value: pins,
        values: ["#4", "#3, #4", "#3, #4"],
    },
    Field {
        name: "pin, taken by the plan",
        plan: ("- [ ] Pin `L4` as a release gate\n", ""),
        people: (Act::Links(|_| vec![Link::Unpin(IssueNumber(4))]), Act::Links(|_| vec![Link::Pin(IssueNumber(4))])),
        same: Act::Links(|_| vec![Link::Unpin(IssueNumber(4))]),
        can_disagree: false,
        value: pins,
        values: ["#4", "", ""],
        ..PLAIN
    },
];
