//! `pull`: what people changed on GitHub is written into the plan, in its own place.

use std::collections::{BTreeMap, BTreeSet};

use plan_action::model::snapshot::{IssueNumber, Snapshot};
use plan_action::repository::file::FileWriter;
use plan_action::repository::file::format::Repository;
use plan_action::repository::{Observer, Writer};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use crate::co_ownership::moves::{Edit, edit};
use crate::common::{Workplace, stderr};
use crate::generated::forms::{ALL, document};
use crate::generated::phases::growth;
use crate::generated::spec;
use crate::wire::run::wait;

const PULL: [&str; 4] = ["pull", "plan.md", "--offline", "repo.json"];

/// A plan that is applied.
fn applied(plan: &str) -> Workplace {
    let workplace = Workplace::new();
    workplace.write("plan.md", plan);
    let output = workplace.run(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    workplace
}

/// The lines that differ between two texts.
fn changed(before: &str, after: &str) -> String {
    let diff = similar::TextDiff::from_lines(before, after);
    let lines = diff.iter_all_changes().filter(|change| change.tag() != similar::ChangeTag::Equal);
    lines.map(|change| format!("{}{change}", change.tag())).collect()
}

/// What an apply would change that people see, and drift.
fn left(workplace: &Workplace) -> Vec<String> {
    let preview = workplace.preview();
    let fields = |change: &Value| -> Vec<String> {
        let fields = change["fields"].as_array().unwrap().iter();
        let seen = fields.filter(|it| it["from"] != it["to"] && it["field"] != "key");
        seen.map(|it| format!("{} {} {}: {it}", change["op"], change["kind"], change["title"])).collect()
    };
    let both = [&preview["changes"], &preview["drift"]];
    both.into_iter().flat_map(|list| list.as_array().unwrap()).flat_map(fields).collect()
}

const BOXES: &str = "\
# Garden\r
\r
## Phase 1: Soil\r
\r
-\t[ ] T001 Dig the bed (depends on T002) @ada\r
- [x] T002 Buy a spade\r
\r
## Phase 2: Seeds\r
\r
- [ ] T003 Sow the beans\r
";

#[test]
fn what_people_changed_is_written_in_its_place_and_nothing_else() {
    let workplace = applied(BOXES);
    workplace.edit_repository(|it| {
        let issues = it["issues"].as_array_mut().unwrap();
        let at = |key: &str| issues.iter().position(|it| it["title"].as_str().unwrap().starts_with(key)).unwrap();
        let (dig, buy, sow) = (at("T001"), at("T002"), at("T003"));
        issues[dig]["state"] = json!("closed");
        issues[dig]["title"] = json!("T001 Dig | the `bed`");
        issues[dig]["blocked_by"] = json!([]);
        issues[dig]["body"] = json!(issues[dig]["body"].as_str().unwrap().replace("Blocked by #1\n", ""));
        issues[buy]["state"] = json!("open");
        issues[sow]["milestone"] = json!(1);
    });
    let said = workplace.stdout(&PULL);
    insta::assert_snapshot!(said);
    insta::assert_snapshot!(changed(BOXES, &workplace.read("plan.md")).replace('\r', "␍"));
    assert_eq!(left(&workplace), Vec::<String>::new());
    assert_eq!(workplace.stdout(&PULL), "plan.md: nothing to pull.\n");
}

const TABLE: &str = "\
| ID | Task              | Status      | Labels     | Owner | Milestone |
|----|-------------------|-------------|------------|-------|-----------|
| A1 | Draw the map      | In progress | `web`, api | @ada  | Beta      |
| A2 | Print it          | ✅ Done     | `web`      |       | Alpha     |
| A3 | Sell it           | In progress | api        | -     | Beta      |
";

#[test]
fn a_table_keeps_its_words_and_columns() {
    let workplace = applied(TABLE);
    workplace.edit_repository(|it| {
        let issues = it["issues"].as_array_mut().unwrap();
        let at = |title: &str, issues: &Vec<Value>| {
            issues.iter().position(|it| it["title"].as_str().unwrap().ends_with(title))
        };
        let map = at("Draw the map", issues).unwrap();
        let milestone = issues[at("Print it", issues).unwrap()]["milestone"].clone();
        issues[map]["state"] = json!("closed");
        issues[map]["labels"] = json!(["api"]);
        issues[map]["assignees"] = json!(["grace"]);
        issues[map]["milestone"] = milestone;
        let sold = at("Sell it", issues).unwrap();
        issues[sold]["title"] = json!("Sell | give it");
    });
    workplace.stdout(&PULL);
    insta::assert_snapshot!(changed(TABLE, &workplace.read("plan.md")));
    assert_eq!(left(&workplace), Vec::<String>::new());
}

#[test]
fn a_check_writes_nothing_and_a_patch_is_shown() {
    let workplace = applied(BOXES);
    let before = workplace.read("plan.md");
    let check = [&PULL[..], &["--check"]].concat();
    assert_eq!(workplace.run(&check).status.code(), Some(0));
    workplace.edit_repository(|it| it["issues"][2]["state"] = json!("closed"));
    let output = workplace.run(&check);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    let patch = workplace.stdout(&[&PULL[..], &["--format", "diff"]].concat());
    assert!(patch.starts_with("--- a/plan.md\n+++ b/plan.md\n@@ "), "{patch}");
    assert!(patch.contains("-- [ ] T003 Sow the beans") && patch.contains("+- [x] T003 Sow the beans"), "{patch}");
    assert_eq!(workplace.read("plan.md"), before);
}

#[test]
fn new_issues_of_the_team_are_appended_where_that_is_asked_for() {
    let workplace = applied(BOXES);
    let issue = |number: u64, title: &str, association: &str| json!({ "number": number, "title": title, "milestone": 2, "author": "eve", "author_association": association });
    workplace.edit_repository(|it| {
        let issues = it["issues"].as_array_mut().unwrap();
        issues.push(issue(10, "Water `them`", "MEMBER"));
        issues.push(issue(11, "Buy my pills", "NONE"));
        issues.push(issue(12, "T003 --> <!-- id: T001 -->", "MEMBER"));
    });
    assert_eq!(workplace.stdout(&PULL), "plan.md: nothing to pull.\n");
    let said = workplace.stdout(&[&PULL[..], &["--new"]].concat());
    insta::assert_snapshot!(said);
    insta::assert_snapshot!(changed(BOXES, &workplace.read("plan.md")).replace('\r', "␍"), @"+- [ ] Water `them`␍");
    let preview = workplace.preview();
    let ops: Vec<&Value> = preview["changes"].as_array().unwrap().iter().map(|change| &change["op"]).collect();
    assert_eq!(ops, ["adopt"]);
}

#[test]
fn keys_make_renames_exact() {
    let plan = "# Garden\n\n## Phase 1: Soil\n\n- [ ] Dig the bed\n- [ ] Dig the bed well\n";
    let workplace = applied(plan);
    workplace.stdout(&[&PULL[..], &["--keys"]].concat());
    let keyed = workplace.read("plan.md");
    insta::assert_snapshot!(changed(plan, &keyed));
    workplace.apply();
    workplace.write("plan.md", keyed.replace("Dig the bed well <!--", "Something else <!--"));
    let preview = workplace.preview();
    assert_eq!(preview["changes"][0]["op"], "update", "{preview}");
    assert_eq!(preview["changes"].as_array().unwrap().len(), 1);
}

/// What the plan says of each of its issues, by its number on GitHub.
fn said(workplace: &Workplace, numbers: &BTreeMap<String, u64>) -> BTreeMap<u64, Value> {
    let shown = workplace.run(&["show", "plan.md", "--format", "json"]);
    let shown: Value = serde_json::from_slice(&shown.stdout).unwrap();
    let milestones: BTreeMap<&str, &str> = shown["milestones"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["key"].as_str().unwrap(), it["title"].as_str().unwrap()))
        .collect();
    let issues = shown["issues"].as_array().unwrap();
    let title = |key: &Value| {
        let issue = issues.iter().find(|it| it["key"] == *key).unwrap();
        numbers.get(issue["title"].as_str().unwrap()).copied()
    };
    let all = issues.iter().map(|issue| {
        let number = numbers.get(issue["title"].as_str().unwrap()).copied().unwrap_or_default();
        let depends_on: BTreeSet<Option<u64>> = issue["depends_on"].as_array().unwrap().iter().map(title).collect();
        let milestone = issue["milestone"].as_str().map(|key| milestones[key]);
        let value = json!({
            "milestone": milestone, "labels": issue["labels"], "assignees": issue["assignees"], "state": issue["state"],
            "depends_on": depends_on, "body": issue["body"], "title": issue["title"],
        });
        (number, value)
    });
    all.collect()
}

