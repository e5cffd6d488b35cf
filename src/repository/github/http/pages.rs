//! Reads paginated lists by following GitHub's links, with protection against endless lists.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Result, bail, ensure};
use serde_json::Value;

use super::client::{Answer, Client};
use super::clock::Clock;

/// The minimum time between two progress messages.
const INTERVAL: Duration = Duration::from_secs(5);
/// The most pages of a list: a million entries at 100 a page.
const MOST_PAGES: usize = 10_000;
/// The most consecutive pages without new entries. Entries can move to the next page while a list is read.
const MOST_STALE: usize = 3;

/// The part of a list read so far.
#[derive(Debug, Default)]
struct Pages {
    entries: Vec<Value>,
    ids: BTreeSet<u64>,
    addresses: BTreeSet<String>,
    /// The number of consecutive pages without new entries.
    stale: usize,
}

impl Pages {
    /// Adds a page, and returns the address of the next one.
    fn take(&mut self, path: &str, answer: Answer) -> Result<Option<String>> {
        let Value::Array(page) = answer.json else {
            bail!("GET {path}: GitHub's answer is not a list; run it again, and check GITHUB_API_URL if it stays so");
        };
        let before = self.entries.len();
        for entry in page {
            if entry["id"].as_u64().is_none_or(|id| self.ids.insert(id)) {
                self.entries.push(entry);
            }
        }
        self.stale = if self.entries.len() > before { 0 } else { self.stale + 1 };
        self.addresses.insert(path.to_owned());
        let Some(next) = answer.next else { return Ok(None) };
        let again = "so the list has no end; run it again, and report it to whoever runs the server if it stays so";
        ensure!(
            !self.addresses.contains(&next),
            "GET {path}: GitHub names a page as the next one that was read, {again}"
        );
        ensure!(self.stale < MOST_STALE, "GET {path}: {MOST_STALE} pages in a row brought nothing new, {again}");
        ensure!(
            self.addresses.len() < MOST_PAGES,
            "GET {path}: the list has more than {MOST_PAGES} pages, the most that are read; a repository of that size \
             cannot be managed"
        );
        Ok(Some(next))
    }
}

/// Reads all pages of a list. An entry that moves to another page in the meantime is returned once. `repository` is the
/// name shown in progress messages.
///
/// # Errors
///
/// If a page cannot be read, or the list does not end.
pub(in crate::repository::github) async fn read_all<C: Clock>(
    client: &Client<C>,
    path: &str,
    repository: &str,
) -> Result<Vec<Value>> {
    let mut pages = Pages::default();
    let mut next = Some(path.to_owned());
    let mut told = client.clock().now();
    while let Some(path) = next {
        let now = client.clock().now();
        if now > told + INTERVAL {
            told = now;
            client.say(&format!("reading {repository}: {} so far", pages.entries.len()));
        }
        let answer = client.get(&path).await?;
        next = pages.take(&path, answer)?;
    }
    Ok(pages.entries)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn page(ids: std::ops::Range<usize>, next: usize) -> Answer {
        Answer { json: ids.map(|id| json!({"id": id})).collect(), next: Some(format!("/{next}")) }
    }

    #[test]
    fn an_endless_list_is_an_error() {
        let mut pages = Pages::default();
        let taken = (0..).map(|at| pages.take(&format!("/{at}"), page(at..at + 1, at + 1))).find(Result::is_err);
        assert!(taken.unwrap().unwrap_err().to_string().contains("more than 10000 pages"));
        assert_eq!(pages.entries.len(), MOST_PAGES);
    }

    #[test]
    fn an_entry_that_moved_to_the_next_page_is_returned_once() {
        let mut pages = Pages::default();
        pages.take("/0", page(0..3, 1)).unwrap();
        pages.take("/1", page(2..5, 2)).unwrap();
        assert_eq!(pages.entries.len(), 5);
    }
}
