//! The settings of a run: flags, or else the action's inputs, which `action.yml` passes in the environment.

use anyhow::{Context, Result, anyhow};
use clap::ValueEnum;

use crate::app::reviewed::Reviewed;
use crate::cli::args::{CommentWhen, Mode, RunArgs};
use crate::plan::settings::{Overrides, choice_names, parse_choice};

/// The settings of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Inputs {
    /// Files or globs.
    pub plans: Vec<String>,
    /// What to do.
    pub mode: Mode,
    /// When to comment.
    pub comment: CommentWhen,
    /// What to do about changes that were not reviewed.
    pub reviewed: Reviewed,
    /// Whether an apply may close any number of issues.
    pub allow_mass_close: bool,
    /// Whether a drift report fails if there is drift.
    pub fail_on_drift: bool,
    /// What overrides the front matter.
    pub overrides: Overrides,
    /// Accounts that are trusted besides people who can write to the repository.
    pub trust: Vec<String>,
    /// The repository of the issues, if it is not the one that the workflow runs in.
    pub repository: Option<String>,
}

impl Inputs {
    /// Combines flags and inputs. `variable` reads the environment; an empty input counts as not set.
    ///
    /// # Errors
    ///
    /// When no plan is named, or an input is not valid.
    pub(crate) fn new(args: &RunArgs, variable: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let RunArgs { plans, mode, comment, reviewed, allow_mass_close, fail_on_drift, repository, trust, settings } =
            args;
        let input = |name: &str| {
            let name = format!("INPUT_{}", name.to_uppercase().replace('-', "_"));
            variable(&name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        let settings = Overrides::from(settings);
        let mut plans = plans.clone();
        if plans.is_empty() {
            let lines = input("plan").context(
                "no plan is named; add `plan: docs/plan.md` under `with:` in the workflow, one line for each plan",
            )?;
            plans = listed(&lines);
        }
        let mut trust = trust.trust.clone();
        if trust.is_empty() {
            trust = listed(&input("trust").unwrap_or_default());
        }
        Ok(Self {
            plans,
            trust,
            repository: repository.clone().or_else(|| input("repository")),
            mode: one(*mode, "mode", &input)?.unwrap_or_default(),
            comment: one(*comment, "comment", &input)?.unwrap_or_default(),
            reviewed: one(*reviewed, "reviewed", &input)?.unwrap_or_default(),
            allow_mass_close: *allow_mass_close || truth("allow-mass-close", &input)?,
            fail_on_drift: *fail_on_drift || truth("fail-on-drift", &input)?,
            overrides: Overrides {
                removed: one(settings.removed, "removed", &input)?,
                drift: one(settings.drift, "drift", &input)?,
                adopt: one(settings.adopt, "adopt", &input)?,
                footer: one(settings.footer, "footer", &input)?,
                pin_gates: one(settings.pin_gates, "pin-gates", &input)?,
            },
        })
    }
}

/// The lines of an input.
fn listed(lines: &str) -> Vec<String> {
    lines.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// The value of a flag, or else of the input.
fn one<T: ValueEnum>(flag: Option<T>, name: &str, input: &impl Fn(&str) -> Option<String>) -> Result<Option<T>> {
    match (flag, input(name)) {
        (Some(flag), _) => Ok(Some(flag)),
        (None, None) => Ok(None),
        (None, Some(word)) => parse_choice(&word).map(Some).ok_or_else(|| wrong(name, &word, &choice_names::<T>())),
    }
}

fn truth(name: &str, input: &impl Fn(&str) -> Option<String>) -> Result<bool> {
    match input(name).as_deref() {
        Some("true") => Ok(true),
        None | Some("false") => Ok(false),
        Some(word) => Err(wrong(name, word, "`true` or `false`")),
    }
}

fn wrong(name: &str, word: &str, words: &str) -> anyhow::Error {
    anyhow!("the input `{name}` cannot be `{word}`; valid values: {words}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::settings::{Drift, Removed};

    fn inputs(args: &RunArgs, environment: &[(&str, &str)]) -> Result<Inputs> {
        let find =
            |name: &str| environment.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned());
        Inputs::new(args, find)
    }

    #[test]
    fn a_flag_overrides_an_input_and_an_empty_input_counts_as_not_set() {
        let mut args = RunArgs { mode: Some(Mode::Check), ..RunArgs::default() };
        args.settings.removed = Some(Removed::Keep);
        let environment = [
            ("INPUT_PLAN", "docs/a.md\n\n  docs/*.plan.md  \n"),
            ("INPUT_MODE", "apply"),
            ("INPUT_DRIFT", "restore"),
            ("INPUT_REMOVED", "close"),
            ("INPUT_ADOPT", " "),
            ("INPUT_ALLOW_MASS_CLOSE", "true"),
            ("INPUT_FAIL_ON_DRIFT", ""),
            ("INPUT_TRUST", "planner[bot]\nada\n"),
        ];
        let inputs = inputs(&args, &environment).unwrap();
        assert_eq!(inputs.plans, ["docs/a.md", "docs/*.plan.md"]);
        assert_eq!(inputs.trust, ["planner[bot]", "ada"]);
        assert_eq!((inputs.mode, inputs.comment, inputs.reviewed), (Mode::Check, CommentWhen::Changes, Reviewed::Warn));
        assert_eq!((inputs.overrides.removed, inputs.overrides.drift), (Some(Removed::Keep), Some(Drift::Restore)));
        assert_eq!((inputs.overrides.adopt, inputs.allow_mass_close, inputs.fail_on_drift), (None, true, false));
    }

    #[test]
    fn an_invalid_value_is_refused_with_the_valid_ones() {
        let refused = |name: &str, word: &str| {
            let environment = [("INPUT_PLAN", "a.md"), (name, word)];
            inputs(&RunArgs::default(), &environment).unwrap_err().to_string()
        };
        assert_eq!(
            refused("INPUT_MODE", "aply"),
            "the input `mode` cannot be `aply`; valid values: `auto`, `check`, `preview`, `apply`, `drift`, `gate` or `pull`"
        );
        assert_eq!(
            refused("INPUT_PIN_GATES", "no"),
            "the input `pin-gates` cannot be `no`; valid values: `true` or `false`"
        );
        assert_eq!(
            refused("INPUT_FAIL_ON_DRIFT", "yes"),
            "the input `fail-on-drift` cannot be `yes`; valid values: `true` or `false`"
        );
        assert!(inputs(&RunArgs::default(), &[]).unwrap_err().to_string().contains("no plan is named"));
    }
}
