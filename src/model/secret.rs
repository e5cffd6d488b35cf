//! The secrets of this process, and redaction.
//!
//! A token is registered before it is used. Everything that is printed or written for the runner passes through
//! [`hide`], and everything sent to GitHub passes through [`hide_in_json`].

use std::borrow::Cow;
use std::sync::{PoisonError, RwLock};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use serde_json::Value;

/// Replaces a secret; GitHub's runner prints the same.
const HIDDEN: &str = "***";
/// The shortest secret, in bytes. A shorter text is not a token, and hiding it would garble everything else.
const SHORTEST: usize = 8;

/// Every encoded form of every secret, in lower case unless the form is case-sensitive.
static FORMS: RwLock<Vec<Form>> = RwLock::new(Vec::new());

#[derive(Debug, PartialEq, Eq)]
struct Form {
    text: String,
    any_case: bool,
}

/// Registers a secret, so that neither it nor its usual encodings are shown. Texts of fewer than 8 bytes are ignored.
pub fn register(secret: &str) {
    let secret = secret.trim();
    if secret.len() < SHORTEST {
        return;
    }
    let mut forms = FORMS.write().unwrap_or_else(PoisonError::into_inner);
    for form in forms_of(secret) {
        if !forms.contains(&form) {
            forms.push(form);
        }
    }
}

/// Replaces every registered secret in a text with `***`.
pub fn hide(text: &str) -> Cow<'_, str> {
    let forms = FORMS.read().unwrap_or_else(PoisonError::into_inner);
    let mut clean = Cow::Borrowed(text);
    for form in forms.iter() {
        if let Some(replaced) = form.hidden(&clean) {
            clean = Cow::Owned(replaced);
        }
    }
    clean
}

/// Replaces secrets in every string of a JSON value, including field names.
pub fn hide_in_json(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Cow::Owned(clean) = hide(text) {
                *text = clean;
            }
        }
        Value::Array(values) => values.iter_mut().for_each(hide_in_json),
        Value::Object(fields) => {
            if fields.keys().any(|name| matches!(hide(name), Cow::Owned(_))) {
                *fields = std::mem::take(fields).into_iter().map(|(name, it)| (hide(&name).into_owned(), it)).collect();
            }
            fields.values_mut().for_each(hide_in_json);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

impl Form {
    fn hidden(&self, text: &str) -> Option<String> {
        let folded: Cow<'_, str> = if self.any_case { text.to_ascii_lowercase().into() } else { text.into() };
        let mut places = folded.match_indices(&self.text).map(|(at, found)| (at, at + found.len())).peekable();
        places.peek()?;
        let (mut clean, mut rest) = (String::with_capacity(text.len()), 0);
        for (start, end) in places {
            clean.push_str(&text[rest..start]);
            clean.push_str(HIDDEN);
            rest = end;
        }
        clean.push_str(&text[rest..]);
        Some(clean)
    }
}

/// A secret as is, percent-encoded, and inside base64 (as in `Authorization: Basic`).
fn forms_of(secret: &str) -> Vec<Form> {
    let percent: String = secret
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect();
    let mut forms = vec![
        Form { text: secret.to_ascii_lowercase(), any_case: true },
        Form { text: percent.to_ascii_lowercase(), any_case: true },
    ];
    // Text before the secret shifts its base64 by 0, 1 or 2 bytes; only groups made entirely of the secret's own bytes
    // are used.
    for shift in 0..3 {
        let shifted = [&[0; 2][..shift], secret.as_bytes()].concat();
        let whole = shifted.len() / 3 * 3;
        for encoded in [STANDARD.encode(&shifted[..whole]), URL_SAFE.encode(&shifted[..whole])] {
            let own = if shift == 0 { 0 } else { 4 };
            forms.extend(
                encoded.get(own..).filter(|it| !it.is_empty()).map(|text| Form { text: text.into(), any_case: false }),
            );
        }
    }
    forms.dedup();
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_form_of_a_secret_is_hidden() {
        let secret = "s3cret+of/the=tests";
        register(secret);
        assert_eq!(hide("a s3cret+of/the=tests S3CRET+of/the=tests b"), "a *** *** b");
        assert_eq!(hide("?t=s3cret%2Bof%2fthe%3Dtests&x"), "?t=***&x");
        for user in ["", "x", "ab", "x-access-token"] {
            let encoded = STANDARD.encode(format!("{user}:{secret}"));
            let clean = hide(&encoded).into_owned();
            assert!(clean.contains(HIDDEN) && clean.len() < HIDDEN.len() + user.len() * 2 + 12, "{encoded}: {clean}");
        }
        let mut json = serde_json::json!({"a": ["x", {"s3cret+of/the=tests": "y s3cret+of/the=tests"}], "b": 1});
        hide_in_json(&mut json);
        assert_eq!(json, serde_json::json!({"a": ["x", {"***": "y ***"}], "b": 1}));
        assert_eq!(hide("nothing"), "nothing");
    }

    #[test]
    fn a_text_too_short_for_a_token_is_not_hidden() {
        register("plan");
        assert_eq!(hide("the plan"), "the plan");
    }
}
