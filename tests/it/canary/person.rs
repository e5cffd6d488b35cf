//! A person who works on GitHub: a tiny HTTP client that talks to the local recorder.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

/// A person, identified by the account name that the recorder knows.
pub(super) struct Person<'r> {
    pub account: &'r str,
    /// The recorder's address.
    pub api: &'r str,
    /// `OWNER/NAME`.
    pub repository: &'r str,
}

impl Person<'_> {
    /// Sends a request below the repository's path, which must succeed.
    pub(super) fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let (_, rest) = self.api.split_once("://").unwrap();
        let (host, prefix) =
            rest.split_once('/').map_or((rest, String::new()), |(host, path)| (host, format!("/{path}")));
        let text = body.map(Value::to_string).unwrap_or_default();
        let head = format!(
            "{method} {prefix}/repos/{}{path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {}\r\n\
             accept: application/vnd.github+json\r\nx-github-api-version: 2026-03-10\r\n\
             user-agent: plan-action/canary\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            self.repository,
            self.account,
            text.len()
        );
        let mut stream = TcpStream::connect(host).unwrap();
        stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(text.as_bytes())).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status: u16 = head.split_whitespace().nth(1).unwrap().parse().unwrap();
        assert!((200..300).contains(&status), "{method} {path} as {}: {status} {body}", self.account);
        serde_json::from_str(body).unwrap_or(Value::Null)
    }

    /// The issues or milestones whose titles contain these words. Of the issues, only the newest hundred are searched;
    /// milestones are sorted differently, so all are.
    pub(super) fn find(&self, kind: &str, words: &str) -> Vec<Value> {
        let mut found = Vec::new();
        for page in 1.. {
            // GitHub paginates its lists of issues by cursor.
            let page = if kind == "issues" { String::new() } else { format!("&page={page}") };
            let list = self.ask("GET", &format!("/{kind}?state=all&per_page=100&direction=desc{page}"), None);
            let list = list.as_array().unwrap();
            let has = |item: &&Value| item["title"].as_str().is_some_and(|title| title.contains(words));
            found.extend(list.iter().filter(has).cloned());
            if list.len() < 100 || kind == "issues" {
                break;
            }
        }
        found
    }

    /// The only issue whose title contains these words.
    pub(super) fn issue(&self, words: &str) -> Value {
        let found = self.find("issues", words);
        assert_eq!(found.len(), 1, "issues with `{words}`: {found:#?}");
        found[0].clone()
    }

    /// Updates fields of an issue or milestone.
    pub(super) fn change(&self, kind: &str, number: &Value, fields: &Value) {
        self.ask("PATCH", &format!("/{kind}/{number}"), Some(fields));
    }

    /// Closes every issue and milestone whose title contains these words.
    pub(super) fn close_all(&self, words: &str) {
        for kind in ["issues", "milestones"] {
            for item in self.find(kind, words).iter().filter(|item| item["state"] == "open") {
                self.change(kind, &item["number"], &json!({"state": "closed"}));
            }
        }
    }
}
