//! A GitHub double. It keeps state, accepts only requests that match GitHub's official API descriptions, validates its
//! own answers against them, has GitHub's limits and quirks, and fails on demand.

pub(crate) mod description;
pub(crate) mod disaster;
mod graphql;
pub(crate) mod repository;
mod rest;
pub(crate) mod server;
pub(crate) mod wire;

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard};

use disaster::{Disaster, Turns};
use repository::Repository;
use serde_json::{Value, json};
use server::{Answer, Delivery, Request};
use wire::Wire;

/// A fault.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// Answers this, and does nothing.
    Answer(u16, Vec<(&'static str, String)>, String),
    /// Breaks the connection before anything is done.
    ResetBefore,
    /// Breaks the connection after everything is done.
    ResetAfter,
    /// Does everything, but never answers.
    SilenceAfter,
    /// Does everything, but truncates the answer.
    CutOffAfter,
    /// Does everything, but sends an empty answer.
    EmptyAfter,
    /// Does everything, but changes the answer.
    Changed(fn(&mut Value)),
}

impl Fault {
    /// An answer with a GitHub error message.
    pub(crate) fn message(status: u16, message: &str) -> Self {
        Self::Answer(status, Vec::new(), json!({"message": message}).to_string())
    }
}

/// A fault, and the requests that it applies to.
struct Planned {
    method: &'static str,
    /// A part of the path, or of a GraphQL document.
    part: &'static str,
    /// The number of matching requests that succeed first.
    after: usize,
    times: usize,
    fault: Fault,
}

/// An edit by people in the middle of a run.
type PeoplesEdit = Box<dyn FnOnce(&mut Repository) + Send>;

#[derive(Default)]
struct World {
    repository: Repository,
    faults: Vec<Planned>,
    /// After this many writes, this fault happens to all others.
    cut: Option<(usize, Fault)>,
    /// After this many more writes, people make this edit.
    people: Option<(usize, PeoplesEdit)>,
    disaster: Option<Disaster>,
    /// Runs to be killed, by token, and the number of requests until then.
    dying: BTreeMap<&'static str, usize>,
    holding: Option<Holding>,
    lag_after_loss: usize,
    /// All requests: method and path, or the fields of a GraphQL document.
    log: Vec<String>,
    problems: Vec<String>,
    user_agents: Vec<String>,
    versions: Vec<String>,
}

/// An answer that is held back.
struct Holding {
    /// The end of the request's path.
    path: &'static str,
    /// The number of such requests to answer first.
    after: usize,
    arrived: Sender<()>,
    release: Receiver<()>,
}

/// A running GitHub double.
pub(crate) struct Double {
    world: Arc<Mutex<World>>,
    turns: Arc<Turns>,
    /// How long answers take, if that is measured.
    pub wire: Arc<Wire>,
    /// `http://127.0.0.1:PORT`, followed by the path of an Enterprise Server if it is one.
    pub api: String,
}

pub(crate) const TOKEN: &str = "ghp_doubles_secret_token";
/// Another token of the same account, for a second concurrent run.
pub(crate) const OTHER_TOKEN: &str = "ghp_doubles_other_token";

impl Double {
    /// Starts github.com with an empty repository `stars/observatory`.
    pub(crate) fn start() -> Self {
        Self::start_at("")
    }

    /// Starts an Enterprise Server: REST under `/api/v3`, GraphQL under `/api/graphql`.
    pub(crate) fn enterprise() -> Self {
        Self::start_at("/api/v3")
    }

    fn start_at(prefix: &'static str) -> Self {
        let world: Arc<Mutex<World>> = Arc::default();
        let turns: Arc<Turns> = Arc::default();
        let (shared, shared_turns) = (Arc::clone(&world), Arc::clone(&turns));
        let wire: Arc<Wire> = Arc::default();
        let shared_wire = Arc::clone(&wire);
        let address = server::listen(move |request| {
            let token = token_of(&request);
            let arrived = std::time::Instant::now();
            shared_turns.wait(token);
            let delivery = respond(&shared, prefix, &request);
            shared_turns.pass(token);
            shared_wire.end(arrived, &delivery);
            delivery
        });
        Self { world, turns, wire, api: format!("http://{address}{prefix}") }
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// Reads or edits the repository, as people do.
    pub(crate) fn repository<T>(&self, edit: impl FnOnce(&mut Repository) -> T) -> T {
        let mut world = self.world();
        let result = edit(&mut world.repository);
        world.repository.note_updates();
        result
    }

    /// Injects a fault into the first `times` requests that match, after `after` successful ones.
    pub(crate) fn fail(&self, method: &'static str, part: &'static str, after: usize, times: usize, fault: Fault) {
        self.world().faults.push(Planned { method, part, after, times, fault });
    }

    /// Fails all writes after this many successful ones.
    pub(crate) fn fail_writes(&self, after: usize, fault: Fault) {
        self.world().cut = Some((after, fault));
    }

    /// Makes people edit the repository right after this many more writes.
    pub(crate) fn after_writes(&self, count: usize, edit: impl FnOnce(&mut Repository) + Send + 'static) {
        self.world().people = Some((count, Box::new(edit)));
    }

    /// Hides the newest issue from the next lists that look for a lost issue.
    pub(crate) fn fail_lists(&self, count: usize) {
        self.world().lag_after_loss = count;
    }

    /// Holds back the answer to a POST, after `after` others to the same path. The first channel reports that the
    /// request is done, the second releases the answer.
    pub(crate) fn hold(&self, path: &'static str, after: usize) -> (Receiver<()>, Sender<()>) {
        let ((arrived, arrival), (letting_go, release)) = (channel(), channel());
        self.world().holding = Some(Holding { path, after, arrived, release });
        (arrival, letting_go)
    }

    /// Injects a fault into one of the next requests, and possibly into later ones.
    pub(crate) fn strike(&self, disaster: Disaster) {
        self.world().disaster = Some(disaster);
    }

    /// Kills the run with this token after this many more requests.
    pub(crate) fn kill(&self, token: &'static str, after: usize) {
        self.world().dying.insert(token, after);
    }

    /// Controls concurrent runs.
    pub(crate) fn turns(&self) -> &Turns {
        &self.turns
    }

    /// Removes all planned faults.
    pub(crate) fn heal(&self) {
        let mut world = self.world();
        world.faults.clear();
        world.cut = None;
        world.disaster = None;
        world.dying.clear();
    }

    /// The requests since the last call.
    pub(crate) fn requests(&self) -> Vec<String> {
        std::mem::take(&mut self.world().log)
    }

    /// The API versions requested since the last call, one for each request.
    pub(crate) fn versions(&self) -> Vec<String> {
        std::mem::take(&mut self.world().versions)
    }

    /// Fails if a planned fault never happened, or if a request had no user agent.
    pub(crate) fn check(&self) {
        let world = self.world();
        let left: Vec<&str> = world.faults.iter().filter(|it| it.times > 0).map(|it| it.part).collect();
        assert!(left.is_empty(), "these faults never happened: {left:?}");
        assert!(world.user_agents.iter().all(|it| it.starts_with("plan-action/")), "{:?}", world.user_agents.first());
    }
}

impl Drop for Double {
    /// Fails the test if a request or an answer did not match GitHub's description.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let problems = self.world().problems.join("\n");
            assert!(problems.is_empty(), "not as GitHub describes it:\n{problems}");
        }
    }
}

