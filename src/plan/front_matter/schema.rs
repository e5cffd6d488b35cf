//! The JSON Schema of the front matter, which editors validate and complete it with: made from the settings, kept in
//! `.github/front-matter.schema.json`, and held against what the reader accepts.

#![allow(clippy::too_many_lines, reason = "a schema and a table of cases are long")]

use std::fs;
use std::path::Path;

use clap::ValueEnum;
use serde_json::{Value, json};

use super::KEYS;
use crate::model::limits;
use crate::plan::read::DIALECTS;
use crate::plan::settings::{Adopt, DeclaredForm, DeclaredLabel, Drift, IssueSource, Removed, Settings, Tasks};
use crate::plan::source::Source;
use crate::plan::{self, PlanId, Severity};

const FILE: &str = ".github/front-matter.schema.json";

/// The values of a setting, each with its description.
fn choice<T: ValueEnum>(about: &str) -> Value {
    let values = T::value_variants().iter().filter_map(ValueEnum::to_possible_value);
    let mut options: Vec<Value> = values
        .map(|value| json!({"const": value.get_name(), "description": value.get_help().map(ToString::to_string)}))
        .collect();
    if options.iter().any(|option| option["const"] == "off") {
        options.push(json!({"const": false, "description": "YAML reads `off` as this."}));
    }
    json!({"description": about, "oneOf": options})
}

fn texts(about: &str) -> Value {
    let text = json!({"type": ["string", "number"]});
    json!({"description": about, "anyOf": [text, {"type": "array", "items": text}, {"type": "null"}]})
}

/// The schema. A new setting does not compile until it has its place here.
fn schema() -> Value {
    let Settings {
        plan: _,
        dialect: _,
        read: DeclaredForm { milestones: _, issues: _, skip: _, columns: _ },
        start: _,
        labels: _,
        default_labels: _,
        default_assignees: _,
        gates: _,
        tasks: _,
        repair_encoding: _,
        removed: _,
        drift: _,
        adopt: _,
        footer: _,
        pin_gates: _,
    } = Settings::default();
    let DeclaredLabel { color: _, description: _, previously: _ } = DeclaredLabel::default();
    let color =
        json!({"type": "string", "pattern": "^#?[0-9A-Fa-f]{6}$", "description": "Six hexadecimal digits, in quotes."});
    let label = json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "color": color,
            "description": {"type": "string", "maxLength": limits::LABEL_DESCRIPTION},
            "previously": {
                "type": "string",
                "minLength": 1,
                "maxLength": limits::LABEL_NAME,
                "description": "The old name of the label, which is renamed.",
            },
        },
    });
    let milestones = json!({
        "description": "What carries the milestones: a heading pattern such as \"## Phase *\", or `table`, `list` or `none`.",
        "anyOf": [{"enum": ["table", "list", "none"]}, {"type": "string", "pattern": "^#{1,6}([^#]|$)"}],
    });
    let dialects: Vec<&str> = DIALECTS.iter().map(|(name, _)| *name).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("https://raw.githubusercontent.com/org/plan-action/main/{FILE}"),
        "title": "Front matter of a plan for plan-action",
        "description": "The settings between two lines of `---` at the top of a plan. Keys of other tools are ignored.",
        "type": ["object", "null"],
        "properties": {
            "plan": {"type": ["string", "number"], "minLength": 1, "description": "The identity of the plan. By default, its path."},
            "read": {
                "description": "How the document is read. By default, the form that explains most of it.",
                "type": ["object", "null"],
                "additionalProperties": false,
                "properties": {
                    "milestones": milestones,
                    "issues": choice::<IssueSource>("What carries the issues."),
                    "skip": texts("The headings of sections that are not read."),
                    "columns": {
                        "type": ["object", "null"],
                        "description": "What the columns of tables hold: header to field.",
                        "additionalProperties": {"type": "string"},
                    },
                },
            },
            "dialect": {"enum": dialects, "description": "A preset of `read`."},
            "start": {"type": "string", "minLength": 1, "description": "The first day of week 1, such as 2026-03-10."},
            "labels": {
                "description": "Labels with their colours.",
                "type": ["object", "null"],
                "propertyNames": {"maxLength": limits::LABEL_NAME},
                "additionalProperties": {"anyOf": [color, label, {"type": "null"}]},
            },
            "defaults": {
                "description": "What every issue gets.",
                "type": ["object", "null"],
                "additionalProperties": false,
                "properties": {
                    "labels": texts("Labels for every issue."),
                    "assignees": texts("Logins that every issue is assigned to."),
                },
            },
            "gates": texts("Keys or titles of issues that are release gates."),
            "tasks": choice::<Tasks>("What a checkbox of a milestone becomes."),
            "repair-encoding": {"type": "boolean", "description": "Whether wrongly decoded text (`âœ…`) is repaired."},
            "removed": choice::<Removed>("What happens to an issue whose item left the plan."),
            "drift": choice::<Drift>("What happens to a value that people changed on GitHub."),
            "footer": {"type": "boolean", "description": "Whether the text of an issue ends with a line that links to the plan."},
            "adopt": choice::<Adopt>("Whether an existing issue with the same title becomes the plan's."),
        },
    })
}

