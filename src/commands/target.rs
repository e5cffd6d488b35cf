//! The repository on GitHub that the command line and the environment name.

use std::env;

use anyhow::{Context, Result};

use super::output;
use crate::target::Observer;
use crate::target::github::GitHub;
use crate::target::github::client::{Client, PATIENCE};
use crate::target::github::clock::SystemClock;
use crate::target::github::token::{Api, Token};

/// GitHub's own API; Enterprise Server has another in `GITHUB_API_URL`.
const API: &str = "https://api.github.com";

/// Connects to a repository to look at it: a preview is handed nothing that it could write to.
pub async fn github_observer(name: &str) -> Result<impl Observer> {
    github(name).await
}

/// Connects to a repository with the token and the API of the environment.
pub async fn github(name: &str) -> Result<GitHub<SystemClock>> {
    let variable = |name: &str| env::var(name).ok().filter(|value| !value.trim().is_empty());
    let token = variable("GITHUB_TOKEN").or_else(|| variable("GH_TOKEN"));
    let token = token.as_deref().and_then(Token::new).context(
        "there is no token; set GITHUB_TOKEN or GH_TOKEN to one that may read and write issues, such as that of \
         `gh auth token`",
    )?;
    let rest = variable("GITHUB_API_URL").unwrap_or_else(|| API.into());
    let api = Api::new(&rest, variable("GITHUB_GRAPHQL_URL").as_deref())?;
    let voice = Box::new(|text: &str| output::say(&format!("{text}\n")));
    GitHub::connect(name, Client::new(api, &token, SystemClock::new(), PATIENCE, voice)?).await
}
