//! Reads paginated lists by following GitHub's links, with protection against endless lists.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Result, bail, ensure};
use serde_json::Value;
use tokio::sync::Mutex;

use super::client::{Answer, Client};
use super::clock::Clock;

/// The minimum time between two progress messages.
const INTERVAL: Duration = Duration::from_secs(5);
/// The most pages of a list: a million entries at 100 a page.
const MOST_PAGES: usize = 10_000;
/// How many entries at the end of a page must be known to the reader who comes from the other end. Entries that were
/// created in the same second may come in another order there.
const OVERLAP: usize = 20;
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
    /// Passes the new entries of a page on, and returns the address of the next page.
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

/// What two readers of one list have read, who come from its two ends.
///
/// The readers have met when the other has read the last entries of a page as well. Numbers and dates do not tell that:
/// an issue that was transferred keeps its date and gets a new number.
#[derive(Default)]
struct Meeting {
    from_oldest: RefCell<Pages>,
    from_newest: RefCell<Pages>,
    has_happened: Cell<bool>,
    /// The numbers that each reader came to. They only tell whether the readers are near each other.
    reached: Cell<(Option<u64>, Option<u64>)>,
    /// How far apart the first and the last number on the latest page were.
    numbers_on_page: Cell<u64>,
    /// Held by the reader whose turn it is, once they are near: one of them will find that they have met.
    turn: Mutex<()>,
}

/// One of the two readers of a list.
struct Reader<'m> {
    end: End,
    meeting: &'m Meeting,
}

/// The end of a list that a reader starts from.
#[derive(Clone, Copy)]
enum End {
    Oldest,
    Newest,
}

impl Meeting {
    fn reader_from(&self, end: End) -> Reader<'_> {
        Reader { end, meeting: self }
    }

    /// Whether hardly more than a page seems to be left between the readers.
    fn is_near(&self) -> bool {
        let page = self.numbers_on_page.get();
        matches!(self.reached.get(), (Some(above), Some(below)) if below.saturating_sub(above) <= page + page / 4)
    }
}

impl Reader<'_> {
    /// Takes a page as [`Pages::take`] does, and returns no next page once the readers have met.
    fn take(
        &mut self,
        path: &str,
        answer: Answer,
        mut entry: impl FnMut(Value) -> Result<()>,
    ) -> Result<Option<String>> {
        let (own, others) = match self.end {
            End::Oldest => (&self.meeting.from_oldest, &self.meeting.from_newest),
            End::Newest => (&self.meeting.from_newest, &self.meeting.from_oldest),
        };
        let (mut count, mut known, mut first, mut number) = (0, 0, None, None);
        let next = own.borrow_mut().take(path, answer, |value| {
            count += 1;
            let is_known = value["id"].as_u64().is_some_and(|id| others.borrow().ids.contains(&id));
            known = if is_known { known + 1 } else { 0 };
            number = value["number"].as_u64().or(number);
            first = first.or(number);
            entry(value)
        })?;
        if let (Some(first), Some(last)) = (first, number) {
            self.meeting.numbers_on_page.set(last.abs_diff(first));
        }
        let (above, below) = self.meeting.reached.get();
        self.meeting.reached.set(match self.end {
            End::Oldest => (above.max(number), below),
            End::Newest => (above, number.into_iter().chain(below).min()),
        });
        if next.is_none() || known >= OVERLAP || (count > 0 && known == count) {
            self.meeting.has_happened.set(true);
        }
        Ok(next.filter(|_| !self.meeting.has_happened.get()))
    }
}

/// Reads lists page by page. An entry that moves to the next page in the meantime is returned once.
pub(in crate::repository::github) struct Lists<'c, C> {
    client: &'c Client<C>,
    /// The name shown in progress messages.
    repository: &'c str,
    /// The time of the last progress message.
    told: Cell<Duration>,
    count: Cell<usize>,
}

impl<'c, C: Clock> Lists<'c, C> {
    /// A reader for the lists of a repository.
    pub(in crate::repository::github) fn new(client: &'c Client<C>, repository: &'c str) -> Self {
        Self { client, repository, told: Cell::new(client.clock().now()), count: Cell::new(0) }
    }

