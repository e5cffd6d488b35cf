//! A local reverse proxy between the program and GitHub. It records the exchange, validates every answer against
//! GitHub's API description, and can kill the program right after a write.
//!
//! Clients of the proxy never see a token: requests name an account, and the proxy inserts the token of that account.
//! The record contains no request headers, and tokens that answers repeat are removed.
//! recorded has no headers of requests, and no token that an answer repeats.

use std::collections::BTreeMap;
use std::process::{Child, Command};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::{Method, Request as HttpRequest};
use http_body_util::BodyExt;
use octocrab::Octocrab;
use serde_json::{Value, json};

use crate::double::description;
use crate::double::server::{self, Answer, Delivery, Request};

/// The time limit for a program to reach the point where it is killed.
const PATIENCE: Duration = Duration::from_secs(300);
/// Request and response headers that are passed on.
const SENT: [&str; 3] = ["accept", "x-github-api-version", "user-agent"];
const RECEIVED: [&str; 6] =
    ["content-type", "link", "location", "retry-after", "x-ratelimit-remaining", "x-ratelimit-reset"];

/// The address of GitHub, and the tokens of the known accounts.
pub(super) struct Upstream {
    /// The address of the REST API, without a trailing slash.
    pub api: String,
    /// Tokens by the names that requests use instead.
    pub tokens: BTreeMap<&'static str, String>,
}

#[derive(Default)]
struct State {
    /// One entry for each request, in the order of the answers.
    record: Vec<Value>,
    problems: Vec<String>,
    /// The number of creating writes after which the program is killed, the program, and a channel to report that.
    plug: Option<(usize, Child, Sender<()>)>,
}

/// A running proxy.
pub(super) struct Recorder {
    state: Arc<Mutex<State>>,
    upstream: Arc<Upstream>,
    /// The address to use instead of GitHub's.
    pub api: String,
}

impl Recorder {
    /// Starts to listen.
    pub(super) fn start(upstream: Upstream) -> Self {
        let state: Arc<Mutex<State>> = Arc::default();
        let upstream = Arc::new(upstream);
        let prefix = path_of(&upstream.api).to_owned();
        let (shared, to) = (Arc::clone(&state), Arc::clone(&upstream));
        let address = server::listen(move |request| respond(&shared, &to, &request));
        Self { state, upstream, api: format!("http://{address}{prefix}") }
    }

    /// Starts a program, and kills it when its creating write number `at` (from 1) is done but not answered. Returns
    /// whether that happened.
    pub(super) fn pull_the_plug(&self, at: usize, program: &mut Command) -> bool {
        let (sender, killed) = channel();
        {
            // The lock holds back all answers until the program is known.
            let mut state = self.state.lock().unwrap();
            state.plug = Some((at, program.spawn().unwrap(), sender));
        }
        killed.recv_timeout(PATIENCE).is_ok()
    }

    /// The writes since an entry of the record, as `METHOD path`.
    pub(super) fn writes_since(&self, entry: usize) -> Vec<String> {
        let state = self.state.lock().unwrap();
        let writes = state.record[entry..].iter().filter(|entry| entry["write"] == true);
        writes
            .map(|entry| format!("{} {}", entry["method"].as_str().unwrap(), entry["path"].as_str().unwrap()))
            .collect()
    }

    /// The number of entries in the record.
    pub(super) fn length(&self) -> usize {
        self.state.lock().unwrap().record.len()
    }

    /// Deviations from GitHub's API description.
    pub(super) fn problems(&self) -> Vec<String> {
        self.state.lock().unwrap().problems.clone()
    }

    /// The exchange as JSON lines, without tokens.
    pub(super) fn exchange(&self) -> String {
        let lines: Vec<String> = self.state.lock().unwrap().record.iter().map(Value::to_string).collect();
        clean(&self.upstream, &lines.join("\n")) + "\n"
    }
}

