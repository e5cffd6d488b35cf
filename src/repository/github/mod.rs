//! Access to GitHub. No other module talks to it; octocrab and GitHub's own data formats are private to this one.
//!
//! A [`Connection`] is a repository that was looked up. It is used by a [`GitHubReader`], which observes; a
//! [`GitHubWriter`], which only an apply creates; and [`GitHubComments`], which maintains the preview comment on a pull
//! request. Code that only reads gets a reader and not the connection, so it cannot create a writer.

mod comments;
mod connection;
pub mod contents;
pub mod http;
mod last_steps;
mod left_out;
mod looks;
mod made_links;
mod observed_links;
mod own_issues;
mod pacific;
mod proposals;
mod queries;
mod read;
mod viewer;
mod wire;
mod write;

pub use self::comments::{Comment, GitHubComments, Posted};
pub use self::connection::Connection;
pub(crate) use self::connection::is_repository_name;
pub use self::proposals::{GitHubProposals, Proposal, Proposed, ProposedPull};
pub use self::read::GitHubReader;
pub use self::write::GitHubWriter;
