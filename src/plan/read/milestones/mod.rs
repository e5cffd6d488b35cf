//! Milestones: from headings, leads and items of lists, and from tables.

mod rows;

pub(super) use self::rows::of_row;
use super::content::{self, Context};
use super::field_line::{self as field, Field};
use super::item_line;
use super::markdown::inline::{self, Piece};
use super::markdown::text::Passage;
use super::markdown::{Id, Kind};
use super::references;
use super::tree::{At, Part, Shape, lines_of};
use super::vocabulary::{self, FieldKind, SectionKind};
use crate::plan::date::{self, Written};
use crate::plan::diagnostic::Diagnostics;
use crate::plan::draft::{DraftMilestone, Due};
use crate::plan::spans::{self, DueManner, DueSpan, MilestoneSpans, StateManner, StateSpan};
use crate::plan::title;

/// The milestone of a heading, a lead or an item.
pub(super) fn of_line(context: &Context<'_>, at: At, diagnostics: &mut Diagnostics) -> DraftMilestone {
    let node = &context.tree.nodes[at];
    let line = node.lines.first().map(Vec::as_slice).unwrap_or_default();
    let bare: String = line.iter().map(|piece| piece.text.as_str()).collect();
    let is_item = node.list.is_some();
    let (written, rest) = if is_item && !node.head.rest.is_empty() && node.is_strong {
        let strong: String = line.iter().take_while(|piece| piece.strong).map(|piece| piece.text.as_str()).collect();
        (strong, node.head.rest.clone())
    } else {
        (bare.clone(), String::new())
    };
    let plain = without_states(item_line::unnumbered(&written));
    let (key, title) = match leading_key(line) {
        Some((key, title)) => (Some(key), without_states(&title)),
        None => (node.id.clone(), plain),
    };
    let title = title::clean(&title);
    let has_id = node.id.is_some();
    let mut below =
        Below { context, diagnostics, milestone: DraftMilestone::default(), description: Vec::new(), has_id };
    below.milestone.spans = spans_of_line(context, at);
    below.schedule(&bare, line);
    let scheduled = (below.milestone.due.take(), below.milestone.spans.due_on.take());
    if !rest.is_empty() {
        below.description.push(Passage::plain(rest, node.span.clone()));
    }
    for line in node.lines.iter().skip(1) {
        below.line(&Field::all(line), || written_line(line));
    }
    below.section(at, 0);
    let Below { mut milestone, description, .. } = below;
    let designator = node.designator.as_ref().map(|it| it.name.clone());
    let exact = Some(milestone.title.clone()).filter(|title| !title.is_empty());
    if exact.is_none() && milestone.due.is_none() {
        (milestone.due, milestone.spans.due_on) = scheduled;
    }
    DraftMilestone {
        key: if exact.is_some() { node.id.clone() } else { key },
        title: exact.unwrap_or(title),
        designator,
        spans: MilestoneSpans {
            description: description.iter().map(|it| it.span.clone()).collect(),
            ..milestone.spans.clone()
        },
        description: Passage::joined(description, "\n\n").text,
        span: node.span.clone(),
        ..milestone
    }
}

/// The places that a milestone's own line gives.
fn spans_of_line(context: &Context<'_>, at: At) -> MilestoneSpans {
    let node = &context.tree.nodes[at];
    let line = node.lines.first().map(Vec::as_slice).unwrap_or_default();
    let (own, extent) = content::lines_around(context, at);
    let said = node.head.state.as_ref().map(|it| StateSpan { manner: it.manner, span: inline::place(line, &it.at) });
    let tick = node.tick.clone().map(|span| StateSpan { manner: StateManner::Box, span });
    MilestoneSpans { line: own, extent, state: tick.or(said), ..MilestoneSpans::default() }
}

fn written_line(line: &[Piece]) -> Passage {
    Passage::plain(line.iter().map(Piece::ticked).collect(), field::visible(line))
}

