//! Reads paginated lists by following GitHub's links, with protection against endless lists.

use std::cell::{Cell, RefCell};
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
/// The most entries that a page has.
const PAGE: u64 = 100;
/// The most consecutive pages without new entries. Entries can move to the next page while a list is read.
const MOST_STALE: usize = 3;

/// The part of a list read so far.
#[derive(Debug, Default)]
struct Pages {
    ids: BTreeSet<u64>,
    addresses: BTreeSet<String>,
    /// The number of consecutive pages without new entries.
    stale: usize,
}

impl Pages {
    /// Takes a page, and hands over the entries that are new; gives the address of the next one.
    fn take(
        &mut self,
        path: &str,
        answer: Answer,
        mut entry: impl FnMut(Value) -> Result<()>,
    ) -> Result<Option<String>> {
        let Value::Array(page) = answer.json else {
            bail!("GET {path}: GitHub's answer is not a list; run it again, and check GITHUB_API_URL if it stays so");
        };
        let mut is_stale = true;
        for value in page {
            if value["id"].as_u64().is_none_or(|id| self.ids.insert(id)) {
                is_stale = false;
                entry(value)?;
            }
        }
        self.stale = if is_stale { self.stale + 1 } else { 0 };
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

/// Which end of a list is read from.
#[derive(Clone, Copy)]
enum End {
    Oldest,
    Newest,
}

/// The numbers that two readers have not read yet who come from both ends of a list of issues.
struct Unread {
    /// They are above this one.
    above: Cell<u64>,
    /// And below this one.
    below: Cell<u64>,
    /// Whether one of the readers has stopped.
    is_alone: Cell<bool>,
}

impl Default for Unread {
    fn default() -> Self {
        Self { above: Cell::new(0), below: Cell::new(u64::MAX), is_alone: Cell::new(false) }
    }
}

impl Unread {
    fn note(&self, end: End, number: u64) {
        match end {
            End::Oldest => self.above.set(self.above.get().max(number)),
            End::Newest => self.below.set(self.below.get().min(number)),
        }
    }

    /// Whether a reader needs another page. What fits on one page is left to the other reader, who is reading it already.
    fn goes_on(&self) -> bool {
        match self.below.get().saturating_sub(self.above.get().saturating_add(1)) {
            0 => false,
            left if left <= PAGE => self.is_alone.get(),
            _ => true,
        }
    }
}

/// Reads lists page by page. An entry that moves to the next page meanwhile is given once.
pub(in crate::repository::github) struct Lists<'c, C> {
    client: &'c Client<C>,
    /// The name that people see while something long is read.
    repository: &'c str,
    /// When people were told something last.
    told: Cell<Duration>,
    count: Cell<usize>,
}

impl<'c, C: Clock> Lists<'c, C> {
    /// Reads lists of a repository.
    pub(in crate::repository::github) fn new(client: &'c Client<C>, repository: &'c str) -> Self {
        Self { client, repository, told: Cell::new(client.clock().now()), count: Cell::new(0) }
    }

    /// All entries of a list.
    ///
    /// # Errors
    ///
    /// When a page cannot be read, or the list does not end.
    pub(in crate::repository::github) async fn all(&self, path: &str) -> Result<Vec<Value>> {
        let mut entries = Vec::new();
        let mut entry = |entry| {
            entries.push(entry);
            Ok(())
        };
        let (mut pages, mut next) = (Pages::default(), Some(path.to_owned()));
        while let Some(path) = next {
            next = self.page(&mut pages, &path, &mut entry).await?;
        }
        Ok(entries)
    }

