//! GitHub's limits, in one place. GitHub documents few of them; they are what its API answers. Where nothing else is
//! said, it answers 422 past them.

/// The longest title of an issue, in characters. Milestones are held to it too.
pub const TITLE: usize = 256;
/// The longest text of an issue, in characters.
pub const BODY: usize = 65_536;
/// The longest name of a label, in characters.
pub const LABEL_NAME: usize = 50;
/// The longest description of a label, in characters.
pub const LABEL_DESCRIPTION: usize = 100;
/// The most labels on an issue.
pub const LABELS_OF_ISSUE: usize = 100;
/// The most assignees of an issue; the rest is dropped without a word.
pub const ASSIGNEES: usize = 10;
/// The most issues that block one issue.
pub const BLOCKERS: usize = 50;
/// The most sub-issues of one parent.
pub const SUB_ISSUES: usize = 100;
/// The most levels of sub-issues.
pub const SUB_ISSUE_LEVELS: usize = 8;
/// The most pinned issues of a repository; GraphQL answers with an error past it.
pub const PINS: usize = 3;
/// A comment must have fewer bytes than this. GitHub counts characters; bytes are never fewer.
pub const COMMENT: usize = 65_536;
/// The largest job summary of one step, in bytes; a larger one is dropped whole.
pub const SUMMARY: usize = 1024 * 1024;
/// The most annotations of one kind in one step; the rest is dropped.
pub const ANNOTATIONS: usize = 10;
