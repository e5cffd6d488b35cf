//! The repository that the command line names. Its address and token come from the environment, or from `gh`.

use std::path::Path;
use std::process::{Command, Stdio};
use std::rc::Rc;

use anyhow::{Context, Result};

use super::args::{TargetArgs, TrustArgs};
use super::environment::{in_github_actions, variable};
use super::exit::WrongUsage;
use super::output;
use super::repository_name::{API, web_host};
use crate::app::observe::{self, observe_as};
use crate::app::plans::LoadedPlan;
use crate::model::snapshot::Snapshot;
use crate::repository::file::FileReader;
use crate::repository::github::http::client::{Client, PATIENCE};
use crate::repository::github::http::clock::SystemClock;
use crate::repository::github::http::token::{Api, Token};
use crate::repository::github::{Connection, GitHubReader};

/// What to say where a command needs a repository and none is named.
const MISSING: &str = "name the repository: --repo OWNER/NAME on GitHub (--repo origin for that of this clone), \
                                  or --offline FILE.json";

/// A repository that must be named.
pub(super) enum Named<'a> {
    /// A repository in a file.
    File(&'a Path),
    /// `OWNER/NAME` on GitHub.
    GitHub(&'a str),
}

/// The repository that the command line names.
///
/// # Errors
///
/// When it names none.
pub(super) fn named(target: &TargetArgs) -> Result<Named<'_>> {
    match (&target.offline, &target.repo) {
        (Some(path), _) => Ok(Named::File(path)),
        (None, Some(name)) => Ok(Named::GitHub(name)),
        (None, None) => Err(WrongUsage(MISSING.into()).into()),
    }
}

/// Observes the repository that the command line names, or an empty one if it names none. Nothing can be written through
/// this.
pub(crate) async fn observe(target: &TargetArgs, trust: &TrustArgs) -> Result<Snapshot> {
    match (&target.offline, &target.repo) {
        (Some(path), _) => observe_as(&FileReader::new(path), &trust.trust).await,
        (None, Some(name)) => observe_as(&GitHubReader::new(&github(name).await?), &trust.trust).await,
        (None, None) => Ok(Snapshot::default()),
    }
}

/// Observes what comparing plans takes, as [`observe`].
pub(crate) async fn observe_for(plans: &[LoadedPlan<'_>], target: &TargetArgs, trust: &TrustArgs) -> Result<Snapshot> {
    match (&target.offline, &target.repo) {
        (None, Some(name)) => observe::observe_for(plans, &GitHubReader::new(&github(name).await?), &trust.trust).await,
        _ => observe(target, trust).await,
    }
}

/// Connects to a repository on the API that the environment names.
pub(crate) async fn github(name: &str) -> Result<Rc<Connection<SystemClock>>> {
    let rest = variable("GITHUB_API_URL").unwrap_or_else(|| API.into());
    let api = Api::new(&rest, variable("GITHUB_GRAPHQL_URL").as_deref())?;
    let (token, origin) = token(&web_host(&rest))?;
    output::detail(&format!("{name} at {rest}, with the token from {origin}\n"));
    let notifier = Box::new(|text: &str| output::say(&format!("{text}\n")));
    Connection::open(name, Client::new(api, &token, SystemClock::new(), PATIENCE, notifier)?).await
}

/// The token, and where it comes from. `gh` is asked for that of the API's own host only; in a workflow it is not asked.
fn token(host: &str) -> Result<(Token, &'static str)> {
    let variables = ["GITHUB_TOKEN", "GH_TOKEN"].into_iter();
    let mut found = variables.filter_map(|name| Some((variable(name)?, name)));
    let found = found.next().or_else(|| Some((token_of_gh(host)?, "`gh auth token`")));
    let (text, origin) = found.context(
        "no token was found; log in with `gh auth login`, or set GITHUB_TOKEN or GH_TOKEN to a token that can read and \
         write issues",
    )?;
    let token = Token::new(&text)?.with_context(|| format!("the token from {origin} is empty"))?;
    Ok((token, origin))
}

/// The token that GitHub's own command-line tool keeps for a host, if it is installed and logged in.
fn token_of_gh(host: &str) -> Option<String> {
    if in_github_actions() {
        return None;
    }
    let mut gh = Command::new("gh");
    let output = gh.args(["auth", "token", "--hostname", host]).stdin(Stdio::null()).output().ok()?;
    let text = output.status.success().then(|| String::from_utf8(output.stdout).ok()).flatten()?;
    Some(text).filter(|text| !text.trim().is_empty())
}