fn respond(world: &Mutex<World>, prefix: &str, request: &Request) -> Delivery {
    let mut world = world.lock().unwrap();
    let graphql_path = if prefix.is_empty() { "/graphql" } else { "/api/graphql" };
    let is_graphql = request.path == graphql_path;
    let query = request.query.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
    let path = request.path.strip_prefix(prefix).unwrap_or(&request.path).to_owned();
    let text = if is_graphql {
        request.body.as_ref().and_then(|body| body["query"].as_str()).unwrap_or_default().to_owned()
    } else if query.is_empty() {
        path.clone()
    } else {
        format!("{path}?{query}")
    };
    world.log.push(format!("{} {text}", if is_graphql { "GRAPHQL" } else { &request.method }));
    world.user_agents.push(request.headers.get("user-agent").cloned().unwrap_or_default());
    let Some(token) = token_of(request) else {
        return Delivery::Whole(Answer::json(401, &json!({"message": "Bad credentials"})));
    };
    match world.dying.get_mut(token) {
        Some(0) => return Delivery::Nothing,
        Some(left) => *left -= 1,
        None => {}
    }
    let version = request.headers.get("x-github-api-version").cloned().unwrap_or_default();
    if ![description::OLD_VERSION, description::NEW_VERSION].contains(&version.as_str()) {
        world.problems.push(format!("{} {text}: there is no version `{version}` of the API", request.method));
    }
    world.versions.push(version);
    let is_write = if is_graphql { text.starts_with("mutation") } else { request.method != "GET" };
    let fault = match &mut world.cut {
        Some((after @ 1.., _)) if is_write => {
            *after -= 1;
            None
        }
        Some((_, fault)) if is_write => Some(fault.clone()),
        _ => planned(&mut world, &request.method, &text),
    };
    let fault = fault.or_else(|| world.disaster.as_mut()?.fault());
    if matches!(fault, Some(Fault::ResetAfter)) {
        world.repository.lagging_lists += std::mem::take(&mut world.lag_after_loss);
    }
    match fault {
        Some(Fault::Answer(status, headers, body)) => {
            let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            return Delivery::Whole(Answer { status, headers, body });
        }
        Some(Fault::ResetBefore) => return Delivery::Nothing,
        _ => {}
    }
    let answer = if is_graphql {
        graphql::respond(&mut world, request)
    } else {
        rest::respond(&mut world, prefix, &path, request)
    };
    if is_write {
        people(&mut world);
        world.repository.note_updates();
    }
    if let Some(holding) = world.holding.as_mut().filter(|it| request.method == "POST" && path.ends_with(it.path)) {
        if let Some(left) = holding.after.checked_sub(1) {
            holding.after = left;
        } else if let Some(Holding { arrived, release, .. }) = world.holding.take() {
            _ = arrived.send(());
            return Delivery::Held(answer, release);
        }
    }
    match fault {
        Some(Fault::ResetAfter) => Delivery::Nothing,
        Some(Fault::SilenceAfter) => Delivery::Silence,
        Some(Fault::CutOffAfter) => Delivery::CutOff(answer),
        Some(Fault::EmptyAfter) => Delivery::Whole(Answer { body: String::new(), ..answer }),
        Some(Fault::Changed(change)) => {
            let mut body = serde_json::from_str(&answer.body).unwrap_or(Value::Null);
            change(&mut body);
            Delivery::Whole(Answer { body: body.to_string(), ..answer })
        }
        _ => Delivery::Whole(answer),
    }
}

