//! Sends requests through octocrab. Repeats them only where that is safe, stays under GitHub's limits, and waits when
//! GitHub asks for it.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use http_body_util::{BodyExt, Limited};
use octocrab::Octocrab;
use serde_json::Value;

use super::clock::Clock;
use super::failure::{Failure, RefusedRequest};
use super::limit;
use super::pacer::{Cost, Pacer};
use super::token::{Api, Token};
use crate::model::secret;
use crate::stop::Stop;

/// The version of GitHub's REST API that this program is written for.
const API_VERSION: &str = "2026-03-10";
/// The fallback version. This program reads nothing that differs between the two.
const OLD_API_VERSION: &str = "2022-11-28";
/// The time limit for opening a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// The default time limit for an answer.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// The time limit for a whole run. GitHub Actions ends a job after six hours.
const DEADLINE: Duration = Duration::from_secs(350 * 60);
/// The most attempts for a request.
const TRIES: u32 = 5;
/// The largest answer accepted, in bytes. A page of 100 issues with the longest bodies has about 30 MB.
const MAX_ANSWER: usize = 64 * 1024 * 1024;
/// The most times that a single request may hit a limit.
const LIMITS: u32 = 8;
/// The longest wait that a message states in minutes.
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Shorter waits are not reported.
const WORTH_TELLING: Duration = Duration::from_secs(3);

/// Receives progress messages for people.
pub type Notifier = Box<dyn Fn(&str)>;

/// Whether a request may be repeated if its outcome is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Repeating the request has no further effect.
    Harmless,
    /// Repeating the request could create a second thing; the caller has to look first.
    LookFirst,
}

/// A successful answer.
#[derive(Debug)]
pub struct Answer {
    /// The body; null if it is empty.
    pub json: Value,
    /// The address of the next page, if there is one.
    pub next: Option<String>,
}

/// Sends requests to one API with one token.
pub struct Client<C> {
    octocrab: Octocrab,
    /// The addresses of the API.
    pub api: Api,
    clock: C,
    notifier: Notifier,
    pacer: RefCell<Pacer>,
    /// The API version to request; falls back if the server does not support the current one.
    version: Cell<&'static str>,
    stop: RefCell<Stop>,
}

impl<C: Clock> Client<C> {
    /// A client that sends `token` to the API's host only. `patience` is the time limit for an answer.
    ///
    /// # Errors
    ///
    /// If TLS cannot be set up.
    pub fn new(api: Api, token: &Token, clock: C, patience: Duration, notifier: Notifier) -> Result<Self> {
        let octocrab = Octocrab::builder()
            // Only the host: octocrab would also prepend a path to GraphQL requests, whose path differs from REST's.
            .base_uri(api.origin())
            .and_then(|builder| builder.upload_uri(api.origin()))
            .context("the address of the API cannot be used")?
            .personal_token(token.expose().to_owned())
            // octocrab sets its own user agent; only headers added here override it.
            .add_header(http::header::USER_AGENT, concat!("plan-action/", env!("CARGO_PKG_VERSION")).to_owned())
            .set_connect_timeout(Some(CONNECT))
            .set_read_timeout(Some(patience))
            .set_write_timeout(Some(patience))
            .build()
            .context("the connection cannot be set up")?;
        let (pacer, version, stop) = (RefCell::default(), Cell::new(API_VERSION), RefCell::default());
        Ok(Self { octocrab, api, clock, notifier, pacer, version, stop })
    }

    /// Sets the shutdown signal. When it fires, waits end early and no further request is sent.
    pub fn stop_on(&self, stop: Stop) {
        self.stop.replace(stop);
    }

    /// Waits, but returns early if a stop is requested.
    pub async fn pause(&self, time: Duration) {
        let stop = self.stop.borrow().clone();
        tokio::select! {
            () = self.clock.sleep(time) => {}
            () = stop.requested() => {}
        }
    }

    /// The clock used for all waiting.
    pub fn clock(&self) -> &C {
        &self.clock
    }

    /// Reports a progress message.
    pub fn say(&self, text: &str) {
        (self.notifier)(text);
    }

    /// Reads from a path of the API, or from an address that the API returned.
    ///
    /// # Errors
    ///
    /// If GitHub rejects the request, or cannot be reached after several attempts.
    pub async fn get(&self, path: &str) -> Result<Answer, Failure> {
        self.request(Method::GET, path, None, Cost::Read, Repeat::Harmless).await
    }

