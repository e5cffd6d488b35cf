//! What reviewers were shown: written into the comment on a pull request, read back when its commits land.
//!
//! The comment begins with a hidden marker that holds the plan, the commit that was previewed and a digest of every
//! change. Only the marker is ever read, never the prose below it, and only in comments of the account that
//! plan-action runs as. It is a seat belt, not a lock: whoever may write to the repository can edit a comment.

mod set;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use self::set::{DigestSet, Members};
use crate::diff::{Change, ChangeDigest, Diff};
use crate::model::marker::comment_json;
use crate::plan::PlanId;

/// The version of the marker's form; others are not read.
const VERSION: u32 = 2;
const BEGIN: &str = "<!-- plan-action-comment ";
const END: &str = " -->";

/// The hidden first line of a comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentMarker {
    version: u32,
    /// The path of the plan's file: there is one comment for each.
    pub path: PlanId,
    /// The plan that was previewed.
    pub plan: PlanId,
    /// The commit that was previewed.
    pub head: String,
    /// The digest of all changes.
    pub digest: String,
    /// The digest of each change; none where they are more than a comment can hold, and then only all of them together
    /// can be recognised.
    pub changes: Option<DigestSet>,
}

impl CommentMarker {
    /// The marker of a preview.
    pub fn new(diff: &Diff, path: &PlanId, head: &str) -> Self {
        let digests: BTreeSet<ChangeDigest> = diff.changes.iter().flat_map(Change::digests).collect();
        Self {
            version: VERSION,
            path: path.clone(),
            plan: diff.plan.clone(),
            head: head.to_owned(),
            digest: diff.digest(),
            changes: DigestSet::new(&digests),
        }
    }

    /// The marker of a comment that shows no changes, because there is no plan that could be applied.
    pub fn of_nothing(path: &PlanId, head: &str) -> Self {
        let (path, plan, head) = (path.clone(), path.clone(), head.to_owned());
        Self { version: VERSION, path, plan, head, digest: String::new(), changes: None }
    }

    /// The marker as a line of HTML that shows nothing.
    pub fn to_line(&self) -> String {
        format!("{BEGIN}{}{END}", comment_json(self))
    }

    /// The marker of a comment: it is the first line or none.
    pub fn find(comment: &str) -> Option<Self> {
        let json = comment.lines().next()?.trim_end().strip_prefix(BEGIN)?.strip_suffix(END)?;
        serde_json::from_str(json).ok().filter(|marker: &Self| marker.version == VERSION)
    }
}

/// The changes that none of some comments showed.
pub fn unseen<'d>(diff: &'d Diff, comments: &[CommentMarker]) -> Vec<&'d Change> {
    let comments = || comments.iter().filter(|comment| comment.plan == diff.plan);
    let digest = diff.digest();
    if comments().any(|comment| comment.digest == digest) {
        return Vec::new();
    }
    let shown: Vec<Members> =
        comments().filter_map(|comment| comment.changes.as_ref()).map(DigestSet::members).collect();
    let is_shown =
        |change: &Change| change.digests().into_iter().all(|digest| shown.iter().any(|shown| shown.contains(digest)));
    diff.changes.iter().filter(|change| change.is_visible() && !is_shown(change)).collect()
}

/// The changes that a pull request makes, and those that are pending on its base branch without it.
pub fn split_pending<'d>(diff: &'d Diff, pending: &BTreeSet<ChangeDigest>) -> (Vec<&'d Change>, Vec<&'d Change>) {
    diff.changes.iter().partition(|change| {
        let digests = change.digests();
        digests.is_empty() || !digests.iter().all(|digest| pending.contains(digest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_is_read_back_only_from_the_first_line() {
        let marker = CommentMarker {
            version: VERSION,
            path: PlanId::new("docs/--> @team #1.md"),
            plan: PlanId::new("--> @team #1"),
            head: "0123abc".into(),
            digest: "sha256:00".into(),
            changes: DigestSet::new(&BTreeSet::new()),
        };
        let line = marker.to_line();
        assert_eq!(line.matches("--").count(), 2, "{line}");
        assert!(!line[4..line.len() - 3].contains(['<', '>', '@', '#']), "{line}");
        assert_eq!(CommentMarker::find(&format!("{line}\r\nwords")), Some(marker));
        assert_eq!(CommentMarker::find(&format!("words\n{line}")), None);
        assert_eq!(CommentMarker::find("<!-- plan-action-comment {\"version\":3} -->"), None);
        assert_eq!(CommentMarker::find(""), None);
    }
}
