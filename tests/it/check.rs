//! `check` for programs: JSON and SARIF output.

use serde_json::{Value, json};

use crate::common::{OBSERVATORY, Workplace, stderr};

/// A plan with an error, a warning and a note, at known positions.
fn broken() -> Workplace {
    let workplace = Workplace::new();
    let text = OBSERVATORY.replace("depends_on: [O1]", "depends_on: [O99]").replace("O7 --> O8", "O7 --> O6");
    workplace.write("größe 1.md", format!("---\nlayout: page\n---\n{text}"));
    workplace
}

fn check(workplace: &Workplace, format: &str) -> Value {
    let output = workplace.run(&["check", "größe 1.md", "--format", format]);
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(1), ""));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn problems_are_printed_as_json() {
    let found = check(&broken(), "json");
    assert_eq!(found["version"], 1);
    let counts = json!([{"id": "größe 1.md", "source": "größe 1.md", "dialect": "breakdown", "milestones": 3, "issues": 8,
        "labels": 8, "dependencies": 7}]);
    assert_eq!(found["plans"], counts);
    let codes: Vec<&str> =
        found["diagnostics"].as_array().unwrap().iter().filter_map(|it| it["code"].as_str()).collect();
    assert!(codes.contains(&"foreign-key") && codes.contains(&"unknown-dependency"), "{codes:?}");
    let unknown =
        found["diagnostics"].as_array().unwrap().iter().find(|it| it["code"] == "unknown-dependency").unwrap();
    assert_eq!((&unknown["line"], &unknown["column"], &unknown["severity"]), (&57.into(), &17.into(), &"error".into()));
}

#[test]
fn problems_are_printed_as_sarif_that_fits_its_schema() {
    // One pattern of the official schema has a surplus bracket, which this validator rejects.
    let schema = include_str!("../../fixtures/sarif/sarif-schema-2.1.0.json").replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let log = check(&broken(), "sarif");
    let errors: Vec<String> = validator.iter_errors(&log).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert!(!validator.is_valid(&json!({"version": "2.1.0", "runs": [{}]})), "the schema refuses what is wrong");
    let results = log["runs"][0]["results"].as_array().unwrap();
    let unknown = results.iter().find(|it| it["ruleId"] == "unknown-dependency").unwrap();
    let place = &unknown["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "gr%C3%B6%C3%9Fe%201.md");
    assert_eq!(place["region"], json!({"startLine": 57, "startColumn": 17, "endLine": 57, "endColumn": 20}));
    assert_eq!(unknown["level"], "error");
    let rule = usize::try_from(unknown["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(log["runs"][0]["tool"]["driver"]["rules"][rule]["id"], "unknown-dependency");
}

#[test]
fn a_plan_without_problems_is_an_empty_log() {
    let workplace = Workplace::new();
    workplace.write("plan.md", OBSERVATORY);
    let log: Value = serde_json::from_str(&workplace.stdout(&["check", "plan.md", "--format", "sarif"])).unwrap();
    assert_eq!(log["runs"][0]["results"], json!([]));
}