    /// Sends an idempotent write request.
    ///
    /// # Errors
    ///
    /// As for [`Client::request`].
    pub async fn set(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value, Failure> {
        let answer = self.request(method, path, body.as_ref(), Cost::Write, Repeat::Harmless).await?;
        Ok(answer.json)
    }

    /// Sends a request, with a body if given.
    ///
    /// # Errors
    ///
    /// If GitHub rejects the request, or its outcome is unknown.
    pub async fn request(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        cost: Cost,
        repeat: Repeat,
    ) -> Result<Answer, Failure> {
        let url = if path.starts_with('/') { format!("{}{path}", self.api.rest) } else { path.to_owned() };
        self.api.check(&url).map_err(Failure::Fatal)?;
        let name = format!("{method} {}", url.strip_prefix(&self.api.rest).unwrap_or(&url));
        let mut limits = 0;
        let mut tries = 1;
        loop {
            self.pace(cost).await?;
            match self.send(&method, &url, body, &name).await {
                Ok(answer) => return Ok(answer),
                Err(Attempt::Limited(wait, why)) => {
                    limits += 1;
                    self.pacer.borrow_mut().be_careful();
                    if limits == LIMITS {
                        return Err(Failure::Fatal(still_limited(&name, &why)));
                    }
                    self.wait(limit::pause(wait, limits), &why).await?;
                }
                Err(Attempt::Version) => self.version.set(OLD_API_VERSION),
                Err(Attempt::Refused(refusal)) => return Err(Failure::Refused(refusal)),
                Err(Attempt::Lost(error)) if repeat == Repeat::LookFirst || tries == TRIES => {
                    return Err(Failure::Unknown(error.context(format!("{name}: no answer that can be used"))));
                }
                Err(Attempt::Lost(_)) => {
                    self.pause(self.backoff(tries)).await;
                    tries += 1;
                }
            }
        }
    }

    /// Exponential backoff from half a second, with up to 50% jitter so that parallel runs do not retry together.
    fn backoff(&self, tries: u32) -> Duration {
        let base = Duration::from_millis(500) * 2u32.saturating_pow(tries - 1);
        let jitter = self.clock.now().subsec_nanos() % 512;
        base + base * jitter / 1024
    }

    /// Waits until the request fits under GitHub's known limits.
    async fn pace(&self, cost: Cost) -> Result<(), Failure> {
        if self.clock.now() > DEADLINE {
            let minutes = DEADLINE.as_secs() / 60;
            return Err(Failure::Fatal(anyhow!(
                "this run has taken {minutes} minutes, the most that it may; run it again: it goes on where it stopped"
            )));
        }
        let wait = self.pacer.borrow_mut().wait(self.clock.now(), cost);
        if wait > Duration::ZERO {
            self.wait(wait, "GitHub takes only so many requests in a minute and an hour").await?;
        }
        if self.stop.borrow().is_requested() {
            return Err(Failure::Fatal(anyhow!(
                "the run was asked to stop; run it again: it goes on where it stopped"
            )));
        }
        self.pacer.borrow_mut().take(self.clock.now(), cost);
        Ok(())
    }

    /// Waits, and reports why and for how long.
    ///
    /// # Errors
    ///
    /// If the wait would exceed the time limit of the run.
    async fn wait(&self, time: Duration, why: &str) -> Result<(), Failure> {
        // A header may contain any number, even one that overflows a duration.
        let end = self.clock.now().saturating_add(time);
        if end > DEADLINE {
            let wait = if time > DAY {
                "more than a day, which no limit of GitHub takes; is there a proxy in between?".to_owned()
            } else {
                format!("{} minutes, longer than this run may take", time.as_secs().div_ceil(60))
            };
            return Err(Failure::Fatal(anyhow!(
                "{why}, and asks to wait {wait}; run it again later: it continues where it stopped"
            )));
        }
        if time >= WORTH_TELLING {
            self.say(&format!("waiting {} s: {why}", time.as_secs()));
        }
        self.pause(time).await;
        Ok(())
    }

    async fn send(&self, method: &Method, url: &str, body: Option<&Value>, name: &str) -> Result<Answer, Attempt> {
        let builder = http::Request::builder()
            .method(method)
            .uri(url)
            .header(http::header::ACCEPT, "application/vnd.github+json");
        // A secret in a text sent to GitHub would become public.
        let body = body.cloned().map(|mut body| {
            secret::hide_in_json(&mut body);
            body
        });
        let mut request =
            self.octocrab.build_request(builder, body.as_ref()).map_err(|error| Attempt::Lost(error.into()))?;
        // octocrab inserts the version that it was written for.
        let version = http::HeaderValue::from_static(self.version.get());
        request.headers_mut().insert("x-github-api-version", version);
        let response = self.octocrab.execute(request).await.map_err(|error| Attempt::Lost(plain(&error)))?;
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, MAX_ANSWER).collect().await;
        let body = body.map_err(|error| Attempt::Lost(anyhow!("the answer was cut off: {error}")))?.to_bytes();
        let status = parts.status;
        if status.is_success() || status.is_redirection() {
            return self.success(status, &parts.headers, &body, name);
        }
        if status.is_server_error() {
            return Err(Attempt::Lost(anyhow!("GitHub answered {}", status.as_u16())));
        }
        if self.version.get() == API_VERSION && is_about_version(status, &body) {
            return Err(Attempt::Version);
        }
        let refusal = RefusedRequest::new(status, &body, name.to_owned());
        match limit::find(&refusal, &parts.headers, self.clock.unix()) {
            Some((wait, why)) => Err(Attempt::Limited(wait, why)),
            None => Err(Attempt::Refused(refusal)),
        }
    }

