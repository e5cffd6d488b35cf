//! The YAML at the top of a plan: its identity and how it is to be read and applied.

#[cfg(test)]
mod schema;

use std::collections::BTreeMap;
use std::ops::Range;

use clap::ValueEnum;
use jiff::civil::Date;
use serde::Deserialize;
use serde_yaml::{Mapping, Value};

use super::date::{self, Written};
use super::diagnostic::{Diagnostics, nearest};
use super::draft::Spanned;
use super::read::markdown::Document;
use super::settings::{DeclaredForm, DeclaredLabel, DeclaredMilestones, Footer, Settings, choice_names, parse_choice};
use super::title;
use crate::model::limits;
use crate::model::snapshot::fold;

const KEYS: [&str; 13] = [
    "plan",
    "read",
    "dialect",
    "start",
    "labels",
    "defaults",
    "gates",
    "tasks",
    "repair-encoding",
    "removed",
    "drift",
    "adopt",
    "footer",
];

/// Reads the front matter; the defaults come back for what is missing or wrong, and the diagnostics say what is.
pub fn read(document: &Document, diagnostics: &mut Diagnostics) -> Settings {
    let Some((yaml, first_line)) = &document.front_matter else { return Settings::default() };
    let mut reader = Reader { document, yaml, first_line: *first_line, diagnostics, foreign: Vec::new() };
    let mapping = match serde_yaml::from_str::<Value>(yaml) {
        Ok(Value::Null) => return Settings::default(),
        Ok(Value::Mapping(mapping)) => mapping,
        Ok(_) => {
            reader.bad_yaml(reader.whole(), "the front matter does not consist of `key: value` lines");
            return Settings::default();
        }
        Err(error) => {
            let span = error.location().map_or_else(|| reader.whole(), |at| reader.at(at.line(), at.column()));
            reader.bad_yaml(span, &format!("the front matter is not valid YAML: {error}"));
            return Settings::default();
        }
    };
    let mut settings = Settings::default();
    for (key, value) in &mapping {
        reader.entry(key, value, &mut settings);
    }
    reader.foreign();
    settings
}

/// A label as people write it.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenLabel {
    color: Option<String>,
    description: Option<String>,
    previously: Option<String>,
}

struct Reader<'d> {
    document: &'d Document,
    yaml: &'d str,
    first_line: usize,
    diagnostics: &'d mut Diagnostics,
    /// Keys that belong to other tools.
    foreign: Vec<String>,
}

