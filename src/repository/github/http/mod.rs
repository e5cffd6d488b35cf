//! HTTP to GitHub: sends requests, keeps them under the limits, repeats them where that is safe, and reads pages and
//! GraphQL replies. It knows nothing of issues.

pub mod client;
pub mod clock;
pub mod failure;
pub(super) mod graphql;
mod limit;
pub(super) mod pacer;
pub(super) mod pages;
pub mod token;
