//! How a plan is read and applied: what its front matter says, and what a workflow or the command line says over it.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::draft::Spanned;

/// A setting that is one of a few words.
pub trait Choice: Copy + Default + PartialEq + Send + Sync + 'static {
    /// The words, each with what it means.
    const CHOICES: &'static [(&'static str, Self)];

    /// What a word means, if it is one of them.
    fn named(word: &str) -> Option<Self> {
        Self::CHOICES.iter().find(|(name, _)| *name == word).map(|(_, chosen)| *chosen)
    }

    /// The words as a sentence has them: `keep` or `restore`.
    fn words() -> String {
        let names: Vec<String> = Self::CHOICES.iter().map(|(name, _)| format!("`{name}`")).collect();
        match names.split_last() {
            Some((last, most @ [_, ..])) => format!("{} or {last}", most.join(", ")),
            _ => names.concat(),
        }
    }
}

/// Declares what a setting can be, its first word the default.
macro_rules! choice {
    ($(#[$about:meta])* $name:ident { $(#[$first_about:meta])* $first:ident = $first_word:literal,
        $($(#[$about_other:meta])* $other:ident = $word:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub enum $name {
            $(#[$first_about])*
            #[default]
            $first,
            $($(#[$about_other])* $other),+
        }

        impl $crate::plan::settings::Choice for $name {
            const CHOICES: &'static [(&'static str, Self)] =
                &[($first_word, Self::$first), $(($word, Self::$other)),+];
        }
    };
}
pub(crate) use choice;

/// What the front matter says; the defaults where it says nothing.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// `plan`: the plan's identity.
    pub plan: Option<String>,
    /// `dialect`: which reader to use.
    pub dialect: Option<Spanned>,
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
    /// Whether release gates are pinned.
    pub pin_gates: Option<PinGates>,
}

impl Settings {
    /// Takes over what goes before the front matter.
    pub fn take(&mut self, overrides: &Overrides) {
        let Overrides { removed, drift, adopt, pin_gates } = *overrides;
        self.removed = removed.unwrap_or(self.removed);
        self.drift = drift.unwrap_or(self.drift);
        self.adopt = adopt.unwrap_or(self.adopt);
        self.pin_gates = pin_gates.unwrap_or(self.pin_gates);
    }
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

choice! {
    /// `tasks:`
    Tasks {
        /// Each becomes an issue.
        Issues = "issues",
        /// They stay boxes of one issue.
        Checklist = "checklist",
    }
}

choice! {
    /// `removed:`
    Removed {
        /// It is closed as not planned.
        Close = "close",
        /// It is left alone.
        Keep = "keep",
    }
}

choice! {
    /// `drift:`
    Drift {
        /// GitHub's value stays, and is reported.
        Keep = "keep",
        /// The plan's value is written again.
        Restore = "restore",
    }
}

choice! {
    /// `adopt:`
    Adopt {
        /// An issue without a marker and with the same title becomes the plan's.
        Title = "title",
        /// Never.
        Off = "off",
    }
}

choice! {
    /// `pin-gates`
    PinGates {
        /// Release gates are pinned and unpinned.
        Pin = "true",
        /// No pin is touched.
        Leave = "false",
    }
}