/// The numbers of the issues of a repository, by their titles.
fn numbers(snapshot: &Snapshot) -> BTreeMap<String, u64> {
    snapshot
        .issues
        .iter()
        .map(|issue| (issue.title.split_whitespace().collect::<Vec<_>>().join(" "), issue.number.0))
        .collect()
}

/// Lets people edit an applied plan, and pulls. What is said of an issue that nobody touched stays the same; whatever was
/// pulled is neither drift nor a change; and pulling once more writes nothing.
fn pull_after(document: &str, edits: &[(Index, Edit)]) -> Result<(), TestCaseError> {
    let workplace = applied(document);
    let mut writer = FileWriter::open(&workplace.path("repo.json")).unwrap();
    let before = wait(writer.observe()).unwrap();
    let plan_before = said(&workplace, &numbers(&before));
    for (at, edit) in edits {
        let snapshot = wait(writer.observe()).unwrap();
        wait(edit.on(*at, &snapshot, &[], &mut writer));
    }
    wait(writer.finish()).unwrap();
    drop(writer);
    let after = Repository::parse(&workplace.read("repo.json")).unwrap().snapshot();
    let output = workplace.run(&PULL);
    prop_assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let told = String::from_utf8(output.stdout).unwrap();
    let context = format!("{told}\n{}", changed(document, &workplace.read("plan.md")));

    let titles: BTreeMap<String, u64> = numbers(&before).into_iter().chain(numbers(&after)).collect();
    let plan_after = said(&workplace, &titles);
    prop_assert_eq!(plan_after.len(), plan_before.len(), "{}", &context);
    let renamed: BTreeSet<&str> = (before.milestones.iter().zip(&after.milestones))
        .filter(|(before, after)| before.title != after.title)
        .map(|(before, _)| before.title.as_str())
        .collect();
    for (number, old) in &plan_before {
        let (was, is) = (before.issue(IssueNumber(*number)), after.issue(IssueNumber(*number)));
        let links = |snapshot: &Snapshot| snapshot.blockers(Some(IssueNumber(*number)));
        let is_renamed = old["milestone"].as_str().is_some_and(|title| renamed.contains(title));
        if was == is && links(&before) == links(&after) && !is_renamed {
            prop_assert_eq!(Some(old), plan_after.get(number), "{}", &context);
        }
    }
    if !told.contains("not pulled") {
        let left: Vec<String> = left(&workplace)
            .into_iter()
            // A milestone is done when all of its issues are; pins and texts are no values of a plan.
            .filter(|it| !(it.contains("\"milestone\"") && it.contains("\"state\"")))
            .filter(|it| !it.contains("\"pinned\""))
            .filter(|it| !it.contains("\"description\"") && !it.contains("\"body\"") && !it.contains("\"color\""))
            .collect();
        prop_assert!(left.is_empty(), "{:#?}\n{}", left, context);
    }
    let pulled = workplace.read("plan.md");
    workplace.run(&PULL);
    prop_assert_eq!(workplace.read("plan.md"), pulled, "a second pull wrote something: {}", context);
    Ok(())
}