fn respond(state: &Mutex<State>, upstream: &Upstream, request: &Request) -> Delivery {
    let account = request.headers.get("authorization").and_then(|it| it.strip_prefix("Bearer "));
    let Some(token) = account.and_then(|account| upstream.tokens.get(account)) else {
        return Delivery::Whole(Answer::json(401, &json!({"message": "the canary knows no such account"})));
    };
    let answer = match forward(upstream, token, request) {
        Ok(answer) => answer,
        Err(error) => return Delivery::Whole(Answer::json(502, &json!({"message": clean(upstream, &error)}))),
    };
    let body: Value = serde_json::from_str(&answer.body).unwrap_or(Value::Null);
    let query = request.body.as_ref().and_then(|body| body["query"].as_str());
    let is_graphql = request.path.ends_with("/graphql");
    let is_write =
        if is_graphql { query.is_some_and(|it| it.starts_with("mutation")) } else { request.method != "GET" };
    let mut state = state.lock().unwrap();
    let problems = problems(upstream, request, answer.status, &body);
    let name = format!("{} {}", request.method, request.path);
    state.problems.extend(problems.iter().map(|problem| format!("{name}: {problem}")));
    state.record.push(json!({
        "account": account, "method": request.method, "path": request.path, "query": request.query, "write": is_write,
        "request": request.body, "status": answer.status, "headers": answer.headers, "answer": body,
        "problems": problems,
    }));
    let creates = !is_graphql && request.method == "POST" && account == Some("program");
    if let Some((left, mut child, killed)) = state.plug.take_if(|_| creates) {
        if left > 1 {
            state.plug = Some((left - 1, child, killed));
        } else {
            child.kill().and_then(|()| child.wait()).unwrap();
            killed.send(()).unwrap();
            return Delivery::Nothing;
        }
    }
    Delivery::Whole(rewritten(upstream, request, answer))
}

/// Forwards a request with the account's token.
fn forward(upstream: &Upstream, token: &str, request: &Request) -> Result<Answer, String> {
    let (scheme, rest) = upstream.api.split_once("://").ok_or("the API's address has no scheme")?;
    let origin = format!("{scheme}://{}", rest.split('/').next().unwrap_or_default());
    let query: Vec<String> = request.query.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    let mark = if query.is_empty() { "" } else { "?" };
    let url = format!("{origin}{}{mark}{}", request.path, query.join("&"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let text = |error: &dyn std::error::Error| format!("{url}: {error}");
        let client = Octocrab::builder().base_uri(origin.as_str()).map_err(|error| text(&error))?;
        let client = client.personal_token(token.to_owned()).build().map_err(|error| text(&error))?;
        let builder = HttpRequest::builder().uri(url.as_str()).method(request.method.parse::<Method>().unwrap());
        let mut sent = client.build_request(builder, request.body.as_ref()).map_err(|error| text(&error))?;
        for name in SENT {
            if let Some(value) = request.headers.get(name) {
                sent.headers_mut().insert(name, value.parse().unwrap());
            }
        }
        let response = client.execute(sent).await.map_err(|error| text(&error))?;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(|error| text(&error))?.to_bytes();
        let headers = RECEIVED
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), parts.headers.get(*name)?.to_str().ok()?.to_owned())));
        let body = String::from_utf8_lossy(&body).into_owned();
        Ok(Answer { status: parts.status.as_u16(), headers: headers.collect(), body })
    })
}

/// Deviations of a request and its answer from GitHub's API description.
fn problems(upstream: &Upstream, request: &Request, status: u16, body: &Value) -> Vec<String> {
    if request.path.ends_with("/graphql") {
        return graphql_problems(request, body);
    }
    let path = request.path.strip_prefix(path_of(&upstream.api)).unwrap_or(&request.path);
    let Some((operation, _)) = description::operation(&request.method, path) else {
        return vec!["it is not described".into()];
    };
    let version = request.headers.get("x-github-api-version").map_or("", String::as_str);
    operation.answer_problems(version, status, body)
}

fn graphql_problems(request: &Request, body: &Value) -> Vec<String> {
    let sent = request.body.as_ref().and_then(|body| body["query"].as_str()).unwrap_or_default();
    let document = match description::document(sent) {
        Ok(document) => document,
        Err(problems) => return vec![problems],
    };
    let mut problems = Vec::new();
    if body.get("errors").is_none() {
        let operation = document.operations.get(None).unwrap();
        let selected = description::select(&document, &operation.selection_set, &body["data"], &mut problems);
        if selected != body["data"] {
            problems.push(format!("the answer has other fields than were asked for: {}", body["data"]));
        }
    }
    problems
}

/// Rewrites links in an answer so that they lead through the proxy.
fn rewritten(upstream: &Upstream, request: &Request, mut answer: Answer) -> Answer {
    let host = request.headers.get("host").cloned().unwrap_or_default();
    let own = format!("http://{host}{}", path_of(&upstream.api));
    for (_, value) in answer.headers.iter_mut().filter(|(name, _)| matches!(name.as_str(), "link" | "location")) {
        *value = value.replace(&upstream.api, &own);
    }
    answer
}

/// Removes tokens, in case an answer repeats one.
fn clean(upstream: &Upstream, text: &str) -> String {
    upstream.tokens.values().fold(text.to_owned(), |text, token| text.replace(token.as_str(), "(token)"))
}

/// The path of an address, such as `/api/v3` for an Enterprise Server.
fn path_of(api: &str) -> &str {
    let rest = api.split_once("://").map_or(api, |(_, rest)| rest);
    rest.find('/').map_or("", |at| &rest[at..])
}

fn encode(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    value.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