fn people(world: &mut World) {
    let Some((left, edit)) = world.people.take() else { return };
    if left > 1 {
        world.people = Some((left - 1, edit));
    } else {
        edit(&mut world.repository);
    }
}

/// The known token that a request carries.
fn token_of(request: &Request) -> Option<&'static str> {
    let sent = request.headers.get("authorization")?.strip_prefix("Bearer ")?;
    [TOKEN, OTHER_TOKEN].into_iter().find(|token| *token == sent)
}

fn planned(world: &mut World, method: &str, text: &str) -> Option<Fault> {
    let fits = |it: &&mut Planned| it.times > 0 && it.method == method && text.contains(it.part);
    let planned = world.faults.iter_mut().find(fits)?;
    if planned.after > 0 {
        planned.after -= 1;
        return None;
    }
    planned.times -= 1;
    Some(planned.fault.clone())
}

/// A validation error for a field.
fn refusal(message: &str, field: &str, code: &str) -> Answer {
    let error = json!({"resource": "Issue", "field": field, "code": code});
    Answer::json(422, &json!({"message": message, "errors": [error], "documentation_url": "https://docs.example"}))
}

fn message(status: u16, message: &str) -> Answer {
    Answer::json(
        status,
        &json!({"message": message, "documentation_url": "https://docs.example", "status": status.to_string()}),
    )
}

/// A string field of a body.
fn text(body: &Value, key: &str) -> Option<String> {
    body[key].as_str().map(str::to_owned)
}
