//! A GitHub double: it keeps state, takes only requests that GitHub's official descriptions know, answers as they say,
//! keeps GitHub's limits and quirks, and misbehaves on demand.

pub(crate) mod description;
pub(crate) mod disaster;
mod graphql;
pub(crate) mod repository;
mod rest;
pub(crate) mod server;

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard};

use disaster::{Disaster, Turns};
use repository::Repository;
use serde_json::{Value, json};
use server::{Answer, Delivery, Request};

/// Something that goes wrong.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// This answer, and nothing done.
    Answer(u16, Vec<(&'static str, String)>, String),
    /// The connection breaks before anything is done.
    ResetBefore,
    /// The connection breaks after all is done.
    ResetAfter,
    /// All is done, and no answer ever comes.
    SilenceAfter,
    /// All is done, and the answer is cut off.
    CutOffAfter,
    /// All is done, and the answer is empty.
    EmptyAfter,
    /// All is done, and something is wrong with the answer.
    Changed(fn(&mut Value)),
}

impl Fault {
    /// GitHub's answer with a message.
    pub(crate) fn message(status: u16, message: &str) -> Self {
        Self::Answer(status, Vec::new(), json!({"message": message}).to_string())
    }
}

/// A fault with the requests that it happens to.
struct Planned {
    method: &'static str,
    /// A part of the path, or of a GraphQL document.
    part: &'static str,
    /// How many requests go well before.
    after: usize,
    times: usize,
    fault: Fault,
}

/// What people do in the middle of a run.
type PeoplesEdit = Box<dyn FnOnce(&mut Repository) + Send>;

#[derive(Default)]
struct World {
    repository: Repository,
    faults: Vec<Planned>,
    /// After so many writes, this happens to all others.
    cut: Option<(usize, Fault)>,
    /// After so many writes from now, people do this.
    people: Option<(usize, PeoplesEdit)>,
    disaster: Option<Disaster>,
    /// Who killed runs are, by their tokens, and after how many more requests they die.
    dying: BTreeMap<&'static str, usize>,
    holding: Option<Holding>,
    lag_after_loss: usize,
    /// Every request: method and path, or the fields of a GraphQL document.
    log: Vec<String>,
    problems: Vec<String>,
    user_agents: Vec<String>,
    versions: Vec<String>,
}

/// An answer that is held back.
struct Holding {
    /// The end of the request's path.
    path: &'static str,
    /// How many such requests are answered before.
    after: usize,
    arrived: Sender<()>,
    release: Receiver<()>,
}

/// GitHub on this machine.
pub(crate) struct Double {
    world: Arc<Mutex<World>>,
    turns: Arc<Turns>,
    /// `http://127.0.0.1:PORT`, with the path of Enterprise Server if it is one.
    pub api: String,
}

pub(crate) const TOKEN: &str = "ghp_doubles_secret_token";
/// Another token of the same account: that of another run at the same time.
pub(crate) const OTHER_TOKEN: &str = "ghp_doubles_other_token";

impl Double {
    /// GitHub with an empty repository `stars/observatory`.
    pub(crate) fn start() -> Self {
        Self::start_at("")
    }

    /// An Enterprise Server: REST under `/api/v3`, GraphQL under `/api/graphql`.
    pub(crate) fn enterprise() -> Self {
        Self::start_at("/api/v3")
    }

    fn start_at(prefix: &'static str) -> Self {
        let world: Arc<Mutex<World>> = Arc::default();
        let turns: Arc<Turns> = Arc::default();
        let (shared, shared_turns) = (Arc::clone(&world), Arc::clone(&turns));
        let address = server::listen(move |request| {
            let token = token_of(&request);
            shared_turns.wait(token);
            let delivery = respond(&shared, prefix, &request);
            shared_turns.pass(token);
            delivery
        });
        Self { world, turns, api: format!("http://{address}{prefix}") }
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// Looks at or changes the repository, as people do.
    pub(crate) fn repository<T>(&self, edit: impl FnOnce(&mut Repository) -> T) -> T {
        let mut world = self.world();
        let result = edit(&mut world.repository);
        world.repository.note_updates();
        result
    }

    /// Lets requests go wrong: the first `times` whose method and path (or document) fit, after `after` good ones.
    pub(crate) fn fail(&self, method: &'static str, part: &'static str, after: usize, times: usize, fault: Fault) {
        self.world().faults.push(Planned { method, part, after, times, fault });
    }

    /// Lets no write through after so many good ones.
    pub(crate) fn fail_writes(&self, after: usize, fault: Fault) {
        self.world().cut = Some((after, fault));
    }

    /// Lets people change the repository right after so many writes from now.
    pub(crate) fn after_writes(&self, count: usize, edit: impl FnOnce(&mut Repository) + Send + 'static) {
        self.world().people = Some((count, Box::new(edit)));
    }

    /// Lets the next lists that look for a lost issue miss the newest one.
    pub(crate) fn fail_lists(&self, count: usize) {
        self.world().lag_after_loss = count;
    }

    /// Holds back the answer to a POST, after so many others to the same path: the first channel says when the request
    /// has arrived and is done, the second one lets the answer go.
    pub(crate) fn hold(&self, path: &'static str, after: usize) -> (Receiver<()>, Sender<()>) {
        let ((arrived, arrival), (letting_go, release)) = (channel(), channel());
        self.world().holding = Some(Holding { path, after, arrived, release });
        (arrival, letting_go)
    }

    /// Lets one of the next requests go wrong, and perhaps those after it.
    pub(crate) fn strike(&self, disaster: Disaster) {
        self.world().disaster = Some(disaster);
    }

    /// Kills the run with a token after so many more of its requests.
    pub(crate) fn kill(&self, token: &'static str, after: usize) {
        self.world().dying.insert(token, after);
    }

    /// The turns that runs at the same time take.
    pub(crate) fn turns(&self) -> &Turns {
        &self.turns
    }

    /// Takes all planned faults away.
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

    /// The versions of the API that were asked for since the last call, one for each request.
    pub(crate) fn versions(&self) -> Vec<String> {
        std::mem::take(&mut self.world().versions)
    }

    /// Fails where a planned fault never happened, or a request did not say who sent it.
    pub(crate) fn check(&self) {
        let world = self.world();
        let left: Vec<&str> = world.faults.iter().filter(|it| it.times > 0).map(|it| it.part).collect();
        assert!(left.is_empty(), "these faults never happened: {left:?}");
        assert!(world.user_agents.iter().all(|it| it.starts_with("plan-action/")), "{:?}", world.user_agents.first());
    }
}

impl Drop for Double {
    /// No test may end well with a request that GitHub does not know.
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

/// Which of the two tokens a request carries.
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

/// GitHub's refusal of a field.
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

/// A value of a body as text.
fn text(body: &Value, key: &str) -> Option<String> {
    body[key].as_str().map(str::to_owned)
}
