//! GitHub's official API descriptions: which requests exist, and what they and their answers look like.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, Mutex};

use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// The REST version with the breaking changes that the description lists.
pub(crate) const NEW_VERSION: &str = "2026-03-10";
/// The previous version.
pub(crate) const OLD_VERSION: &str = "2022-11-28";

static RAW: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../fixtures/github/openapi.json")).unwrap());

static OPENAPI: LazyLock<Value> = LazyLock::new(|| with_types_of_null(RAW.clone()));

/// The description of [`NEW_VERSION`].
static NEW_OPENAPI: LazyLock<Value> = LazyLock::new(|| {
    let mut openapi = RAW.clone();
    let schemas = openapi["components"]["schemas"].as_object_mut().unwrap();
    for schema in schemas.values_mut() {
        for change in breaking_changes(schema) {
            merge_patch(schema, &change);
        }
    }
    with_types_of_null(openapi)
});

/// The fields that [`NEW_VERSION`] no longer has.
static REMOVED: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let schemas = RAW["components"]["schemas"].as_object().unwrap();
    let patches = schemas.values().flat_map(breaking_changes);
    let properties = patches.filter_map(|patch| patch["properties"].as_object().cloned()).flatten();
    properties.filter(|(_, schema)| schema.is_null()).map(|(name, _)| name).collect()
});

/// The changes that [`NEW_VERSION`] makes to a schema, as JSON merge patches.
fn breaking_changes(schema: &Value) -> Vec<Value> {
    let changes = schema["x-github-breaking-changes"].as_array().cloned().unwrap_or_default();
    changes.into_iter().filter(|it| it["version"] == NEW_VERSION).map(|it| it["patch"].clone()).collect()
}

/// Applies a JSON merge patch (RFC 7396).
fn merge_patch(target: &mut Value, patch: &Value) {
    let Some(patch) = patch.as_object() else {
        target.clone_from(patch);
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    let target = target.as_object_mut().unwrap();
    for (name, value) in patch {
        if value.is_null() {
            target.remove(name);
        } else {
            merge_patch(target.entry(name).or_insert(Value::Null), value);
        }
    }
}

/// Removes the fields that [`NEW_VERSION`] no longer returns.
pub(crate) fn without_removed(answer: &mut Value) {
    match answer {
        Value::Array(list) => list.iter_mut().for_each(without_removed),
        Value::Object(object) => {
            object.retain(|name, _| !REMOVED.contains(name));
            object.values_mut().for_each(without_removed);
        }
        _ => {}
    }
}

fn with_types_of_null(mut openapi: Value) -> Value {
    nullable(&mut openapi["components"]["schemas"]);
    nullable(&mut openapi["paths"]);
    nullable(&mut openapi["components"]["responses"]);
    openapi
}

static SCHEMA: LazyLock<Valid<Schema>> = LazyLock::new(|| {
    let text = include_str!("../../../fixtures/github/schema.graphql");
    Schema::parse_and_validate(text, "schema.graphql").unwrap()
});

static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// Translates OpenAPI 3.0's `nullable` to JSON Schema.
fn nullable(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(nullable),
        Value::Object(object) => {
            object.values_mut().for_each(nullable);
            if object.remove("nullable") == Some(json!(true)) {
                let inner = Value::Object(std::mem::take(object));
                object.insert("anyOf".into(), json!([inner, {"type": "null"}]));
            }
        }
        _ => {}
    }
}

/// Validates a value against a schema.
fn problems(schema: &Value, value: &Value) -> Vec<String> {
    problems_of(&OPENAPI, schema, value)
}

fn problems_of(openapi: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let key = format!("{:p} {schema}", std::ptr::from_ref(openapi));
    let validator = VALIDATORS.lock().unwrap().get(&key).cloned();
    let validator = validator.unwrap_or_else(|| {
        let whole = json!({"allOf": [schema], "components": openapi["components"]});
        let validator = Arc::new(jsonschema::validator_for(&whole).unwrap());
        VALIDATORS.lock().unwrap().insert(key, Arc::clone(&validator));
        validator
    });
    validator.iter_errors(value).map(|error| format!("{error} at {}", error.instance_path())).collect()
}