    /// Reads all entries of a list.
    ///
    /// # Errors
    ///
    /// If a page cannot be read, or the list does not end.
    pub(in crate::repository::github) async fn all(&self, path: &str) -> Result<Vec<Value>> {
        let mut entries = Vec::new();
        let mut entry = |entry| {
            entries.push(entry);
            Ok(())
        };
        let (mut pages, mut next) = (Pages::default(), Some(path.to_owned()));
        while let Some(path) = next {
            let answer = self.answer(&path).await?;
            next = pages.take(&path, answer, |value| self.count(value, &mut entry))?;
        }
        Ok(entries)
    }

    /// Passes on the entries of a list of issues as each page arrives. The list is read from both ends at once until
    /// the readers meet, so some entries are passed on twice. `path` returns the address for a sort direction.
    ///
    /// # Errors
    ///
    /// As for [`Lists::all`].
    pub(in crate::repository::github) async fn each_from_both_ends(
        &self,
        path: impl Fn(&str) -> String,
        entry: &RefCell<impl FnMut(Value) -> Result<()>>,
    ) -> Result<()> {
        let meeting = Meeting::default();
        let (mut oldest, newest) = (meeting.reader_from(End::Oldest), meeting.reader_from(End::Newest));
        let first = path("asc");
        let answer = self.answer(&first).await?;
        // Most lists have one page.
        let Some(second) = oldest.take(&first, answer, |value| self.count(value, &mut *entry.borrow_mut()))? else {
            return Ok(());
        };
        let (oldest, newest) = tokio::join!(self.read(oldest, second, entry), self.read(newest, path("desc"), entry));
        oldest.and(newest)
    }

    async fn read(
        &self,
        mut reader: Reader<'_>,
        path: String,
        entry: &RefCell<impl FnMut(Value) -> Result<()>>,
    ) -> Result<()> {
        let mut next = Some(path);
        while let Some(path) = next {
            let turn = if reader.meeting.is_near() { Some(reader.meeting.turn.lock().await) } else { None };
            if reader.meeting.has_happened.get() {
                break;
            }
            let answer = self.answer(&path).await?;
            drop(turn);
            next = reader.take(&path, answer, |value| self.count(value, &mut *entry.borrow_mut()))?;
        }
        Ok(())
    }

    /// GitHub's answer for a page. Sometimes people are told how far it got.
    async fn answer(&self, path: &str) -> Result<Answer> {
        let now = self.client.clock().now();
        if now > self.told.get() + INTERVAL {
            self.told.set(now);
            self.client.say(&format!("reading {}: {} so far", self.repository, self.count.get()));
        }
        Ok(self.client.get(path).await?)
    }

    fn count(&self, value: Value, entry: &mut impl FnMut(Value) -> Result<()>) -> Result<()> {
        self.count.set(self.count.get() + 1);
        entry(value)
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
    fn an_endless_list_is_an_error() {
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
    fn an_entry_that_moved_to_the_next_page_is_returned_once() {
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
    fn two_readers_meet_when_one_reads_a_page_that_the_other_has_read() {
        let meeting = Meeting::default();
        let (mut oldest, mut newest) = (meeting.reader_from(End::Oldest), meeting.reader_from(End::Newest));
        let mut read = Vec::new();
        let mut take = |reader: &mut Reader<'_>, path: &str, ids: &[usize], next: usize| {
            let json = ids.iter().map(|id| json!({"id": id})).collect();
            let answer = Answer { json, next: Some(format!("/{next}")) };
            let entry = |value: Value| {
                read.push(value["id"].as_u64().unwrap());
                Ok(())
            };
            reader.take(path, answer, entry).unwrap().is_some()
        };
        // Issue 9 was transferred: it is old, and its number is high.
        assert!(take(&mut oldest, "/1", &[1, 9], 2));
        assert!(take(&mut newest, "/8", &[8, 7, 6], 5));
        assert!(take(&mut oldest, "/2", &[2, 3, 4], 5));
        assert!(take(&mut newest, "/5", &[5, 4, 3], 2), "only a part of the page was known");
        assert!(!take(&mut oldest, "/5", &[5, 6], 7), "all of it is known");
        assert!(!take(&mut newest, "/2", &[2, 9, 1], 3), "the readers have met");
        read.sort_unstable();
        read.dedup();
        assert_eq!(read, (1..=9).collect::<Vec<_>>());
    }
}
