//! The repository that the command line names. Its address and token come from the environment.

use std::rc::Rc;

use anyhow::{Context, Result};

use super::args::{TargetArgs, TrustArgs};
use super::environment::variable;
use super::output;
use crate::app::observe::observe_as;
use crate::model::snapshot::Snapshot;
use crate::repository::file::FileReader;
use crate::repository::github::http::client::{Client, PATIENCE};
use crate::repository::github::http::clock::SystemClock;
use crate::repository::github::http::token::{Api, Token};
use crate::repository::github::{Connection, GitHubReader};

/// GitHub's own API; Enterprise Server has another in `GITHUB_API_URL`.
const API: &str = "https://api.github.com";

/// Observes the repository that the command line names, or an empty one if it names none. Nothing can be written through
/// this.
pub(crate) async fn observe(target: &TargetArgs, trust: &TrustArgs) -> Result<Snapshot> {
    match (&target.offline, &target.repo) {
        (Some(path), _) => observe_as(&FileReader::new(path), &trust.trust).await,
        (None, Some(name)) => observe_as(&GitHubReader::new(&github(name).await?), &trust.trust).await,
        (None, None) => Ok(Snapshot::default()),
    }
}

/// Connects to a repository with the token and the API of the environment.
pub(crate) async fn github(name: &str) -> Result<Rc<Connection<SystemClock>>> {
    let token = variable("GITHUB_TOKEN").or_else(|| variable("GH_TOKEN"));
    let token = token.as_deref().map(Token::new).transpose()?.flatten().context(
        "there is no token; set GITHUB_TOKEN or GH_TOKEN to one that may read and write issues, such as that of \
         `gh auth token`",
    )?;
    let rest = variable("GITHUB_API_URL").unwrap_or_else(|| API.into());
    let api = Api::new(&rest, variable("GITHUB_GRAPHQL_URL").as_deref())?;
    let notifier = Box::new(|text: &str| output::say(&format!("{text}\n")));
    Connection::open(name, Client::new(api, &token, SystemClock::new(), PATIENCE, notifier)?).await
}