fn resolve(mut value: &'static Value) -> &'static Value {
    while let Some(reference) = value["$ref"].as_str() {
        value = OPENAPI.pointer(reference.trim_start_matches('#')).unwrap();
    }
    value
}

/// An operation of the API description.
pub(crate) struct Operation {
    /// Its path with parameters, such as `/repos/{owner}/{repo}`.
    pub template: &'static str,
    description: &'static Value,
}

/// The operation that a request addresses, and the values of its path parameters.
pub(crate) fn operation(method: &str, path: &str) -> Option<(Operation, Vec<String>)> {
    let parts: Vec<&str> = path.split('/').collect();
    let paths = OPENAPI["paths"].as_object().unwrap();
    let mut found: Vec<(usize, Operation, Vec<String>)> = Vec::new();
    for (template, item) in paths {
        let pattern: Vec<&str> = template.split('/').collect();
        let is_value = |part: &str| part.starts_with('{');
        let fits = pattern.len() == parts.len()
            && pattern.iter().zip(&parts).all(|(pattern, part)| is_value(pattern) || pattern == part);
        let Some(description) = item.get(method.to_lowercase()).filter(|_| fits) else { continue };
        let values = pattern.iter().zip(&parts).filter(|(pattern, _)| is_value(pattern));
        let values = values.map(|(_, part)| decode(part)).collect::<Vec<_>>();
        found.push((values.len(), Operation { template, description }, values));
    }
    found.sort_by_key(|(values, _, _)| *values);
    found.into_iter().next().map(|(_, operation, values)| (operation, values))
}

/// Decodes percent-encoding.
pub(crate) fn decode(part: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = part.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let hex = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

impl Operation {
    /// Problems with a request's parameters and body.
    pub(crate) fn request_problems(&self, query: &[(String, String)], body: Option<&Value>) -> Vec<String> {
        let mut problems = Vec::new();
        let parameters: Vec<&Value> =
            self.description["parameters"].as_array().into_iter().flatten().map(resolve).collect();
        for (name, value) in query {
            let Some(parameter) = parameters.iter().find(|it| it["name"] == *name && it["in"] == "query") else {
                problems.push(format!("there is no query parameter `{name}`"));
                continue;
            };
            let value = value.parse::<i64>().map_or_else(|_| json!(value), Value::from);
            problems.extend(self::problems(&parameter["schema"], &value));
        }
        let schema = &self.description["requestBody"]["content"]["application/json"]["schema"];
        match body {
            Some(body) if schema.is_null() => problems.push(format!("there is no body here: {body}")),
            Some(body) => {
                problems.extend(self::problems(schema, body));
                problems.extend(unknown_fields(schema, body));
            }
            None if self.description["requestBody"]["required"] == true => problems.push("a body is missing".into()),
            None => {}
        }
        problems
    }

    /// Problems with an answer, according to an API version.
    pub(crate) fn answer_problems(&self, version: &str, status: u16, body: &Value) -> Vec<String> {
        let responses = &self.description["responses"];
        let Some(response) = responses.get(status.to_string()) else {
            // Errors for limits, permissions and outages are possible everywhere and not described.
            let anywhere = matches!(status, 401 | 403 | 404 | 410 | 429 | 500..);
            return if anywhere { Vec::new() } else { vec![format!("it does not answer {status}")] };
        };
        let schema = &resolve(response)["content"]["application/json"]["schema"];
        if schema.is_null() {
            return Vec::new();
        }
        problems_of(if version == NEW_VERSION { &NEW_OPENAPI } else { &OPENAPI }, schema, body)
    }
}

/// Fields that the description of a body does not have. GitHub ignores them, so a typo would go unnoticed.
fn unknown_fields(schema: &'static Value, body: &Value) -> Vec<String> {
    let Some(known) = schema["properties"].as_object() else { return Vec::new() };
    let fields = body.as_object().into_iter().flat_map(Map::keys);
    fields.filter(|field| !known.contains_key(*field)).map(|field| format!("there is no field `{field}`")).collect()
}

/// An object of the description with these fields. Other required fields are filled in.
pub(crate) fn object(name: &str, fields: Value) -> Value {
    fill(&OPENAPI["components"]["schemas"][name], Some(fields))
}

/// An entry of a described list; see [`object`].
pub(crate) fn filled(list: &str, fields: Value) -> Value {
    fill(&OPENAPI["components"]["schemas"][list]["items"], Some(fields))
}

fn fill(schema: &'static Value, fields: Option<Value>) -> Value {
    let schema = resolve(schema);
    if let Some(choices) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
        let is_null = choices.iter().any(|choice| choice["type"] == "null");
        return if is_null && fields.is_none() { Value::Null } else { fill(&choices[0], fields) };
    }
    if let Some(first) = schema["allOf"].get(0) {
        return fill(first, fields);
    }
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    match schema["type"].as_str() {
        Some("string") => match schema["format"].as_str() {
            Some("date-time") => json!("2026-01-01T00:00:00Z"),
            Some("uri") => json!("https://github.example/x"),
            _ => json!("text"),
        },
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(false),
        Some("array") => json!([]),
        _ => {
            let Some(Value::Object(mut object)) = fields.or(Some(json!({}))) else { return Value::Null };
            for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                if !object.contains_key(name) {
                    object.insert(name.to_owned(), fill(&schema["properties"][name], None));
                }
            }
            object.into()
        }
    }
}

