//! Reads files of the repository at a commit through the API. Nothing is checked out, so nothing from it can be
//! executed.

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;

use super::connection::segment;
use super::http::clock::Clock;
use super::http::failure::Failure;
use super::read::GitHubReader;
use super::wire::read;

/// What a path contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// The bytes of a file.
    File(Vec<u8>),
    /// The paths of the files in a folder.
    Folder(Vec<String>),
    /// The path does not exist.
    Missing,
}

#[derive(Deserialize)]
struct WireEntry {
    #[serde(rename = "type")]
    kind: String,
    path: String,
    #[serde(default)]
    encoding: String,
    #[serde(default)]
    content: String,
}

impl<C: Clock> GitHubReader<C> {
    /// Reads a path of the repository at a commit, branch or tag.
    ///
    /// # Errors
    ///
    /// If the path cannot be read, is a symlink or a submodule, or is a file of more than 1 MB, which this endpoint of
    /// GitHub does not return.
    pub async fn content(&self, path: &str, reference: &str) -> Result<Content> {
        let url = format!("{}/contents/{}?ref={}", self.0.base(), segment(path), segment(reference));
        let json = match self.0.client.get(&url).await {
            Ok(answer) => answer.json,
            Err(Failure::Refused(refusal)) if refusal.status.as_u16() == 404 => return Ok(Content::Missing),
            Err(failure) => return Err(failure.into()),
        };
        if let Value::Array(entries) = json {
            let entries = entries.into_iter().map(|json| read::<WireEntry>(json, "a file"));
            let entries: Vec<WireEntry> = entries.collect::<Result<_>>()?;
            return Ok(Content::Folder(
                entries.into_iter().filter(|entry| entry.kind == "file").map(|entry| entry.path).collect(),
            ));
        }
        let entry: WireEntry = read(json, "a file")?;
        if entry.kind != "file" {
            bail!("`{path}` at {reference} is a {}, not a file", entry.kind);
        }
        if entry.encoding != "base64" {
            bail!("`{path}` at {reference} is larger than 1 MB, the most that GitHub's API gives of a file");
        }
        let base64: String = entry.content.split_whitespace().collect();
        let bytes = STANDARD.decode(base64).with_context(|| format!("GitHub's answer about `{path}` is damaged"))?;
        Ok(Content::File(bytes))
    }
}
