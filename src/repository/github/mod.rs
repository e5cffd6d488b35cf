//! GitHub: the only door to it. octocrab and GitHub's own forms of things stay inside.
//!
//! A [`Connection`] is a repository that was found. From it come a [`GitHubReader`], which observes; a [`GitHubWriter`],
//! which only an apply creates; and [`GitHubComments`], which keeps the preview's comment on a pull request. What only
//! looks is handed a reader, not the connection, and so has no way to a writer.

mod comments;
mod connection;
pub mod contents;
pub mod http;
mod looks;
mod made_links;
mod observed_links;
mod pacific;
mod queries;
mod read;
mod viewer;
mod wire;
mod write;

pub use self::comments::{Comment, GitHubComments, Posted};
pub use self::connection::Connection;
pub(crate) use self::connection::is_repository_name;
pub use self::read::GitHubReader;
pub use self::write::GitHubWriter;
