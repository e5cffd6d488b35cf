//! Diagnostics as SARIF 2.1.0, the format of code scanning: diagnostics come in, one log goes out.
//!
//! GitHub reads a subset:
//! <https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>

use std::fmt::Write;
use std::path::Path;

use anyhow::Result;
use serde_json::{Value, json};

use super::json::printable;
use crate::plan::rules::RULES;
use crate::plan::{Diagnostic, Severity};

/// The schema that the log follows.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const PROJECT: &str = env!("CARGO_PKG_REPOSITORY");

/// Renders diagnostics as a SARIF log of one run.
///
/// # Errors
///
/// Never for plain data as this is.
pub fn render<'d>(diagnostics: impl Iterator<Item = &'d Diagnostic>) -> Result<String> {
    let rules: Vec<Value> = RULES
        .iter()
        .map(|(code, summary)| {
            json!({
                "id": code,
                "shortDescription": {"text": summary},
                "helpUri": format!("{PROJECT}/blob/main/.github/docs/diagnostics.md#{code}"),
            })
        })
        .collect();
    let driver = json!({
        "name": "plan-action",
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "informationUri": PROJECT,
        "rules": rules,
    });
    let results: Vec<Value> = diagnostics.map(result).collect();
    let run = json!({"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results});
    let log = json!({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]});
    Ok(printable(&(serde_json::to_string_pretty(&log)? + "\n")))
}

fn result(diagnostic: &Diagnostic) -> Value {
    let Diagnostic { severity, code, message, help, source, span } = diagnostic;
    let level = match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let text = match help {
        Some(help) => format!("{message}\nhelp: {help}"),
        None => message.clone(),
    };
    let (start_line, start_column) = diagnostic.position();
    let (end_line, end_column) = source.position(span.end.max(span.start));
    json!({
        "ruleId": code,
        "ruleIndex": RULES.iter().position(|(known, _)| known == code),
        "level": level,
        "message": {"text": without_links(&text)},
        "locations": [{
            "physicalLocation": {
                "artifactLocation": {"uri": uri(&source.name)},
                "region": {
                    "startLine": start_line,
                    "startColumn": start_column,
                    "endLine": end_line,
                    "endColumn": end_column,
                },
            },
        }],
    })
}

/// A text in which no link is read: in SARIF, `[text](address)` is one, also in a plain message.
fn without_links(text: &str) -> String {
    if text.contains("](") {
        text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
    } else {
        text.to_owned()
    }
}

/// A path as a URI: relative ones stay relative, so that they are below the repository's root.
fn uri(path: &str) -> String {
    let is_absolute = Path::new(path).is_absolute();
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let mut uri = String::from(match is_absolute {
        true if path.starts_with('/') => "file://",
        true => "file:///",
        false => "",
    });
    let path = path.strip_prefix("./").unwrap_or(&path);
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris_that_lead_back_to_them() {
        assert_eq!(uri("docs/plan.md"), "docs/plan.md");
        assert_eq!(uri("./docs/Größe #1.md"), "docs/Gr%C3%B6%C3%9Fe%20%231.md");
        assert_eq!(uri("javascript:x"), "javascript%3Ax");
        if cfg!(unix) {
            assert_eq!(uri("/a/b c.md"), "file:///a/b%20c.md");
        }
    }

    #[test]
    fn a_message_has_no_links() {
        assert_eq!(without_links("write `[O1]`"), "write `[O1]`");
        assert_eq!(without_links("[x](https://evil.example)"), "\\[x\\](https://evil.example)");
    }
}
