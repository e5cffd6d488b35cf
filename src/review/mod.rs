//! What reviewers were shown. It is stored in the preview comment on a pull request, and read back when the commits of
//! the pull request land.
//!
//! The comment begins with a hidden marker that holds the plan, the previewed commit and a digest of every change. Only
//! the marker is ever read, never the text below it, and only in comments by the account that plan-action runs as. The
//! marker protects against mistakes, not against attacks: anybody who can write to the repository can edit a comment.

mod set;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use self::set::{DigestSet, Members};
use crate::diff::{Change, ChangeDigest, Diff};
use crate::model::marker::comment_json;
use crate::plan::PlanId;

/// The version of the marker format. Other versions are ignored.
const VERSION: u32 = 2;
const BEGIN: &str = "<!-- plan-action-comment ";
const END: &str = " -->";

/// The hidden first line of a preview comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentMarker {
    version: u32,
    /// The path of the plan file. There is one comment for each path.
    pub path: PlanId,
    /// The id of the previewed plan.
    pub plan: PlanId,
    /// The SHA of the previewed commit.
    pub head: String,
    /// The digest of all changes; empty if the comment shows none.
    pub digest: String,
    /// The digests of the single changes; `None` if they exceed the space in a comment. In that case, only the complete
    /// set of changes can be recognised.
    pub changes: Option<DigestSet>,
}

impl CommentMarker {
    /// The marker for a preview of a diff.
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

    /// The marker of a comment without changes, for a plan that cannot be applied.
    pub fn of_nothing(path: &PlanId, head: &str) -> Self {
        let (path, plan, head) = (path.clone(), path.clone(), head.to_owned());
        Self { version: VERSION, path, plan, head, digest: String::new(), changes: None }
    }

    /// The marker as an HTML comment on a single line.
    pub fn to_line(&self) -> String {
        format!("{BEGIN}{}{END}", comment_json(self))
    }

    /// Parses the marker of a comment, which must be the first line.
    pub fn find(comment: &str) -> Option<Self> {
        let json = comment.lines().next()?.trim_end().strip_prefix(BEGIN)?.strip_suffix(END)?;
        serde_json::from_str(json).ok().filter(|marker: &Self| marker.version == VERSION)
    }
}

/// The visible changes of a diff that are in none of the given comments.
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

/// Splits a diff into the changes that a pull request makes and those already pending on its base branch.
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
    fn a_marker_is_only_read_from_the_first_line() {
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
