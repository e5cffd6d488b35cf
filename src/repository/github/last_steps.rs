//! The last steps of several issues in one mutation.

use anyhow::Result;

use super::connection::Connection;
use super::http::clock::Clock;
use super::http::graphql;
use super::http::pacer::Cost;
use super::queries;
use crate::repository::LastStep;

/// Takes steps with one mutation. Returns for each whether it is known to be done.
///
/// # Errors
///
/// If GitHub refuses the mutation or cannot be reached.
pub(super) async fn take<C: Clock>(github: &Connection<C>, steps: &[LastStep]) -> Result<Vec<bool>> {
    let node = |number| github.handle(number).ok().map(|handle| handle.node.0);
    let (document, variables) = queries::last_steps(steps, node);
    let reply = graphql::send(&github.client, &document, &variables, Cost::Mutation).await?;
    let is_done = |(at, step): (usize, &LastStep)| {
        let alias = format!("s{at}");
        let is_wrong = reply.errors.iter().any(|error| error.alias().is_none_or(|about| about == alias));
        !is_wrong && reply.data[&alias]["issue"]["number"].as_u64() == Some(step.issue().0)
    };
    Ok(steps.iter().enumerate().map(is_done).collect())
}