/// Validates a GraphQL document against the schema.
pub(crate) fn document(text: &str) -> Result<Valid<ExecutableDocument>, String> {
    ExecutableDocument::parse_and_validate(&SCHEMA, text, "request.graphql").map_err(|error| error.errors.to_string())
}

/// Problems with the variables of a document: all declared variables must be given, and no others.
pub(crate) fn variable_problems(document: &ExecutableDocument, variables: &Value) -> Vec<String> {
    let operation = document.operations.get(None).unwrap();
    let given = variables.as_object().cloned().unwrap_or_default();
    let mut problems = Vec::new();
    for variable in &operation.variables {
        let value = given.get(variable.name.as_str()).unwrap_or(&Value::Null);
        if variable.ty.is_non_null() && value.is_null() {
            problems.push(format!("the variable `{}` is missing", variable.name));
        }
        let is_list = variable.ty.is_list();
        if !value.is_null() && value.is_array() != is_list {
            problems.push(format!("the variable `{}` is of another type: {value}", variable.name));
        }
    }
    for name in given.keys() {
        if !operation.variables.iter().any(|variable| variable.name == name.as_str()) {
            problems.push(format!("there is no variable `{name}`"));
        }
    }
    problems
}

/// The part of a value that a selection asks for. Records values that violate the schema.
pub(crate) fn select(
    document: &ExecutableDocument,
    selection: &apollo_compiler::executable::SelectionSet,
    value: &Value,
    problems: &mut Vec<String>,
) -> Value {
    use apollo_compiler::executable::Selection;
    match value {
        Value::Array(list) => list.iter().map(|value| select(document, selection, value, problems)).collect(),
        Value::Object(_) => {
            let mut selected = Map::new();
            for part in &selection.selections {
                match part {
                    Selection::Field(field) => {
                        let name = field.alias.as_ref().unwrap_or(&field.name);
                        let from = value.get(name.as_str()).or_else(|| value.get(field.name.as_str()));
                        let from = from.unwrap_or(&Value::Null);
                        if from.is_null() && field.definition.ty.is_non_null() {
                            problems.push(format!("`{}` of {} cannot be null", field.name, selection.ty));
                        }
                        let inner = if field.selection_set.selections.is_empty() {
                            from.clone()
                        } else {
                            select(document, &field.selection_set, from, problems)
                        };
                        selected.insert(name.to_string(), inner);
                    }
                    Selection::InlineFragment(fragment) => {
                        if let Value::Object(inner) = select(document, &fragment.selection_set, value, problems) {
                            selected.extend(inner);
                        }
                    }
                    Selection::FragmentSpread(spread) => {
                        let fragment = &document.fragments[&spread.fragment_name];
                        if let Value::Object(inner) = select(document, &fragment.selection_set, value, problems) {
                            selected.extend(inner);
                        }
                    }
                }
            }
            selected.into()
        }
        other => other.clone(),
    }
}
