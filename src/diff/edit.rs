//! A value that changes: what it is, what it becomes, and why.

use serde::Serialize;

/// Why a value is written, or why it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The plan changed it.
    Plan,
    /// People changed it.
    Drift,
    /// Both did, each in another way.
    Conflict,
}

/// A value that changes. Where both sides already agree, `from` equals `to` and only the marker is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit<T> {
    /// The value on GitHub.
    pub from: T,
    /// The plan's value.
    pub to: T,
    /// Why it changes.
    pub why: Why,
}

impl<T> Edit<T> {
    /// A change from one value to another, for a reason.
    pub fn new(from: T, to: T, why: Why) -> Self {
        Self { from, to, why }
    }

    /// A change that the plan makes.
    pub fn plan(from: T, to: T) -> Self {
        Self::new(from, to, Why::Plan)
    }
}

impl<T> Edit<Option<T>> {
    /// The value of a thing that is created.
    pub fn created(to: T) -> Self {
        Self::plan(None, Some(to))
    }
}

impl<T: PartialEq> Edit<T> {
    /// The new value, where it differs from the one on GitHub.
    pub fn new_value(&self) -> Option<&T> {
        Some(&self.to).filter(|to| **to != self.from)
    }
}

/// A member of a set that is added, removed, or only recorded in the marker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberEdit<T> {
    /// The member.
    pub member: T,
    /// Whether it belongs to the set.
    pub edit: Edit<bool>,
}

impl<T> MemberEdit<T> {
    /// A member of a thing that is created.
    pub fn created(member: T) -> Self {
        Self { member, edit: Edit::plan(false, true) }
    }

    /// Whether it is added (`Some(true)`) or removed (`Some(false)`).
    pub fn is_added(&self) -> Option<bool> {
        self.edit.new_value().copied()
    }
}