impl Reader<'_> {
    fn entry(&mut self, key: &Value, value: &Value, settings: &mut Settings) {
        let name = key.as_str().map_or_else(|| format!("{key:?}"), str::to_owned);
        match name.as_str() {
            "plan" => settings.plan = self.text(&name, value),
            "dialect" => {
                settings.dialect = self.text(&name, value).map(|text| Spanned { text, span: self.line_of(&name) });
            }
            "read" => settings.read = self.form(value),
            "start" => settings.start = self.date(&name, value),
            "labels" => settings.labels = self.labels(value),
            "defaults" => self.defaults(value, settings),
            "gates" => {
                let span = self.line_of(&name);
                let gates = self.texts(&name, value).into_iter();
                settings.gates = gates.map(|text| Spanned { text, span: span.clone() }).collect();
            }
            "tasks" => settings.tasks = self.choice(&name, value),
            "repair-encoding" => match value {
                Value::Bool(repair) => settings.repair_encoding = *repair,
                _ => self.wrong(&name, "`repair-encoding` must be `true` or `false`"),
            },
            "removed" => settings.removed = self.choice(&name, value),
            "drift" => settings.drift = self.choice(&name, value),
            "adopt" => settings.adopt = self.choice(&name, value),
            "footer" => match value {
                Value::Bool(true) => settings.footer = Footer::Show,
                Value::Bool(false) => settings.footer = Footer::Hide,
                _ => self.wrong(&name, "`footer` must be `true` or `false`"),
            },
            _ if nearest(&name, KEYS).is_some() => self.unknown(&name, &KEYS),
            _ => self.foreign.push(name),
        }
    }

    /// The form of the document.
    fn form(&mut self, value: &Value) -> DeclaredForm {
        let mut form = DeclaredForm::default();
        let Some(mapping) = self.mapping("read", value) else { return form };
        for (key, value) in mapping {
            match key.as_str().unwrap_or_default() {
                "milestones" => form.milestones = self.declared_milestones(value),
                "issues" => form.issues = Some(self.choice("issues", value)),
                "skip" => form.skip = self.texts("skip", value),
                "columns" => {
                    let Some(columns) = self.mapping("columns", value) else { continue };
                    for (header, field) in columns {
                        if let (Some(header), Some(field)) = (header.as_str(), field.as_str()) {
                            form.columns.insert(header.to_lowercase(), field.to_lowercase());
                        }
                    }
                }
                name => self.unknown(name, &["milestones", "issues", "skip", "columns"]),
            }
        }
        form
    }

    fn declared_milestones(&mut self, value: &Value) -> Option<DeclaredMilestones> {
        let text = self.text("milestones", value)?;
        let level = text.len() - text.trim_start_matches('#').len();
        match (text.as_str(), u8::try_from(level)) {
            ("table", _) => Some(DeclaredMilestones::Table),
            ("list", _) => Some(DeclaredMilestones::List),
            ("none", _) => Some(DeclaredMilestones::None),
            (_, Ok(level @ 1..=6)) => {
                Some(DeclaredMilestones::Headings(level, text.trim_start_matches(['#', ' ']).to_owned()))
            }
            _ => {
                self.wrong(
                    "milestones",
                    "`milestones` must be a heading such as \"## Phase *\", `table`, `list` or `none`",
                );
                None
            }
        }
    }

    /// Front matter of other tools is theirs.
    fn foreign(&mut self) {
        let Some(first) = self.foreign.first().cloned() else { return };
        let names: Vec<String> = self.foreign.iter().map(|name| format!("`{name}`")).collect();
        let message =
            format!("the front matter has keys that belong to other tools and are ignored: {}", names.join(", "));
        self.diagnostics.note("foreign-key", self.line_of(&first), message, "");
    }

    fn labels(&mut self, value: &Value) -> BTreeMap<String, DeclaredLabel> {
        let Some(mapping) = self.mapping("labels", value) else { return BTreeMap::new() };
        let mut labels = BTreeMap::new();
        for (name, value) in mapping {
            let Some(name) = name.as_str() else {
                self.wrong("labels", "the name of a label must be text");
                continue;
            };
            let label = match value {
                Value::String(color) => WrittenLabel { color: Some(color.clone()), ..WrittenLabel::default() },
                Value::Null => WrittenLabel::default(),
                // An unquoted colour of digits is a number to YAML, and would lose its zeros.
                Value::Number(_) => {
                    self.wrong(name, "put the colour in quotes, such as \"0e8a16\"");
                    continue;
                }
                other => match serde_yaml::from_value(other.clone()) {
                    Ok(label) => label,
                    Err(error) => {
                        let parts = "a label can have `color`, `description` and `previously`";
                        self.wrong(name, &format!("{parts}: {error}"));
                        continue;
                    }
                },
            };
            let color = label.color.as_deref().map(|color| color.trim_start_matches('#').to_lowercase());
            if let Some(color) = &color
                && !(color.len() == 6 && color.bytes().all(|byte| byte.is_ascii_hexdigit()))
            {
                self.wrong(
                    name,
                    &format!("`{color}` is not a colour; write six hexadecimal digits, such as \"0e8a16\""),
                );
                continue;
            }
            self.limit(name, "the name", name, limits::LABEL_NAME);
            let description = label.description.as_deref().unwrap_or_default();
            self.limit(name, "the description", description, limits::LABEL_DESCRIPTION);
            let previously = label.previously.map(|old| self.previously(name, &old));
            let declared = DeclaredLabel { color, description: label.description, previously };
            labels.insert(title::printable(name), declared);
        }
        labels
    }

    /// What a label was called before.
    fn previously(&mut self, name: &str, old: &str) -> Spanned {
        let text = title::printable(old);
        self.limit(name, "the old name", &text, limits::LABEL_NAME);
        let is_it = |line: &str| {
            let value = line.split_once("previously:").map(|(_, value)| value);
            value.is_some_and(|value| value.contains(old))
        };
        let span = self.line_where(is_it);
        if text.is_empty() || fold(&text) == fold(name) {
            let message =
                format!("the label `{name}` cannot be renamed from `{text}`: to GitHub, these names are the same");
            self.diagnostics.error("bad-value", span.clone(), message, "correct the old name, or remove it");
        }
        Spanned { text, span }
    }

    fn defaults(&mut self, value: &Value, settings: &mut Settings) {
        let Some(mapping) = self.mapping("defaults", value) else { return };
        for (key, value) in mapping {
            match key.as_str() {
                Some("labels") => {
                    settings.default_labels = self.texts("labels", value);
                    for name in &settings.default_labels {
                        self.limit("defaults", "the name", name, limits::LABEL_NAME);
                    }
                }
                Some("assignees") => {
                    let logins = self.texts("assignees", value).into_iter();
                    settings.default_assignees = logins.map(|login| login.trim_start_matches('@').to_owned()).collect();
                }
                _ => self.unknown(key.as_str().unwrap_or_default(), &["labels", "assignees"]),
            }
        }
    }

    fn mapping<'v>(&mut self, key: &str, value: &'v Value) -> Option<&'v Mapping> {
        if value.is_null() {
            return None;
        }
        let mapping = value.as_mapping();
        if mapping.is_none() {
            self.wrong(key, &format!("`{key}` must have `name: value` lines below it"));
        }
        mapping
    }

    fn text(&mut self, key: &str, value: &Value) -> Option<String> {
        let text = match value {
            Value::String(text) => Some(title::printable(text)),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let text = text.filter(|text| !text.is_empty());
        if text.is_none() {
            self.wrong(key, &format!("`{key}` must be text"));
        }
        text
    }

    fn texts(&mut self, key: &str, value: &Value) -> Vec<String> {
        match value {
            Value::Sequence(list) => list.iter().filter_map(|value| self.text(key, value)).collect(),
            Value::Null => Vec::new(),
            single => self.text(key, single).into_iter().collect(),
        }
    }

    fn date(&mut self, key: &str, value: &Value) -> Option<Date> {
        let text = self.text(key, value)?;
        match date::parse(&text) {
            Written::Day(day) => Some(day),
            Written::Impossible | Written::Weeks(_) | Written::No => {
                self.diagnostics.error(
                    "impossible-date",
                    self.line_of(key),
                    format!("`{text}` is not a valid date"),
                    "write a date such as 2026-03-10",
                );
                None
            }
        }
    }

    fn choice<T: ValueEnum + Default>(&mut self, key: &str, value: &Value) -> T {
        // YAML 1.1 reads `off` as a truth value; people who write `adopt: off` mean the word.
        let word = if value == &Value::Bool(false) { "off" } else { value.as_str().unwrap_or_default() };
        parse_choice(word).unwrap_or_else(|| {
            self.wrong(key, &format!("`{key}` must be {}", choice_names::<T>()));
            T::default()
        })
    }

    fn limit(&mut self, key: &str, what: &str, text: &str, most: usize) {
        let length = text.chars().count();
        if length > most {
            let message = format!("{what} of the label has {length} characters; GitHub allows {most}");
            self.diagnostics.error("label-too-long", self.line_of(key), message, "shorten it");
        }
    }

    fn unknown(&mut self, key: &str, known: &[&str]) {
        let list = known.join(", ");
        let help = match nearest(key, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`? Known keys: {list}"),
            None => format!("known keys: {list}"),
        };
        let message = format!("`{key}` is not a known key of the front matter");
        self.diagnostics.error("unknown-key", self.line_of(key), message, help);
    }

    fn wrong(&mut self, key: &str, help: &str) {
        let message = format!("`{key}` in the front matter has an invalid value");
        self.diagnostics.error("bad-value", self.line_of(key), message, help);
    }

    fn bad_yaml(&mut self, span: Range<usize>, message: &str) {
        let help = format!("write `key: value` lines between the two `---`; the keys are {}", KEYS.join(", "));
        self.diagnostics.error("bad-front-matter", span, message, help);
    }

    /// The bytes of a place in the YAML.
    fn at(&self, line: usize, column: usize) -> Range<usize> {
        let source = &self.document.source;
        let start = source.offset(self.first_line + line - 1, column.max(1));
        start..source.lines(self.first_line + line - 1, self.first_line + line - 1).end.max(start)
    }

    /// The line of the YAML that a key stands on. serde_yaml keeps no places, so it is looked for.
    fn line_of(&self, key: &str) -> Range<usize> {
        let is_it = |line: &str| {
            let name = line.trim_start().trim_start_matches(['"', '\'']);
            name.strip_prefix(key)
                .is_some_and(|rest| rest.trim_start_matches(['"', '\'']).trim_start().starts_with(':'))
        };
        self.line_where(is_it)
    }

    /// The first line of the YAML that is such, else all of it.
    fn line_where(&self, is_it: impl Fn(&str) -> bool) -> Range<usize> {
        let at = self.yaml.lines().position(is_it).map(|at| self.first_line + at);
        at.map_or_else(|| self.whole(), |line| self.document.source.lines(line, line))
    }

    fn whole(&self) -> Range<usize> {
        self.document.source.lines(self.first_line, self.first_line + self.yaml.lines().count().max(1) - 1)
    }
}
