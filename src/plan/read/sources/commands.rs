//! Issues in scripts:  `gh label create` and `gh issue create` lines, in fences.

use super::super::field_line::Field;
use super::super::markdown::inline::Piece;
use super::super::markdown::{Document, Kind};
use super::super::vocabulary::{self, FieldKind};
use super::super::{content as issue, item_line as head, labels, references};
use crate::plan::diagnostic::Diagnostics;
use crate::plan::draft::{DraftIssue, DraftLabel, Spanned};
use crate::plan::source::Source;
use crate::plan::spans::{self, Placement};

/// What the scripts of a document would create.
#[derive(Debug, Default)]
pub(crate) struct Script {
    /// Labels.
    pub labels: Vec<DraftLabel>,
    /// Issues.
    pub issues: Vec<DraftIssue>,
}

/// Reads every fence with shell in it.
pub(crate) fn read(document: &Document, diagnostics: &mut Diagnostics) -> Script {
    let mut script = Script::default();
    for block in document.blocks() {
        let Kind::Code { info, literal, .. } = &block.kind else { continue };
        if !is_script(literal) {
            continue;
        }
        let language = info.split_whitespace().next().unwrap_or_default().to_lowercase();
        if !matches!(language.as_str(), "" | "bash" | "sh" | "shell" | "zsh" | "console") {
            continue;
        }
        let first = block.line + 1;
        for (at, last, command) in commands(literal) {
            let span = document.source.lines(first + at, first + at);
            let extent = document.source.lines(first + at, first + last);
            let Some(kind) = ["label", "issue"].into_iter().find(|kind| is_create(&command, kind)) else { continue };
            let Ok(words) = shell_words::split(&command) else {
                let message = "the quotes in this command are not closed, so it is ignored";
                diagnostics.warning("unread-command", span, message, "close the quotes");
                continue;
            };
            let flags = Flags { words: &words, source: &document.source, span, extent };
            match kind {
                "label" => script.labels.extend(flags.label()),
                _ => script.issues.extend(flags.issue()),
            }
        }
    }
    script
}

/// How many commands a document has that create issues.
pub(crate) fn count(document: &Document) -> usize {
    let literals = document.blocks().iter().filter_map(|block| match &block.kind {
        Kind::Code { literal, .. } => Some(literal),
        _ => None,
    });
    literals.flat_map(|literal| literal.lines()).filter(|line| line.trim().starts_with("gh issue create")).count()
}

/// Whether a text has commands that create labels or issues.
pub(crate) fn is_script(literal: &str) -> bool {
    literal.contains("gh label create") || literal.contains("gh issue create")
}

/// The longest command, in lines: a quote that never closes must not take in the whole script, line by line.
const MOST_LINES: usize = 200;

/// The `gh` commands of a script with the lines that each begins and ends on. One goes on to the next line where its line ends in
/// a backslash or a quote is open.
fn commands(text: &str) -> Vec<(usize, usize, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut commands = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let first = lines[at].trim_start().trim_start_matches("$ ");
        if !first.starts_with("gh ") {
            at += 1;
            continue;
        }
        let begin = at;
        let mut command = first.to_owned();
        while at + 1 < lines.len() && at - begin < MOST_LINES && goes_on(&command) {
            at += 1;
            match command.trim_end().strip_suffix('\\') {
                Some(front) => command = format!("{front} {}", lines[at].trim()),
                None => command = format!("{command}\n{}", lines[at]),
            }
        }
        // An open quote took in what does not belong to it: the line by itself says what is wrong.
        if goes_on(&command) && at > begin {
            (at, command) = (begin, first.to_owned());
        }
        commands.push((begin, at, command));
        at += 1;
    }
    commands
}

fn goes_on(command: &str) -> bool {
    command.trim_end().ends_with('\\') || shell_words::split(command).is_err()
}

fn is_create(command: &str, kind: &str) -> bool {
    let mut words = command.split_whitespace();
    words.next() == Some("gh") && words.next() == Some(kind) && words.next() == Some("create")
}

/// The words of one command.
struct Flags<'w> {
    words: &'w [String],
    source: &'w Source,
    /// Its first line.
    span: std::ops::Range<usize>,
    /// All of its lines.
    extent: std::ops::Range<usize>,
}

impl Flags<'_> {
    fn all(&self, long: &str, short: &str) -> Vec<&str> {
        let mut values = Vec::new();
        let mut words = self.words.iter();
        while let Some(word) = words.next() {
            if word == long || word == short {
                values.extend(words.next().map(String::as_str));
            } else if let Some(value) = word.strip_prefix(long).and_then(|it| it.strip_prefix('=')) {
                values.push(value);
            }
        }
        values
    }

    fn one(&self, long: &str, short: &str) -> Option<&str> {
        self.all(long, short).pop()
    }

    /// A value with its place behind the flag; the place of the command where it is not written word for word.
    fn at(&self, text: &str, flags: [&str; 2]) -> Spanned {
        let command = &self.source.text[self.extent.clone()];
        let is_flag = |at: &usize, flag: &str| command[at + flag.len()..].starts_with([' ', '=', '\n', '\\']);
        let places = flags.iter().flat_map(|flag| {
            let places = command.match_indices(flag).map(|(at, _)| at);
            places.filter(|at| command[..*at].ends_with(char::is_whitespace) && is_flag(at, flag)).collect::<Vec<_>>()
        });
        let behind = places.min().map(|at| self.extent.start + at..self.extent.end);
        let span = behind.and_then(|within| spans::of_word(self.source, &within, text));
        Spanned { text: text.trim().to_owned(), span: span.unwrap_or_else(|| self.span.clone()) }
    }

    fn label(&self) -> Option<DraftLabel> {
        let name = self.words.get(3).filter(|name| !name.starts_with('-'))?;
        let color = self.one("--color", "-c").and_then(labels::color);
        let description = self.one("--description", "-d").map(str::to_owned);
        let name = Spanned { text: name.trim().to_owned(), span: self.span.clone() };
        Some(DraftLabel { name, color, description })
    }

    fn issue(&self) -> Option<DraftIssue> {
        const TITLE: [&str; 2] = ["--title", "-t"];
        let title = self.one(TITLE[0], TITLE[1])?;
        let piece = Piece { text: title.to_owned(), span: self.at(title, TITLE).span, ..Piece::default() };
        let mut issue = issue::of_head(head::parse(title), &[piece], &self.span);
        (issue.spans.line, issue.spans.extent) = (self.span.clone(), self.extent.clone());
        let listed = |long, short| {
            let values = self.all(long, short).into_iter().flat_map(|it| it.split(','));
            values.map(move |it| self.at(it, [long, short]))
        };
        issue.labels.extend(listed("--label", "-l"));
        issue.assignees.extend(listed("--assignee", "-a").filter_map(|it| issue::login(&it)));
        issue.milestone = self.one("--milestone", "-m").map(|it| self.at(it, ["--milestone", "-m"]));
        issue.spans.milestone = issue.milestone.as_ref().map(|it| Placement::Field(it.span.clone()));
        issue.body = self.one("--body", "-b").unwrap_or_default().trim().to_owned();
        for line in issue.body.lines() {
            let text = line.trim_start_matches(['*', '-', ' ']).replace("**", "");
            let piece = Piece { text, span: self.span.clone(), ..Piece::default() };
            let field =
                Field::read(&[piece]).filter(|field| vocabulary::field(&field.name) == Some(FieldKind::DependsOn));
            for part in field.into_iter().flat_map(|field| field.parts) {
                issue.depends_on.extend(references::split(&self.at(&part.text, ["--body", "-b"])));
            }
        }
        Some(issue)
    }
}
