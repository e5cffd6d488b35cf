//! Errors of requests, and advice on what to do about them.

use std::fmt;

use http::StatusCode;
use serde::Deserialize;

use crate::model::text::printable;
use crate::repository::StopReason;

/// Why a request failed.
#[derive(Debug)]
pub enum Failure {
    /// GitHub rejected the request and changed nothing.
    Refused(RefusedRequest),
    /// The outcome is unknown: the connection broke, the answer was incomplete, or the server had an error.
    Unknown(anyhow::Error),
    /// Further requests make no sense.
    Fatal(anyhow::Error),
}

/// GitHub's answer to a request that it rejects.
#[derive(Debug)]
pub struct RefusedRequest {
    /// The HTTP status.
    pub status: StatusCode,
    /// GitHub's message.
    pub message: String,
    /// The invalid fields, and what is wrong with each.
    pub fields: Vec<(String, String)>,
    /// The method and path of the request.
    pub request: String,
}

/// The most characters of a GitHub message that are shown.
const LONGEST: usize = 1_000;

/// A message from GitHub as one printable line. A proxy between GitHub and us may have written it.
pub fn words(message: &str) -> String {
    let mut words = printable(message);
    if let Some((end, _)) = words.char_indices().nth(LONGEST) {
        words.truncate(end);
        words.push('…');
    }
    words
}

/// The body of an error response.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ErrorBody {
    message: String,
    errors: Vec<serde_json::Value>,
}

impl RefusedRequest {
    /// Parses an error response.
    pub fn new(status: StatusCode, body: &[u8], request: String) -> Self {
        let is_page = body.trim_ascii_start().starts_with(b"<");
        let mut body: ErrorBody = serde_json::from_slice(body).unwrap_or_default();
        if is_page {
            body.message = "a web page, not GitHub's answer; is there a proxy in between?".into();
        }
        let text = |value: &serde_json::Value, key: &str| words(value[key].as_str().unwrap_or_default());
        let field = |error: &serde_json::Value| {
            let message = error.as_str().map_or_else(
                || Some(text(error, "message")).filter(|it| !it.is_empty()).unwrap_or_else(|| text(error, "code")),
                words,
            );
            (text(error, "field"), message)
        };
        Self { status, message: words(&body.message), fields: body.errors.iter().map(field).collect(), request }
    }

    /// Whether the error concerns this field.
    pub fn is_about(&self, field: &str) -> bool {
        self.fields.iter().any(|(name, message)| name == field || message.to_lowercase().contains(field))
    }

    /// Whether the thing to be created already exists.
    pub fn is_duplicate(&self) -> bool {
        let text = self.fields.iter().map(|(_, message)| message.as_str()).chain([self.message.as_str()]);
        text.map(str::to_lowercase).any(|it| it.contains("already_exists") || it.contains("already been taken"))
    }

    /// Whether a single issue is no longer available here: it was deleted, transferred, or converted to a discussion.
    /// GitHub answers 410 for deleted issues, and for all issues if issues are disabled. For a transferred issue, it
    /// answers 301 if the token can see the new repository, else 404.
    pub fn is_gone(&self) -> bool {
        let of_one_issue = self.request.split_once("/issues/").is_some_and(|(_, number)| {
            number.split('/').next().is_some_and(|number| number.bytes().all(|it| it.is_ascii_digit()))
        });
        let is_disabled = self.message.to_lowercase().contains("disabled");
        of_one_issue && !is_disabled && (self.status.is_redirection() || matches!(self.status.as_u16(), 404 | 410))
    }

    /// Whether further requests will fail too. A 403 that mentions neither the token nor the whole repository concerns
    /// a single thing, such as a locked issue.
    fn is_of_all(&self) -> bool {
        let message = self.message.to_lowercase();
        let of_all = ["not accessible", "archived", "admin rights", "suspended", "blocked", "saml", "write access"];
        match self.status.as_u16() {
            401 => true,
            403 => message.is_empty() || of_all.iter().any(|words| message.contains(words)),
            _ => false,
        }
    }

    /// What a person can do about the error, if known.
    fn advice(&self) -> Option<&'static str> {
        let message = self.message.to_lowercase();
        Some(match self.status.as_u16() {
            301 | 302 | 307 | 308 if self.is_gone() => {
                "the issue was transferred to another repository, and nothing was changed there; take its item out of \
                 the plan, or the next run makes a new issue for it here"
            }
            404 | 410 if self.is_gone() => {
                "the issue is there no more: it was deleted or made a discussion, or transferred to a repository that \
                 the token may not see; take its item out of the plan, or the next run makes a new issue for it"
            }
            403 if message.contains("locked") => {
                "the issue is locked; unlock it, or give the token a role that may write"
            }
            401 => "GitHub does not accept the token; set GITHUB_TOKEN or GH_TOKEN to one that is valid",
            403 if message.contains("archived") => {
                "the repository is archived, so nothing can be written; unarchive it first"
            }
            403 if message.contains("not accessible") && self.request.contains("/pulls") => {
                "the token may not see pull requests: in a workflow write `permissions: pull-requests: read`"
            }
            403 if message.contains("not accessible") => {
                "the token lacks a permission: in a workflow write `permissions: issues: write`; a run from a fork \
                 cannot have it. A fine-grained token needs `Issues: read and write`"
            }
            403 => "the token may not do this; it needs the permission to write issues (`issues: write`)",
            404 => {
                "there is no such repository or thing, or the token may not see it; check the name, and that the token \
                 has access to the repository"
            }
            400 if message.contains("not a supported version") => {
                "this program knows the versions 2026-03-10 and 2022-11-28; use a later release of it"
            }
            410 => "issues are disabled in this repository; turn them on in its settings",
            _ => return None,
        })
    }
}

impl fmt::Display for RefusedRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { status, message, fields, request } = self;
        write!(formatter, "{request}: GitHub answered {}", status.as_u16())?;
        if !message.is_empty() {
            write!(formatter, " ({message})")?;
        }
        for (field, problem) in fields {
            write!(formatter, "; {field} {problem}")?;
        }
        self.advice().map_or(Ok(()), |advice| write!(formatter, "; {advice}"))
    }
}

impl std::error::Error for RefusedRequest {}

impl From<Failure> for anyhow::Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) if refusal.is_of_all() => StopReason::NotAllowed(refusal.to_string()).into(),
            // After three of these in a row, the apply gives up.
            Failure::Refused(refusal) if refusal.status == StatusCode::FORBIDDEN => {
                StopReason::NoAnswer(refusal.to_string()).into()
            }
            Failure::Refused(refusal) => refusal.into(),
            Failure::Unknown(error) => StopReason::NoAnswer(format!("{error:#}")).into(),
            Failure::Fatal(error) => StopReason::NotAllowed(format!("{error:#}")).into(),
        }
    }
}

/// The error for a request that was repeated without any usable answer.
pub(in crate::repository::github) fn no_answer(request: &str, tries: usize) -> anyhow::Error {
    let text =
        format!("{request}: GitHub gave no answer that can be used, {tries} times; run it again: it looks first");
    StopReason::NoAnswer(text).into()
}