    /// Hands over the entries of a list of issues, as each page comes. The list is read from both of its ends at the same
    /// time until these meet, so some entries come twice. `path` gives the address for a direction.
    ///
    /// # Errors
    ///
    /// As [`Lists::all`].
    pub(in crate::repository::github) async fn each_from_both_ends(
        &self,
        path: impl Fn(&str) -> String,
        entry: &RefCell<impl FnMut(Value) -> Result<()>>,
    ) -> Result<()> {
        let (unread, mut pages) = (Unread::default(), Pages::default());
        // Most lists have one page.
        let first = self.page_of_issues(End::Oldest, &mut pages, &path("asc"), entry, &unread).await?;
        let Some(second) = first else { return Ok(()) };
        let (oldest, newest) = tokio::join!(
            self.rest(End::Oldest, pages, second, entry, &unread),
            self.rest(End::Newest, Pages::default(), path("desc"), entry, &unread)
        );
        oldest.and(newest)
    }

    async fn rest(
        &self,
        end: End,
        mut pages: Pages,
        path: String,
        entry: &RefCell<impl FnMut(Value) -> Result<()>>,
        unread: &Unread,
    ) -> Result<()> {
        let mut next = Some(path);
        while let Some(path) = next {
            next = self.page_of_issues(end, &mut pages, &path, entry, unread).await?;
            if next.is_none() {
                // This was the other end.
                unread.note(End::Oldest, u64::MAX);
            }
            next = next.filter(|_| unread.goes_on());
        }
        unread.is_alone.set(true);
        Ok(())
    }

    async fn page_of_issues(
        &self,
        end: End,
        pages: &mut Pages,
        path: &str,
        entry: &RefCell<impl FnMut(Value) -> Result<()>>,
        unread: &Unread,
    ) -> Result<Option<String>> {
        let mut last = None;
        let next = self
            .page(pages, path, |value| {
                last = value["number"].as_u64().or(last);
                (entry.borrow_mut())(value)
            })
            .await?;
        if let Some(last) = last {
            unread.note(end, last);
        }
        Ok(next)
    }

    async fn page(
        &self,
        pages: &mut Pages,
        path: &str,
        mut entry: impl FnMut(Value) -> Result<()>,
    ) -> Result<Option<String>> {
        let now = self.client.clock().now();
        if now > self.told.get() + INTERVAL {
            self.told.set(now);
            self.client.say(&format!("reading {}: {} so far", self.repository, self.count.get()));
        }
        let answer = self.client.get(path).await?;
        pages.take(path, answer, |value| {
            self.count.set(self.count.get() + 1);
            entry(value)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn page(ids: std::ops::Range<usize>, next: usize) -> Answer {
        Answer { json: ids.map(|id| json!({"id": id})).collect(), next: Some(format!("/{next}")) }
    }

    #[test]
    fn a_list_that_goes_on_for_ever_ends_with_an_error() {
        let (mut pages, mut count) = (Pages::default(), 0);
        let mut take = |at: usize| {
            pages.take(&format!("/{at}"), page(at..at + 1, at + 1), |_| {
                count += 1;
                Ok(())
            })
        };
        let taken = (0..).map(&mut take).find(Result::is_err);
        assert!(taken.unwrap().unwrap_err().to_string().contains("more than 10000 pages"));
        assert_eq!(count, MOST_PAGES);
    }

    #[test]
    fn an_entry_that_moved_to_the_next_page_is_given_once() {
        let (mut pages, mut count) = (Pages::default(), 0);
        for (path, ids) in [("/0", 0..3), ("/1", 2..5)] {
            let entry = |_| {
                count += 1;
                Ok(())
            };
            pages.take(path, page(ids, 9), entry).unwrap();
        }
        assert_eq!(count, 5);
    }

    #[test]
    fn two_readers_stop_where_they_meet_and_leave_the_last_page_to_one_of_them() {
        let unread = Unread::default();
        unread.note(End::Oldest, 100);
        assert!(unread.goes_on(), "nobody knows where the list ends");
        unread.note(End::Newest, 301);
        assert!(unread.goes_on());
        unread.note(End::Oldest, 200);
        assert!(!unread.goes_on(), "the other one is reading the rest");
        unread.is_alone.set(true);
        assert!(unread.goes_on(), "there is no other one any more");
        unread.note(End::Oldest, 300);
        assert!(!unread.goes_on());
    }
}
