//! What stands below an issue's or milestone's line: its fields, and the text that stays.

mod below;
mod fields;

use std::collections::BTreeSet;

pub(super) use self::below::Below;

use super::field_line::{self as field, Field};
use super::item_line::{self, Head, Token};
use super::markdown::inline::{self, Piece};

use super::markdown::{Document, Id, Kind};
use super::references;
use super::tree::{At, Tree};
use super::vocabulary::{self};
use crate::plan::diagnostic::{Diagnostics, Severity};
use crate::plan::draft::{DraftIssue, Spanned};
use crate::plan::spans::{IssueSpans, ListManner, ListSpan, StateSpan, ValueSpans};

/// What is read with.
pub(super) struct Context<'c> {
    /// The document.
    pub document: &'c Document,
    /// Its item lines.
    pub tree: &'c Tree,
    /// The lines that are issues or milestones of their own.
    pub items: &'c BTreeSet<At>,
}

impl Context<'_> {
    /// Whether a line or one below it is an issue or milestone of its own.
    pub(super) fn has_items(&self, at: At) -> bool {
        self.items.range(at..=self.last(at)).next().is_some()
    }

    /// The last line that another one encloses; they are numbered in the order of the document.
    fn last(&self, at: At) -> At {
        let mut last = at;
        while let Some(child) = self.tree.nodes[last].children.last() {
            last = *child;
        }
        last
    }

    /// Whether a list or table holds an issue or milestone of its own.
    fn is_list_of_items(&self, at: At, block: Id) -> bool {
        let children = self.tree.nodes[at].children.iter();
        children.filter(|child| self.tree.nodes[**child].list == Some(block)).any(|child| self.has_items(*child))
    }
}

/// Makes an issue of a line, without what stands below it.
pub(super) fn of_head(head: Head, line: &[Piece], span: &std::ops::Range<usize>) -> DraftIssue {
    let place = |token: &Token| inline::place(line, &token.at);
    let at = |token: &Token| Spanned { text: token.text.clone(), span: place(token) };
    let Head {
        key,
        is_marked,
        number,
        title,
        title_at,
        state,
        markers,
        priority,
        assignees,
        depends_on,
        rest,
        is_structural: _,
    } = head;
    let mut labels: Vec<Spanned> = markers.iter().map(at).collect();
    labels.iter_mut().filter(|label| label.text == "P").for_each(|label| "parallel".clone_into(&mut label.text));
    labels.extend(priority.as_ref().map(|it| Spanned { text: format!("priority: {}", it.text), span: place(it) }));
    let assignees: Vec<Spanned> = assignees.iter().map(at).collect();
    let on_line = |places: &[std::ops::Range<usize>]| -> Vec<ListSpan> {
        let whole = places.iter().map(|it| it.start).min().zip(places.iter().map(|it| it.end).max());
        whole.map(|(start, end)| ListSpan { manner: ListManner::Line, span: start..end }).into_iter().collect()
    };
    let each = |values: &[Spanned]| values.iter().map(|it| it.span.clone()).collect::<Vec<_>>();
    let dependencies: Vec<_> = depends_on.iter().map(&place).collect();
    let spans = IssueSpans {
        title: Some(inline::place(line, &title_at)),
        state: state.as_ref().map(|it| StateSpan { manner: it.manner, span: inline::place(line, &it.at) }),
        assignees: ValueSpans { lists: on_line(&each(&assignees)), ..ValueSpans::default() },
        depends_on: ValueSpans { lists: on_line(&dependencies), ..ValueSpans::default() },
        ..IssueSpans::default()
    };
    DraftIssue {
        key,
        is_marked,
        number,
        title,
        labels,
        assignees,
        depends_on: depends_on.map(|token| references::split(&at(&token))).unwrap_or_default(),
        closed: state.as_ref().is_some_and(|state| state.done),
        has_state: state.is_some(),
        body: rest,
        span: span.clone(),
        spans,
        ..DraftIssue::default()
    }
}

/// The lines of an item: the one that introduces it, and all that it encloses.
pub(super) fn lines_around(context: &Context<'_>, at: At) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
    let node = &context.tree.nodes[at];
    let source = &context.document.source;
    let block = context.document.block(node.block);
    // Only a heading may take two lines, the second one underlining it.
    let last = if matches!(block.kind, Kind::Heading(_)) { block.end } else { node.line };
    (source.lines(node.line, last), source.lines(node.line, node.end.max(last)))
}

/// A GitHub login. A phrase such as `Platform team` is none.
pub(super) fn login(part: &Spanned) -> Option<Spanned> {
    let login = part.text.trim().trim_start_matches('@');
    item_line::is_login(login).then(|| Spanned { text: login.to_owned(), span: part.span.clone() })
}

/// Reports people who are named, not mentioned by their login.
pub(super) fn no_login(people: &[Spanned], diagnostics: &mut Diagnostics) {
    for name in people.iter().filter(|part| part.text.chars().count() <= 60) {
        diagnostics.once(
            Severity::Note,
            "no-login",
            name.span.clone(),
            format!("`{}` is not a GitHub login, so nobody is assigned", name.text),
            "write the login, such as `@octocat`",
        );
    }
}

/// The label of a priority: `priority: high`, `priority: p1`; nothing where there is none.
pub(super) fn priority_label(value: &str) -> Option<String> {
    let visible = |it: char| !(it.is_alphanumeric() || it == '-');
    let value = value.split([' ', '(', ',', '/']).find(|word| word.contains(char::is_alphanumeric))?;
    let level = value.trim_matches(visible).to_lowercase();
    (!field::is_none(&level)).then(|| format!("priority: {level}"))
}

/// A value without the code span or quotes around all of it.
pub(super) fn unquoted(value: &str) -> String {
    let value = value.trim();
    for quote in ['`', '"'] {
        if let Some(inner) = value.strip_prefix(quote).and_then(|it| it.strip_suffix(quote))
            && !inner.contains(quote)
        {
            return inner.trim().to_owned();
        }
    }
    value.to_owned()
}

/// The bytes of a cell without the blanks around them.
pub(super) fn cell_content(document: &Document, cell: Id) -> std::ops::Range<usize> {
    let span = document.block(cell).span.clone();
    let text = &document.source.text[span.clone()];
    let bare = text.trim_start_matches([' ', '|']);
    let start = span.start + text.len() - bare.len();
    start..start + bare.trim_end_matches([' ', '|', '\n', '\r']).len()
}

/// The first lines of the items of a list.
fn nested_lines(document: &Document, list: Id) -> Vec<&Vec<Piece>> {
    let items = document.block(list).children.iter();
    items.filter_map(|item| document.block(document.first_paragraph(*item)?).lines.first()).collect()
}

/// One value of a field whose values stand in a list below it.
#[allow(clippy::ptr_arg, reason = "it maps over lines")]
fn nested_value(line: &Vec<Piece>) -> Option<Spanned> {
    let (first, last) = (line.first()?, line.last()?);
    let text: String = line.iter().map(|piece| piece.text.as_str()).collect();
    let text = match Field::read(line).filter(|field| vocabulary::field(&field.name).is_some()) {
        Some(field) => field.value,
        None => text.trim().to_owned(),
    };
    Some(Spanned { text, span: first.span.start..last.span.end }).filter(|part| !field::is_none(&part.text))
}
