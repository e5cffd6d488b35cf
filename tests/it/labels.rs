//! Labels: created, renamed, and those that belong to people.

use crate::common::{OBSERVATORY, Workplace, changes, stderr};
use serde_json::{Value, json};

/// The observatory plan with the label `civil` renamed to `masonry`.
fn renamed() -> String {
    let plan = OBSERVATORY.replace("`civil`", "`masonry`");
    format!("---\nlabels:\n  masonry:\n    previously: civil\n---\n{plan}")
}

fn labels(repository: &Value, number: u64) -> Vec<&str> {
    let issue = repository["issues"].as_array().unwrap().iter().find(|it| it["number"] == number).unwrap();
    issue["labels"].as_array().unwrap().iter().map(|label| label.as_str().unwrap()).collect()
}

#[test]
fn a_renamed_label_stays_on_every_issue_including_those_of_people() {
    let workplace = Workplace::applied();
    workplace.edit_repository(|it| {
        let own = json!({"number": 30, "title": "Our own", "labels": ["civil"], "author": "ada"});
        it["issues"].as_array_mut().unwrap().push(own);
    });
    workplace.write("plan.md", renamed());
    let preview = workplace.preview();
    assert_eq!(changes(&preview), ["rename label masonry: name civil → masonry"]);
    assert_eq!(preview["summary"]["update"], 1);
    workplace.apply();
    let repository = workplace.repository();
    assert_eq!((labels(&repository, 1), labels(&repository, 30)), (vec!["masonry", "safety"], vec!["masonry"]));
    // From now on the label is known by its new name, whether or not the plan keeps naming the old one.
    workplace.edit("plan.md", "---\nlabels:\n  masonry:\n    previously: civil\n---\n", "");
    assert_eq!(changes(&workplace.preview()), [""; 0]);
    workplace.edit_repository(|it| it["issues"][0]["labels"] = json!(["safety"]));
    let preview = workplace.preview();
    assert_eq!((changes(&preview), &preview["summary"]["drift"]), (vec![], &json!(1)), "people took it away");
}

#[test]
fn a_renamed_label_changes_colour_only_if_the_plan_gives_one() {
    let workplace = Workplace::applied();
    workplace.edit_repository(|it| {
        for label in it["labels"].as_array_mut().unwrap() {
            label["color"] = json!("abcdef");
        }
    });
    workplace.write("plan.md", renamed());
    workplace.apply();
    let color = |workplace: &Workplace| {
        let repository = workplace.repository();
        let labels = repository["labels"].as_array().unwrap().clone();
        labels.into_iter().find(|label| label["name"] == "masonry").unwrap()["color"].clone()
    };
    assert_eq!(color(&workplace), "abcdef");
    workplace.edit("plan.md", "previously: civil", "previously: civil\n    color: '112233'");
    assert_eq!(changes(&workplace.preview()), ["update label masonry: color abcdef → 112233"]);
    workplace.apply();
    assert_eq!(color(&workplace), "112233");
}

#[test]
fn if_both_labels_exist_neither_is_renamed() {
    let workplace = Workplace::applied();
    workplace.edit_repository(|it| {
        it["labels"].as_array_mut().unwrap().push(json!({"name": "masonry"}));
        it["issues"][2]["labels"] = json!(["civil", "optics"]);
    });
    workplace.write("plan.md", renamed());
    let text = workplace.stdout(&["preview", "plan.md", "--offline", "repo.json"]);
    assert!(text.contains("`civil` is not renamed to `masonry`, because both labels exist"), "{text}");
    workplace.apply();
    let repository = workplace.repository();
    assert_eq!(labels(&repository, 1), ["masonry", "safety"], "the plan's own issues have the new one");
    assert_eq!(labels(&repository, 3), ["civil", "optics"], "what people gave stays");
}

#[test]
fn a_previous_name_that_is_still_in_use_is_an_error_with_its_location() {
    for (front, words) in [
        ("labels:\n  masonry:\n    previously: optics", "`masonry` cannot be renamed from `optics`, which is in use"),
        ("labels:\n  a:\n    previously: x\n  b:\n    previously: X", "which is the old name of another label"),
        ("labels:\n  Civil:\n    previously: civil", "to GitHub, these names are the same"),
        ("labels:\n  masonry:\n    previosly: civil", "`description` and `previously`"),
    ] {
        let workplace = Workplace::new();
        workplace.write("plan.md", format!("---\n{front}\n---\n{OBSERVATORY}"));
        let output = workplace.run(&["check", "plan.md"]);
        assert_eq!(output.status.code(), Some(1), "{front}");
        let said = stderr(&output);
        assert!(said.contains(words), "`{words}` is missing: {said}");
        assert!(said.contains("plan.md:4:") || said.contains("plan.md:3:") || said.contains("plan.md:6:"), "{said}");
    }
}

#[test]
fn an_implicit_grey_label_gets_the_plans_colour_and_a_label_coloured_by_people_keeps_it() {
    let workplace = Workplace::new();
    let front = "---\nlabels:\n  civil:\n    description: Stone and earth\n---\n";
    workplace.write("plan.md", format!("{front}{OBSERVATORY}"));
    let repository = json!({"format": "plan-action repository", "version": 1, "labels": [
        {"name": "civil", "color": "ededed"}, {"name": "safety", "color": "ededed"},
        {"name": "optics", "color": "123abc"}, {"name": "software", "color": "ededed", "description": "Grey on purpose"}]});
    workplace.write("repo.json", repository.to_string());
    workplace.apply();
    let label = |name: &str| {
        let repository = workplace.repository();
        let there = repository["labels"].as_array().unwrap().iter().find(|it| it["name"] == name).unwrap().clone();
        (there["color"].as_str().unwrap().to_owned(), there["description"].as_str().unwrap().to_owned())
    };
    assert_ne!(label("civil").0, "ededed");
    assert_eq!(label("civil").1, "Stone and earth");
    assert_ne!(label("safety").0, "ededed");
    assert_eq!(label("optics").0, "123abc");
    assert_eq!(label("software"), ("ededed".into(), "Grey on purpose".into()));
}