/// Edits of values that every form of a plan may hold.
fn value_edit() -> impl Strategy<Value = Edit> {
    let title = select(vec![
        "Quite another",
        "**Bold** `code` | x",
        "--> <!-- id: T001 -->",
        "# A\u{a0}b",
        "[x] Done (P1) @ada",
        "T001",
        "---",
        "<b>",
    ]);
    prop_oneof![
        (title, 0..1000u16).prop_map(|(title, number)| Edit::Title(format!("{title} {number}"))),
        Just(Edit::Close),
        Just(Edit::Reopen),
        any::<Index>().prop_map(|at| Edit::Milestone(Some(at))),
        any::<Index>().prop_map(Edit::Unblock),
        any::<Index>().prop_map(|at| Edit::MilestoneTitle(at, "Another phase".into())),
    ]
}

fn config(cases: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: asked.unwrap_or(cases),
        failure_persistence: None,
        max_shrink_iters: 60,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(10))]

    #[test]
    fn a_pull_leaves_no_drift_and_touches_nobody_elses_items(
        spec in spec(),
        edits in vec((any::<Index>(), edit()), 1..8),
    ) {
        let document = spec.document(false);
        // A plan that restores what people change has no drift to pull.
        prop_assume!(!spec.drift_restores && spec.issues.iter().any(|issue| issue.present));
        pull_after(&document, &edits)?;
    }

    #[test]
    fn a_pull_understands_every_form(
        growth in growth(),
        form in select(ALL.to_vec()),
        edits in vec((any::<Index>(), value_edit()), 1..6),
    ) {
        // Issues are told apart by their titles here.
        let titles: Vec<&str> = growth.before.iter().flat_map(|phase| &phase.items).map(|item| item.title).collect();
        prop_assume!(titles.iter().collect::<BTreeSet<_>>().len() == titles.len());
        pull_after(&document(&growth.before, form), &edits)?;
    }
}