/// A key that a milestone's line begins with, and the title with it: `` `M1` Base ``, `M2: Core`.
fn leading_key(line: &[Piece]) -> Option<(String, String)> {
    let at = line.iter().position(|piece| !piece.text.trim().is_empty())?;
    let first = &line[at];
    let rest: String = line[at + 1..].iter().map(|piece| piece.text.as_str()).collect();
    if first.code {
        let key = first.text.trim();
        let is_key = key.chars().any(|it| it.is_ascii_digit())
            && key.chars().all(|it| it.is_alphanumeric() || "-_.".contains(it))
            && key.chars().count() <= crate::plan::PlanKey::MAX_CHARS;
        return is_key.then(|| (key.to_owned(), title::clean(&format!("{key}{rest}"))));
    }
    let text = first.text.trim_start();
    let word = text.trim_start_matches('[');
    let end = word.find(|it: char| !(it.is_alphanumeric() || "-_".contains(it))).unwrap_or(word.len());
    let key = word[..end].trim_end_matches(['-', '_']);
    item_line::looks_like_key(key).then(|| (key.to_owned(), title::clean(&format!("{text}{rest}"))))
}

/// A title without the glyphs and boxes of a state around it.
fn without_states(title: &str) -> String {
    let mut title = title.trim();
    loop {
        let before = title;
        if let Some((_, rest)) = vocabulary::glyph(title) {
            title = rest;
        }
        if let Some((_, rest)) = item_line::tick(title) {
            title = rest;
        }
        if let Some((_, front)) = vocabulary::last_glyph(title) {
            title = front;
        }
        title = without_named_state(title);
        if title == before {
            return title.to_owned();
        }
    }
}

/// A title without a glyph and a word for its state at the end: `Beta — 🟡 in progress`, `Base ✅ COMPLETE`.
fn without_named_state(title: &str) -> &str {
    let mut blanks = title.rmatch_indices(' ').map(|(at, _)| at);
    let is_state = |at: &usize| {
        let glyph = vocabulary::glyph(title[*at..].trim_start());
        glyph.is_some_and(|(_, rest)| !rest.is_empty() && vocabulary::is_known_state(rest))
    };
    blanks.find(is_state).map_or(title, |at| title[..at].trim_end_matches(['-', '–', '—', ':', '(', ' ']))
}

/// What stands below a milestone's title.
struct Below<'c> {
    context: &'c Context<'c>,
    diagnostics: &'c mut Diagnostics,
    milestone: DraftMilestone,
    description: Vec<Passage>,
    /// Whether a comment gives the milestone an identity.
    has_id: bool,
}