fn validator() -> jsonschema::Validator {
    jsonschema::validator_for(&schema()).unwrap()
}

/// Whether the reader finds no error in a front matter.
fn is_accepted(yaml: &str) -> bool {
    let text = format!("---\n{yaml}\n---\n# Plan\n\n## Phase 1: Ground\n\n- [ ] Pour the pier\n- [ ] Pull the cable\n");
    let codes =
        ["bad-value", "bad-front-matter", "unknown-key", "impossible-date", "label-too-long", "unknown-dialect"];
    let reading = plan::read(&Source::new("plan.md", text), PlanId::new("plan.md"));
    !reading.diagnostics.iter().any(|it| it.severity == Severity::Error && codes.contains(&it.code))
}

fn markdown_files(folder: &Path) -> Vec<String> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| if path.is_dir() { markdown_files(&path) } else { vec![path.display().to_string()] })
        .filter(|path| path.ends_with(".md"))
        .collect()
}

#[test]
fn the_schema_in_the_repository_is_current() {
    let current = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(&file, &current).unwrap();
    }
    assert!(fs::read_to_string(file).unwrap() == current, "run `UPDATE_SCHEMA=1 cargo test --lib schema`");
}

#[test]
fn every_key_is_described_and_no_other() {
    let schema = schema();
    let mut keys: Vec<&str> = schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
    let mut known = KEYS;
    keys.sort_unstable();
    known.sort_unstable();
    assert_eq!(keys, known);
}

#[test]
fn the_front_matter_of_all_fixtures_and_examples_is_valid() {
    let validator = validator();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files =
        [root.join("fixtures"), root.join(".github")].iter().flat_map(|it| markdown_files(it)).collect::<Vec<_>>();
    let mut checked = 0;
    for file in files {
        let text = fs::read_to_string(&file).unwrap().replace("\r\n", "\n");
        let text = text.trim_start_matches('\u{feff}');
        let Some((yaml, _)) = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")) else { continue };
        let value: Value = serde_yaml::from_str(yaml).unwrap();
        let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{file}: {errors:?}");
        checked += 1;
    }
    assert!(checked > 0, "no file has front matter");
}

#[test]
fn the_schema_accepts_what_the_reader_accepts_and_refuses_what_it_refuses() {
    let validator = validator();
    for yaml in [
        "plan: sky",
        "plan: 7",
        "plan: [a]",
        "plan:",
        "plan: \"\"",
        "read: {milestones: \"## Phase *\", issues: checkboxes, skip: [Appendix], columns: {Squad: label}}",
        "read: {milestones: table}",
        "read: {milestones: phases}",
        "read: {milestones: \"####### x\"}",
        "read: {issues: boxes}",
        "read: {isues: rows}",
        "read: {skip: Appendix}",
        "read:",
        "read: rows",
        "dialect: tracker",
        "dialect: prose",
        "start: 2026-03-10",
        "start: [2026-03-10]",
        "start:",
        "labels: {api: \"0e8a16\"}",
        "labels: {api: \"#0E8A16\"}",
        "labels: {api: blue}",
        "labels: {api: 123456}",
        "labels: {api: {color: \"0e8a16\", description: x, previously: web}}",
        "labels: {api: {colour: \"0e8a16\"}}",
        "labels: {api: }",
        "labels: [api]",
        "labels: {api: {previously: \"\"}}",
        "defaults: {labels: [api], assignees: ada}",
        "defaults: {label: api}",
        "defaults: api",
        "defaults:",
        "gates: [O5]",
        "gates: O5",
        "gates: [[O5]]",
        "gates:",
        "tasks: checklist",
        "tasks: boxes",
        "tasks:",
        "tasks: [issues]",
        "repair-encoding: true",
        "repair-encoding: maybe",
        "footer: false",
        "footer: hide",
        "removed: keep",
        "removed: delete",
        "drift: restore",
        "drift: undo",
        "adopt: off",
        "adopt: \"off\"",
        "adopt: false",
        "adopt: true",
        "adopt: title",
        "layout: page",
        "- a",
        "just words",
    ] {
        let value: Value = serde_yaml::from_str(yaml).unwrap();
        let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert_eq!(errors.is_empty(), is_accepted(yaml), "{yaml}: {errors:?}");
    }
}
