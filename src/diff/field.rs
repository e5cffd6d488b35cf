//! A change as a flat list of fields with printable values. JSON, the digest and rendered text are made from it.

use std::borrow::Cow;

use serde::Serialize;

use super::change::{
    Change, IdentityEdits, IssueChange, IssueEdits, LabelChange, LabelEdits, LinkChange, LinkEdit, MilestoneChange,
    MilestoneEdits, ParentName,
};
use super::edit::{Edit, MemberEdit, Why};
use crate::model::snapshot::{IssueState, StateReason, state_name};

/// A field of a label, milestone or issue. Each label and each assignee is a separate field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "GitHub's own words, and the contract's")]
pub enum Field {
    Plan,
    Key,
    Title,
    Name,
    Color,
    Description,
    DueOn,
    State,
    StateReason,
    Milestone,
    Label,
    Assignee,
    Parent,
    BlockedBy,
    Pinned,
    Body,
}

impl Field {
    /// Whether the values are multi-line texts, which are shown as a diff.
    pub fn is_text(self) -> bool {
        matches!(self, Self::Body | Self::Description)
    }
}

/// One field with its printable old and new value; `None` means no value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct FieldChange<'c> {
    /// The field that changes.
    pub field: Field,
    /// The value on GitHub.
    pub from: Option<Cow<'c, str>>,
    /// The plan's value.
    pub to: Option<Cow<'c, str>>,
    /// Which side changed the value.
    pub why: Why,
}

/// The printable value of a pinned issue.
const PINNED: &str = "pinned";
/// The printable name of a parent in another repository.
const ELSEWHERE: &str = "an issue of another repository";

/// Collects fields in display order.
#[derive(Default)]
struct Fields<'c>(Vec<FieldChange<'c>>);

impl<'c> Fields<'c> {
    fn value<T>(&mut self, field: Field, edit: Option<&'c Edit<T>>, word: impl Fn(&'c T) -> Option<Cow<'c, str>>) {
        let Some(Edit { from, to, why }) = edit else { return };
        self.0.push(FieldChange { field, from: word(from), to: word(to), why: *why });
    }

    fn text(&mut self, field: Field, edit: Option<&'c Edit<Option<String>>>) {
        self.value(field, edit, |text| text.as_deref().map(Cow::Borrowed));
    }

    fn members<T>(&mut self, field: Field, members: &'c [MemberEdit<T>], name: impl Fn(&T) -> &str) {
        for MemberEdit { member, edit } in members {
            self.value(field, Some(edit), |is_there| is_there.then(|| Cow::Borrowed(name(member))));
        }
    }

    fn identity(&mut self, IdentityEdits { plan, key }: &'c IdentityEdits) {
        self.value(Field::Plan, plan.as_ref(), |plan| Some(plan.as_str().into()));
        self.value(Field::Key, key.as_ref(), |key| Some(key.as_str().into()));
    }

    fn label(&mut self, LabelEdits { name, color, description }: &'c LabelEdits) {
        self.text(Field::Name, name.as_ref());
        self.text(Field::Color, color.as_ref());
        self.text(Field::Description, description.as_ref());
    }

    fn milestone(&mut self, edits: &'c MilestoneEdits) {
        let MilestoneEdits { identity, title, description, due_on, closed } = edits;
        self.identity(identity);
        self.text(Field::Title, title.as_ref());
        self.text(Field::Description, description.as_ref());
        self.value(Field::DueOn, due_on.as_ref(), |day| day.map(|day| day.to_string().into()));
        self.value(Field::State, closed.as_ref(), |closed| closed.map(|closed| state_name(closed).into()));
    }

    fn issue(&mut self, edits: &'c IssueEdits) {
        let IssueEdits { identity, title, state, milestone, labels, assignees, blocked_by, parent, pinned, body } =
            edits;
        self.identity(identity);
        self.text(Field::Title, title.as_ref());
        self.value(Field::State, state.as_ref(), |state| state.map(|state| state.as_str().into()));
        self.state_reason(state.as_ref());
        self.text(Field::Milestone, milestone.as_ref());
        self.members(Field::Label, labels, |name| name.as_str());
        self.members(Field::Assignee, assignees, |login| login.as_str());
        self.members(Field::BlockedBy, blocked_by, |key| key.as_str());
        self.value(Field::Parent, parent.as_ref(), |key| key.as_ref().map(|key| key.as_str().into()));
        self.value(Field::Pinned, pinned.as_ref(), |pinned| pinned.then_some(PINNED.into()));
        self.text(Field::Body, body.as_ref());
    }

    /// Adds the reason for closing, unless it is the default, `completed`.
    fn state_reason(&mut self, state: Option<&Edit<Option<IssueState>>>) {
        let Some(Edit { from: _, to: Some(IssueState::Closed(reason)), why }) = state else { return };
        if *reason != StateReason::Completed {
            let to = Some(reason.as_str().into());
            self.0.push(FieldChange { field: Field::StateReason, from: None, to, why: *why });
        }
    }

    fn link(&mut self, link: &'c LinkEdit) {
        match link {
            LinkEdit::Dependency { blocked: _, blocker, edit } => {
                self.value(Field::BlockedBy, Some(edit), |is_there| is_there.then(|| blocker.key.as_str().into()));
            }
            LinkEdit::SubIssue { child: _, parent: _, edit } => self.value(Field::Parent, Some(edit), |parent| {
                parent.as_ref().map(|parent| match parent {
                    ParentName::Issue(key) => key.as_str().into(),
                    ParentName::Elsewhere => ELSEWHERE.into(),
                })
            }),
            LinkEdit::Pin { issue: _, edit } => {
                self.value(Field::Pinned, Some(edit), |pinned| pinned.then_some(PINNED.into()));
            }
        }
    }
}

impl Change {
    /// Whether people can see any part of the change. An agreement between plan and people is only recorded in the
    /// marker.
    pub fn is_visible(&self) -> bool {
        let fields = self.fields();
        fields.is_empty() || fields.iter().any(|field| field.from != field.to)
    }

    /// The first change to this field; labels and assignees can have several.
    pub fn field(&self, field: Field) -> Option<FieldChange<'_>> {
        self.fields().into_iter().find(|change| change.field == field)
    }

    /// The fields that change, in display order.
    pub fn fields(&self) -> Vec<FieldChange<'_>> {
        let mut fields = Fields::default();
        match self {
            Self::Label(LabelChange { op: _, name: _, edits }) => fields.label(edits),
            Self::Milestone(change) => {
                let MilestoneChange { op: _, key: _, number: _, title: _, edits, text: _ } = &**change;
                fields.milestone(edits);
            }
            Self::Issue(change) => {
                let IssueChange { op: _, issue: _, title: _, milestone: _, edits, text: _ } = &**change;
                fields.issue(edits);
            }
            Self::Link(LinkChange { op: _, link, title: _, milestone: _, other: _ }) => fields.link(link),
        }
        fields.0
    }
}
