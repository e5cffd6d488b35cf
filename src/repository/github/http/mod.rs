//! HTTP requests to GitHub, with rate limits, safe retries, pagination and GraphQL. Nothing here knows about issues.

pub mod client;
pub mod clock;
pub mod failure;
pub(super) mod graphql;
mod limit;
pub(super) mod pacer;
pub(super) mod pages;
pub mod token;