    fn success(&self, status: StatusCode, headers: &HeaderMap, body: &Bytes, name: &str) -> Result<Answer, Attempt> {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        if status.is_redirection() {
            let location = header("location").unwrap_or_default().to_owned();
            let refusal = RefusedRequest { status, message: location, fields: Vec::new(), request: name.to_owned() };
            return Err(Attempt::Refused(refusal));
        }
        let json = if body.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(body).map_err(|_| {
                let is_page = body.trim_ascii_start().starts_with(b"<");
                Attempt::Lost(if is_page {
                    anyhow!("the answer is a web page, not GitHub's; is there a proxy in between that wants a login?")
                } else {
                    anyhow!("the answer is cut off or no JSON")
                })
            })?
        };
        if json["errors"][0]["type"] == "RATE_LIMITED" {
            let refusal = RefusedRequest::new(status, br#"{"message": "rate limit"}"#, name.to_owned());
            if let Some((wait, why)) = limit::find(&refusal, headers, self.clock.unix()) {
                return Err(Attempt::Limited(wait, why));
            }
        }
        Ok(Answer { json, next: header("link").and_then(next_page) })
    }
}

/// The outcome of one attempt, if it fails.
enum Attempt {
    Limited(Option<Duration>, String),
    /// The server does not support the API version.
    Version,
    Refused(RefusedRequest),
    Lost(anyhow::Error),
}

/// The error for a limit that never ends.
fn still_limited(name: &str, why: &str) -> anyhow::Error {
    anyhow!(
        "{name}: {why}; that was the answer {LIMITS} times in a row, although this run waited as asked each time, so it \
         gives up; run it again later (it continues where it stopped), and check what else uses the same token"
    )
}

/// Whether an error is about the API version. GitHub's message is: `The version you specified in the
/// "X-GitHub-API-Version" request header, "…", is not a supported version.`
fn is_about_version(status: StatusCode, body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body).to_lowercase();
    status == StatusCode::BAD_REQUEST
        && text.contains("x-github-api-version")
        && text.contains("not a supported version")
}

/// A readable transport error. Addresses are left out, because they could contain secrets.
fn plain(error: &octocrab::Error) -> anyhow::Error {
    let mut causes = Vec::new();
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(inner) = cause {
        let text = inner.to_string();
        if !text.is_empty() && causes.last() != Some(&text) {
            causes.push(text);
        }
        cause = inner.source();
    }
    anyhow!("GitHub cannot be reached: {}; check the network and GITHUB_API_URL", causes.join(": "))
}

/// The address of the next page in a `Link` header.
fn next_page(link: &str) -> Option<String> {
    link.split(',').find_map(|part| {
        let (address, relation) = part.split_once(';')?;
        relation.contains("rel=\"next\"").then(|| address.trim().trim_matches(['<', '>']).to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_next_page_is_followed() {
        let link = "<https://a/x?after=Y3Vy&per_page=100>; rel=\"next\", <https://a/x?before=z>; rel=\"prev\"";
        assert_eq!(next_page(link).as_deref(), Some("https://a/x?after=Y3Vy&per_page=100"));
        assert_eq!(next_page("<https://a/x>; rel=\"last\""), None);
    }
}