impl Below<'_> {
    /// Reads what a milestone's line encloses, without the issues in it.
    fn section(&mut self, at: At, depth: usize) {
        let tree = self.context.tree;
        let mut parts = tree.nodes[at].own.iter().peekable();
        while let Some(part) = parts.next() {
            match parts.peek().and_then(|next| self.fenced_description(part, next)) {
                Some(text) => {
                    self.description.push(text);
                    parts.next();
                }
                None => self.part(at, part),
            }
        }
        let children: Vec<At> = tree.nodes[at].children.clone();
        for child in children {
            let node = &tree.nodes[child];
            if !matches!(node.shape, Shape::Heading(_) | Shape::Lead)
                || self.context.items.contains(&child)
                || depth > 8
            {
                continue;
            }
            let name = field::normal_name(node.plain.trim_end_matches([':', '：', ' ']).trim_matches('*'));
            let is_date = matches!(vocabulary::field(&name), Some(FieldKind::Due | FieldKind::Purpose));
            let has_items = self.context.has_items(child);
            let before = self.description.len();
            if is_criteria(node.section) && !has_items {
                for part in &node.own {
                    if self.context.document.block(part.block).kind == Kind::List {
                        self.description.push(Passage::task_lists(self.context.document, &[part.block]));
                    } else {
                        self.part(child, part);
                    }
                }
            } else {
                self.section(child, depth + 1);
            }
            let is_silent = is_date || has_items && node.section == Some(SectionKind::Issues);
            if self.description.len() > before && !is_silent {
                self.description.insert(before, Passage::plain(format!("### {}", node.plain), node.span.clone()));
            }
        }
    }

    /// With an identity, a text in a fence below `Description:` is meant to the letter.
    fn fenced_description(&self, label: &Part, fence: &Part) -> Option<Passage> {
        let document = self.context.document;
        let [line] = lines_of(document, label) else { return None };
        let field = Field::read(line).filter(|field| self.has_id && field.value.is_empty())?;
        let Kind::Code { literal, .. } = &document.block(fence.block).kind else { return None };
        let text = literal.replace('\r', "").trim_end().to_owned();
        let span = document.block(fence.block).span.clone();
        (vocabulary::field(&field.name) == Some(FieldKind::Body)).then(|| Passage::plain(text, span))
    }

    /// What the title says of the date, in parentheses or as weeks.
    fn schedule(&mut self, title: &str, line: &[Piece]) {
        let source = &self.context.document.source;
        let whole = field::visible(line);
        let remark = item_line::last_remark(title.trim_end_matches([' ', ':', '：']));
        let week = remark.map_or(title, |(_, remark)| remark);
        let span = spans::of_word(source, &whole, week).unwrap_or(whole);
        if let Written::Weeks(week) = date::parse(week) {
            self.milestone.due = Some(Due::Week(week, span.clone()));
            self.milestone.spans.due_on = Some(DueSpan { manner: DueManner::Weeks, span });
        } else if let Some(day) = remark.and_then(|(_, remark)| title::due(remark)) {
            self.milestone.due = Some(Due::On(day));
            self.milestone.spans.due_on = Some(DueSpan { manner: DueManner::Parenthesis, span });
        }
    }

    fn part(&mut self, at: At, part: &Part) {
        let document = self.context.document;
        match document.block(part.block).kind {
            Kind::List | Kind::Table | Kind::Paragraph if self.holds_items(at, part.block) => {}
            Kind::Paragraph => self.paragraph(part),
            Kind::List => self.list(part.block),
            Kind::Html(_) | Kind::Rule => {}
            _ => self.description.push(Passage::verbatim(document, part.block)),
        }
    }

    fn holds_items(&self, at: At, block: Id) -> bool {
        let children = self.context.tree.nodes[at].children.iter();
        let mut of_block = children.filter(|child| self.context.tree.nodes[**child].list == Some(block));
        of_block.any(|child| self.context.has_items(*child))
    }

    fn paragraph(&mut self, part: &Part) {
        let lines = lines_of(self.context.document, part);
        lines.iter().flat_map(|line| Field::all(line)).for_each(|field| self.dependency(&field));
        if lines.iter().any(|line| Field::all(line).iter().any(|field| self.is_ours(field))) {
            for line in lines {
                self.line(&Field::all(line), || written_line(line));
            }
        } else if part.lines.is_none() {
            self.description.push(Passage::verbatim(self.context.document, part.block));
        } else {
            let lines = lines.iter().map(|line| Passage::plain(inline::joined(line), field::visible(line)));
            self.description.push(Passage::joined(lines.collect(), "\n"));
        }
    }

    fn list(&mut self, list: Id) {
        let document = self.context.document;
        let mut others = Vec::new();
        for item in &document.block(list).children {
            let first = document.first_paragraph(*item).and_then(|first| document.block(first).lines.first());
            let fields = first.map(|line| Field::all(line)).unwrap_or_default();
            fields.iter().for_each(|field| self.dependency(field));
            if fields.iter().any(|field| self.is_ours(field)) {
                self.line(&fields, Passage::default);
            } else {
                others.push(Passage::verbatim(document, *item));
            }
        }
        if !others.is_empty() {
            self.description.push(Passage::joined(others, "\n"));
        }
    }

    fn is_ours(&self, field: &Field) -> bool {
        is_ours(field) || self.is_exact_title(field)
    }

    /// With an identity, a title in a code span is meant to the letter.
    fn is_exact_title(&self, field: &Field) -> bool {
        self.has_id && field.code.is_some() && vocabulary::field(&field.name) == Some(FieldKind::Title)
    }

    fn line(&mut self, fields: &[Field], otherwise: impl FnOnce() -> Passage) {
        if fields.is_empty() {
            self.description.push(otherwise());
            return;
        }
        let mut rest = Vec::new();
        for field in fields {
            match vocabulary::field(&field.name) {
                Some(FieldKind::Due) => self.date(field, &mut rest),
                Some(FieldKind::Title) if self.is_exact_title(field) => {
                    self.milestone.title = field.code.clone().unwrap_or_default();
                    self.milestone.spans.title = Some(field.value_span.clone());
                }
                Some(FieldKind::Purpose) => {
                    self.description.push(Passage::plain(field.value.clone(), field.value_span.clone()));
                }
                Some(FieldKind::Issues) => self.milestone.issues.extend(references::split_all(&field.parts)),
                Some(FieldKind::Status) => {
                    self.milestone.done = Some(vocabulary::is_done(&field.value));
                    let span = field.value_span.clone();
                    self.milestone.spans.state = Some(StateSpan { manner: StateManner::Field, span });
                    rest.push(kept(field));
                }
                _ => rest.push(kept(field)),
            }
        }
        if !rest.is_empty() {
            self.description.push(Passage::joined(rest, "\n"));
        }
    }

    /// Reports what a milestone waits for where it names neither issues nor milestones: nobody could make links of it.
    fn dependency(&mut self, field: &Field) {
        let value = &field.value;
        if vocabulary::field(&field.name) == Some(FieldKind::DependsOn)
            && !field::is_none(value)
            && !references::names_some(value)
            && !field.parts.iter().any(|part| vocabulary::designator(&part.text).is_some())
        {
            self.diagnostics.warning(
                "milestone-dependency",
                field.span.clone(),
                "milestones on GitHub have no dependencies, so this stays in the description",
                "add the dependency to the issues of the milestone",
            );
        }
    }

    fn date(&mut self, field: &Field, rest: &mut Vec<Passage>) {
        let span = field.value_span.clone();
        let is_span = matches!(field.name.as_str(), "duration" | "timeline" | "timeframe" | "date" | "dates");
        let due = |manner| Some(DueSpan { manner, span: span.clone() });
        match date::parse(&field.value) {
            Written::Day(day) => {
                self.milestone.spans.due_on = due(DueManner::Field);
                self.milestone.due = Some(Due::On(day));
            }
            Written::Weeks(week) => {
                self.milestone.spans.due_on = due(DueManner::Weeks);
                self.milestone.due = Some(Due::Week(week, span));
            }
            Written::Impossible => self.diagnostics.error(
                "impossible-date",
                span,
                format!("the date `{}` does not exist", field.value),
                "write an existing date, such as 2026-02-28",
            ),
            Written::No if field::is_none(&field.value) => {}
            Written::No if is_span || !field.value.chars().any(|it| it.is_ascii_digit()) => rest.push(kept(field)),
            Written::No => {
                rest.push(kept(field));
                self.diagnostics.note(
                    "unread-date",
                    span,
                    format!("`{}` is not a known date format, so the milestone gets no due date", field.value),
                    "write a date such as 2026-03-10, March 10, 2026, 10 March 2026, 10.03.2026, Q1 2026 or Weeks 3-4",
                );
            }
        }
    }
}

/// A field that stays in the description.
fn kept(field: &Field) -> Passage {
    Passage::plain(format!("{}: {}", field.label, field.value), field.span.clone())
}

fn is_ours(field: &Field) -> bool {
    matches!(
        vocabulary::field(&field.name),
        Some(FieldKind::Due | FieldKind::Purpose | FieldKind::Issues | FieldKind::Status)
    )
}

fn is_criteria(section: Option<SectionKind>) -> bool {
    section == Some(SectionKind::Criteria)
}
