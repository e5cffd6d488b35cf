//! Scripts of `gh label create` and `gh issue create` lines, in fences.

use comrak::nodes::NodeValue;

use super::{head, issue, labels, references};
use crate::plan::diagnostic::Diagnostics;
use crate::plan::document::Document;
use crate::plan::draft::{DraftIssue, DraftLabel, Spanned};

/// What the scripts of a document would create.
#[derive(Debug, Default)]
pub struct Script {
    /// Labels.
    pub labels: Vec<DraftLabel>,
    /// Issues.
    pub issues: Vec<DraftIssue>,
}

/// Reads every fence with shell in it.
pub fn read(document: &Document<'_>, diagnostics: &mut Diagnostics) -> Script {
    let mut script = Script::default();
    for block in document.all_sections().iter().flat_map(|section| &section.blocks) {
        let NodeValue::CodeBlock(code) = &block.data().value else { continue };
        let language = code.info.split_whitespace().next().unwrap_or_default().to_lowercase();
        if !matches!(language.as_str(), "" | "bash" | "sh" | "shell" | "zsh" | "console") {
            continue;
        }
        let first = block.data().sourcepos.start.line + 1;
        for (at, command) in commands(&code.literal) {
            let span = document.source.lines(first + at, first + at);
            let Some(kind) = ["label", "issue"].into_iter().find(|kind| is_create(&command, kind)) else { continue };
            let Ok(words) = shell_words::split(&command) else {
                let message = "the quotes of this command do not close, so it is not read";
                diagnostics.warning("unread-command", span, message, "close them");
                continue;
            };
            let flags = Flags { words: &words, span };
            match kind {
                "label" => script.labels.extend(flags.label()),
                _ => script.issues.extend(flags.issue()),
            }
        }
    }
    script
}

/// The commands of a script with the line that each begins on; a line that ends in a backslash goes on.
fn commands(text: &str) -> Vec<(usize, String)> {
    let mut commands: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for (at, line) in text.lines().enumerate() {
        let line = line.trim().trim_start_matches("$ ");
        let (line, goes_on) = line.strip_suffix('\\').map_or((line, false), |line| (line, true));
        match commands.last_mut().filter(|_| open) {
            Some((_, command)) => {
                command.push(' ');
                command.push_str(line);
            }
            None => commands.push((at, line.to_owned())),
        }
        open = goes_on;
    }
    commands
}

fn is_create(command: &str, kind: &str) -> bool {
    let mut words = command.split_whitespace();
    words.next() == Some("gh") && words.next() == Some(kind) && words.next() == Some("create")
}

/// The words of one command.
struct Flags<'w> {
    words: &'w [String],
    span: std::ops::Range<usize>,
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

    fn at(&self, text: &str) -> Spanned {
        Spanned { text: text.trim().to_owned(), span: self.span.clone() }
    }

    fn label(&self) -> Option<DraftLabel> {
        let name = self.words.get(3).filter(|name| !name.starts_with('-'))?;
        let color = self.one("--color", "-c").and_then(labels::color);
        let description = self.one("--description", "-d").map(str::to_owned);
        Some(DraftLabel { name: self.at(name), color, description })
    }

    fn issue(&self) -> Option<DraftIssue> {
        let mut issue = issue::of_head(head::parse(self.one("--title", "-t")?), &self.span);
        let listed = |long, short| self.all(long, short).into_iter().flat_map(|it| it.split(',')).map(|it| self.at(it));
        issue.labels.extend(listed("--label", "-l"));
        issue.assignees.extend(listed("--assignee", "-a").filter_map(|it| issue::login(&it)));
        issue.milestone = self.one("--milestone", "-m").map(|it| self.at(it));
        issue.body = self.one("--body", "-b").unwrap_or_default().trim().to_owned();
        for line in issue.body.lines() {
            if let Some(value) = line.trim_start_matches(['*', '-', ' ']).strip_prefix("Depends on:") {
                issue.depends_on.extend(references::split(&self.at(value.trim_matches(['*', ' ']))));
            }
        }
        Some(issue)
    }
}
