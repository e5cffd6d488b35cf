//! What an issue says of other issues: dependencies and parents.

use super::issues::{Missing, Resolver};
use super::names::NotFound;
use crate::plan::PlanKey;
use crate::plan::draft::Spanned;
use crate::plan::read::references;

/// A kind of link, and how messages speak of it.
pub(super) struct Link {
    /// What it is.
    noun: &'static str,
    /// What an issue does that links to itself.
    own: &'static str,
    /// What the other end has to be.
    why_issue: &'static str,
    /// The codes: to itself, to one of several, to a milestone, to nothing.
    codes: [&'static str; 4],
    /// Whether the issue is a file of its own, so that the other end is usually in another file.
    is_of_file: bool,
}

/// What blocks an issue.
pub(super) const DEPENDENCY: Link = Link {
    noun: "dependency",
    own: "depends on itself",
    why_issue: "an issue can only depend on other issues",
    codes: ["self-dependency", "ambiguous-dependency", "depends-on-milestone", "unknown-dependency"],
    is_of_file: false,
};

/// What an issue is a part of.
pub(super) const PARENT: Link = Link {
    noun: "parent",
    own: "is its own parent",
    why_issue: "only an issue can be a parent",
    codes: ["self-parent", "ambiguous-parent", "parent-is-milestone", "unknown-parent"],
    is_of_file: false,
};

/// What blocks an issue that is a file of its own.
pub(super) const DEPENDENCY_OF_FILE: Link = Link { is_of_file: true, ..DEPENDENCY };

/// What an issue is a part of that is a file of its own.
pub(super) const PARENT_OF_FILE: Link = Link { is_of_file: true, ..PARENT };

impl Resolver<'_> {
    /// The issue at the other end of a link. Where there is none, people are told why.
    pub(super) fn link(
        &mut self,
        key: &PlanKey,
        name: &Spanned,
        group: Option<&PlanKey>,
        kind: &Link,
    ) -> Option<PlanKey> {
        let Link { noun, own, why_issue, codes: [to_itself, ambiguous, to_milestone, unknown], is_of_file } = *kind;
        let called = &name.text;
        let span = self.narrowed(name);
        let (code, message, help) = match self.issues.find(called, group) {
            Ok(found) if found == *key => {
                let message = format!("`{key}` {own}");
                self.diagnostics.error(to_itself, span, message, "remove it");
                return None;
            }
            Ok(found) => return Some(found),
            Err(NotFound::Ambiguous) => (
                ambiguous,
                format!("`{called}` matches several issues, so this {noun} is ignored"),
                "write the full title of the issue, or give each issue a key of its own",
            ),
            Err(NotFound::Unknown) if self.milestones.find(called, None).is_ok() => (
                to_milestone,
                format!("`{called}` is a milestone, but {why_issue}; this {noun} is ignored"),
                "name an issue of the milestone",
            ),
            Err(NotFound::Unknown) if is_of_file => (
                "link-to-another-file",
                format!("`{called}` is not in this file, so this {noun} is ignored"),
                "links between files are not supported; put issues that depend on each other into one plan",
            ),
            Err(NotFound::Unknown) if references::is_reference(called) => {
                self.missing.push(Missing { code: unknown, what: "issue", name: name.clone() });
                return None;
            }
            // Words are no key that somebody mistyped: they may be about something outside of the plan.
            Err(NotFound::Unknown) => (
                unknown,
                format!("no issue in this plan is called `{called}`, so this {noun} is ignored"),
                "write the key or title of an issue, or move this into the text",
            ),
        };
        self.diagnostics.warning(code, span, message, help);
        None
    }
}
