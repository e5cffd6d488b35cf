//! A value that changes: its old value, its new value, and the reason.

use serde::Serialize;

/// Why a value is written, or why it is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The plan changed the value.
    Plan,
    /// People changed the value.
    Drift,
    /// Both changed it, to different values.
    Conflict,
}

/// A value that changes. If both sides already agree, `from` equals `to` and only the marker is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit<T> {
    /// The value on GitHub.
    pub from: T,
    /// The plan's value.
    pub to: T,
    /// Which side changed the value.
    pub why: Why,
}

impl<T> Edit<T> {
    /// An edit with an explicit reason.
    pub fn new(from: T, to: T, why: Why) -> Self {
        Self { from, to, why }
    }

    /// An edit that the plan asks for.
    pub fn plan(from: T, to: T) -> Self {
        Self::new(from, to, Why::Plan)
    }
}

impl<T> Edit<Option<T>> {
    /// The value of a thing that is created: `from` is `None`.
    pub fn created(to: T) -> Self {
        Self::plan(None, Some(to))
    }
}

impl<T: PartialEq> Edit<T> {
    /// The new value, if it differs from the one on GitHub.
    pub fn new_value(&self) -> Option<&T> {
        Some(&self.to).filter(|to| **to != self.from)
    }
}

/// A member of a set that is added, removed, or only recorded in the marker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberEdit<T> {
    /// A label name, a login or a key.
    pub member: T,
    /// Whether the member belongs to the set, before and after.
    pub edit: Edit<bool>,
}

impl<T> MemberEdit<T> {
    /// A member of a thing that is created.
    pub fn created(member: T) -> Self {
        Self { member, edit: Edit::plan(false, true) }
    }

    /// `Some(true)` if the member is added, `Some(false)` if it is removed, `None` if only the marker changes.
    pub fn is_added(&self) -> Option<bool> {
        self.edit.new_value().copied()
    }
}
