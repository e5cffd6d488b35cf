//! Sends GraphQL documents. A reply contains data, errors, or both.

use anyhow::{Result, anyhow, bail, ensure};
use serde_json::{Value, json};

use super::client::{Client, Repeat};
use super::clock::Clock;
use super::failure::{Failure, words};
use super::pacer::Cost;

/// A GraphQL reply. It can contain data together with errors.
#[derive(Debug)]
pub(crate) struct Reply {
    /// The data, or null.
    pub data: Value,
    /// The errors, if any.
    pub errors: Vec<Error>,
}

/// A GraphQL error.
#[derive(Debug)]
pub(crate) struct Error {
    /// The part of the data that the error concerns, as field names and list indexes. Empty if not stated.
    pub path: Vec<Value>,
    /// GitHub's name for the type of error.
    pub kind: String,
    /// GitHub's message, made printable.
    pub message: String,
}

impl Error {
    /// The alias of the field that the error concerns, if stated.
    pub(crate) fn alias(&self) -> Option<&str> {
        self.path.first().and_then(Value::as_str)
    }

    /// Whether the token cannot see the thing, for instance an issue of a private repository.
    pub(crate) fn is_hidden(&self) -> bool {
        matches!(self.kind.as_str(), "FORBIDDEN" | "NOT_FOUND")
    }
}

impl Reply {
    /// Whether the server does not know a field because it is older than the feature.
    pub(crate) fn lacks(&self, field: &str) -> bool {
        self.errors.iter().any(|error| error.message.contains("doesn't exist") && error.message.contains(field))
    }

    /// The first error of the reply.
    pub(crate) fn error(&self) -> Option<anyhow::Error> {
        self.errors.first().map(|error| anyhow!("GitHub's GraphQL answers: {}", error.message))
    }

    /// Whether a part of the data is missing only because the token cannot see it.
    pub(crate) fn is_hidden(&self, path: &[Value]) -> bool {
        self.errors.iter().any(|error| error.path == path && error.is_hidden())
    }
}

/// Sends a document. It may be repeated, so a mutation must be idempotent.
///
/// # Errors
///
/// If GitHub rejects the request or cannot be reached. GraphQL errors are in the [`Reply`].
pub(crate) async fn send<C: Clock>(
    client: &Client<C>,
    document: &str,
    variables: &Value,
    cost: Cost,
) -> Result<Reply, Failure> {
    let body = json!({"query": document, "variables": variables});
    let url = client.api.graphql.clone();
    let answer = client.request(http::Method::POST, &url, Some(&body), cost, Repeat::Harmless).await?;
    reply(answer.json).map_err(Failure::Unknown)
}

/// Parses a reply.
fn reply(json: Value) -> Result<Reply> {
    let Value::Object(mut fields) = json else {
        bail!("GitHub's GraphQL answers {}, not an object", kind(&json));
    };
    let data = fields.remove("data").unwrap_or_default();
    ensure!(data.is_null() || data.is_object(), "GitHub's GraphQL answers {} as data, not an object", kind(&data));
    check(&data)?;
    let errors = match fields.remove("errors") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(errors)) => errors,
        Some(other) => bail!("GitHub's GraphQL answers {} as errors, not a list", kind(&other)),
    };
    let error = |error: &Value| Error {
        path: error["path"].as_array().cloned().unwrap_or_default(),
        kind: error["type"].as_str().unwrap_or_default().to_owned(),
        message: words(error["message"].as_str().unwrap_or("no message")),
    };
    Ok(Reply { data, errors: errors.iter().map(error).collect() })
}

/// Checks that the fields that this program reads have the types of GitHub's schema. Any of them may be null.
fn check(value: &Value) -> Result<()> {
    match value {
        Value::Array(values) => values.iter().try_for_each(check),
        Value::Object(fields) => fields.iter().try_for_each(|(name, value)| {
            let fits = match name.as_str() {
                "viewer" | "repository" | "pinnedIssues" | "issues" | "issue" | "parent" | "blockedBy" => {
                    value.is_object()
                }
                "nodes" => value.is_array(),
                "login" | "nameWithOwner" => value.is_string(),
                "number" | "totalCount" => value.is_u64(),
                _ => true,
            };
            ensure!(fits || value.is_null(), "GitHub's GraphQL answers {} as `{name}`", kind(value));
            check(value)
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

/// The JSON type of a value, for messages.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_of_the_wrong_type_is_an_error() {
        for wrong in [
            json!([]),
            json!("x"),
            json!(7),
            json!(true),
            Value::Null,
            json!({"data": []}),
            json!({"data": "x"}),
            json!({"data": null, "errors": {}}),
            json!({"data": {}, "errors": "x"}),
            json!({"data": {"viewer": []}}),
            json!({"data": {"viewer": {"login": 7}}}),
            json!({"data": {"repository": {"pinnedIssues": {"nodes": {}}}}}),
            json!({"data": {"nodes": [{"number": "7"}]}}),
            json!({"data": {"nodes": [{"number": 7, "parent": {"number": -1}}]}}),
        ] {
            assert!(reply(wrong.clone()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn data_and_errors_are_both_returned_and_null_is_valid() {
        let json = json!({"data": {"viewer": null, "l0": {"issue": {"number": 3}}},
            "errors": [{"message": "a\nb\u{1b}[1m", "path": ["l1", 0]}, {"path": 7}, "x"]});
        let reply = reply(json).unwrap();
        assert_eq!(reply.data["l0"]["issue"]["number"], 3);
        let none = (None, "no message".to_owned());
        let errors: Vec<_> =
            reply.errors.iter().map(|it| (it.alias().map(str::to_owned), it.message.clone())).collect();
        assert_eq!(errors, [(Some("l1".into()), "a b[1m".into()), none.clone(), none]);
    }
}
