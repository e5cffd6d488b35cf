//! Looks up the account that the token belongs to.

use anyhow::Result;
use serde_json::json;

use super::connection::Connection;
use super::http::clock::Clock;
use super::http::failure::Failure;
use super::http::graphql;
use super::http::pacer::Cost;
use super::queries;
use super::wire::{WireUser, read};

impl<C: Clock> Connection<C> {
    /// The account of the token, if it can be determined.
    pub(super) async fn account(&self) -> Result<Option<String>> {
        if self.viewer.borrow().is_none() {
            let viewer = match graphql::send(&self.client, queries::VIEWER, &json!({}), Cost::Query).await {
                Ok(reply) => reply.data["viewer"]["login"].as_str().map(str::to_owned),
                Err(Failure::Refused(refusal)) if refusal.status.as_u16() == 404 => self.viewer_by_rest().await?,
                Err(failure) => return Err(failure.into()),
            };
            *self.viewer.borrow_mut() = viewer;
        }
        Ok(self.viewer.borrow().clone())
    }

    /// The account of the token, over REST. A workflow's token is not allowed to ask.
    pub(super) async fn viewer_by_rest(&self) -> Result<Option<String>> {
        match self.client.get("/user").await {
            Ok(answer) => Ok(Some(read::<WireUser>(answer.json, "the token's account")?.login)),
            Err(Failure::Refused(refusal)) if refusal.status.as_u16() == 403 => Ok(None),
            Err(failure) => Err(failure.into()),
        }
    }
}
