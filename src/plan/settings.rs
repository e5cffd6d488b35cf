//! How a plan is read and applied: what its front matter says, and what a workflow or the command line says over it.

use std::collections::BTreeMap;

use clap::ValueEnum;
use jiff::civil::Date;

use super::draft::Spanned;

/// The value of a setting by its name, if it is one of the valid names.
pub(crate) fn parse_choice<T: ValueEnum>(name: &str) -> Option<T> {
    T::from_str(name, false).ok()
}

/// The valid names of a setting for a sentence: `keep` or `restore`.
pub(crate) fn choice_names<T: ValueEnum>() -> String {
    let values = T::value_variants().iter().filter_map(ValueEnum::to_possible_value);
    let names: Vec<String> = values.map(|value| format!("`{}`", value.get_name())).collect();
    match names.split_last() {
        Some((last, most @ [_, ..])) => format!("{} or {last}", most.join(", ")),
        _ => names.concat(),
    }
}

/// What the front matter says; the defaults where it says nothing.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// `plan`: the plan's identity.
    pub plan: Option<String>,
    /// `dialect`: which reader to use.
    pub dialect: Option<Spanned>,
    /// `read`: the form of the document, where it is declared.
    pub read: DeclaredForm,
    /// `start`: the first day of week 1.
    pub start: Option<Date>,
    /// `labels`: names with colour and description.
    pub labels: BTreeMap<String, DeclaredLabel>,
    /// `defaults.labels`: for every issue.
    pub default_labels: Vec<String>,
    /// `defaults.assignees`: for every issue.
    pub default_assignees: Vec<String>,
    /// `gates`: keys or titles of release gates.
    pub gates: Vec<Spanned>,
    /// `tasks`: what a task of a checklist becomes.
    pub tasks: Tasks,
    /// `repair-encoding`: whether text that was decoded wrongly is read as it was meant.
    pub repair_encoding: bool,
    /// `removed`: what becomes of an issue that left the plan.
    pub removed: Removed,
    /// `drift`: what becomes of a value that people changed.
    pub drift: Drift,
    /// `adopt`: whether issues that people made are taken over.
    pub adopt: Adopt,
    /// `footer`: whether the text of an issue ends with a line that names the plan's file.
    pub footer: Footer,
    /// Whether release gates are pinned. Not for the front matter: the places belong to the whole repository.
    pub pin_gates: PinGates,
}

/// What a workflow or the command line says, where it does: it goes before the front matter, so that a pull request
/// which changes the plan cannot change it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Overrides {
    /// In place of `removed`.
    pub removed: Option<Removed>,
    /// In place of `drift`.
    pub drift: Option<Drift>,
    /// In place of `adopt`.
    pub adopt: Option<Adopt>,
    /// In place of `footer`.
    pub footer: Option<Footer>,
    /// Whether release gates are pinned.
    pub pin_gates: Option<PinGates>,
}

impl Settings {
    /// Takes over what goes before the front matter.
    pub fn take(&mut self, overrides: &Overrides) {
        let Overrides { removed, drift, adopt, footer, pin_gates } = *overrides;
        self.removed = removed.unwrap_or(self.removed);
        self.drift = drift.unwrap_or(self.drift);
        self.adopt = adopt.unwrap_or(self.adopt);
        self.footer = footer.unwrap_or(self.footer);
        self.pin_gates = pin_gates.unwrap_or(self.pin_gates);
    }
}

/// The form of a document as its front matter declares it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeclaredForm {
    /// What the milestones are.
    pub milestones: Option<DeclaredMilestones>,
    /// What the issues are.
    pub issues: Option<IssueSource>,
    /// The headings of sections that are not read.
    pub skip: Vec<String>,
    /// What columns of tables hold, by their headers in lower case.
    pub columns: BTreeMap<String, String>,
}

/// What the milestones of a document are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeclaredMilestones {
    /// Headings of a level whose title fits a pattern with `*`.
    Headings(u8, String),
    /// Rows of tables.
    Table,
    /// Items of lists.
    List,
    /// There are none.
    None,
}

/// `read: issues:`
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum IssueSource {
    /// A heading each.
    #[default]
    Headings,
    /// A checkbox each.
    Checkboxes,
    /// A row of a table each.
    Rows,
    /// A line that begins in bold each.
    Bold,
    /// An item of a numbered list each.
    Numbered,
    /// A bullet each.
    Bullets,
    /// A file each.
    Files,
}

/// A label as the front matter declares it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeclaredLabel {
    /// Six hexadecimal digits in lower case, without `#`.
    pub color: Option<String>,
    /// What the label is for.
    pub description: Option<String>,
    /// What the label was called before.
    pub previously: Option<Spanned>,
}

/// `tasks:`
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Tasks {
    /// Each becomes an issue.
    #[default]
    Issues,
    /// They stay boxes of one issue.
    Checklist,
}

/// `removed:`
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Removed {
    /// It is closed as not planned.
    #[default]
    Close,
    /// It is left alone.
    Keep,
}

/// `drift:`
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Drift {
    /// GitHub's value stays, and is reported.
    #[default]
    Keep,
    /// The plan's value is written again.
    Restore,
}

/// `adopt:`
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Adopt {
    /// An issue without a marker and with the same title becomes the plan's.
    #[default]
    Title,
    /// Never.
    Off,
}

/// `footer:`
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Footer {
    /// The text of an issue ends with a line that links to the plan.
    #[default]
    #[value(name = "true")]
    Show,
    /// It does not.
    #[value(name = "false")]
    Hide,
}

/// `pin-gates`
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum PinGates {
    /// Release gates are pinned and unpinned.
    #[default]
    #[value(name = "true")]
    Pin,
    /// No pin is touched.
    #[value(name = "false")]
    Leave,
}
