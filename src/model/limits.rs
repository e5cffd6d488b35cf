//! GitHub's limits, in one place. GitHub documents few of them; the others were found by asking its API. Unless noted
//! otherwise, GitHub answers 422 to a request that exceeds a limit.

/// The longest title of an issue, in characters. plan-action holds milestone titles to the same limit.
pub const TITLE: usize = 256;
/// The longest body of an issue, in characters.
pub const BODY: usize = 65_536;
/// The longest name of a label, in characters.
pub const LABEL_NAME: usize = 50;
/// The longest description of a label, in characters.
pub const LABEL_DESCRIPTION: usize = 100;
/// The most labels on an issue.
pub const LABELS_OF_ISSUE: usize = 100;
/// The most assignees of an issue. GitHub silently drops the rest.
pub const ASSIGNEES: usize = 10;
/// The most issues that block one issue.
pub const BLOCKERS: usize = 50;
/// The most sub-issues of one parent.
pub const SUB_ISSUES: usize = 100;
/// The most levels of nested sub-issues.
pub const SUB_ISSUE_LEVELS: usize = 8;
/// The most pinned issues of a repository. GraphQL reports an error when it is exceeded.
pub const PINS: usize = 3;
/// A comment must be shorter than this, in bytes. GitHub counts characters, and a text never has more characters than
/// bytes.
pub const COMMENT: usize = 65_536;
/// The largest job summary of one step, in bytes. GitHub drops a larger summary entirely.
pub const SUMMARY: usize = 1024 * 1024;
/// The most annotations of one kind in one step. GitHub drops the rest.
pub const ANNOTATIONS: usize = 10;
