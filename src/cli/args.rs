//! The command line: what can be asked for. No decisions are made here.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, Resettable, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

use super::output::Verbosity;
use crate::app::reviewed::Reviewed;
use crate::import::State;
use crate::plan::settings::{Adopt, Drift, Footer, Overrides, PinGates, Removed};

/// The plan in the repository is the plan on GitHub.
#[derive(Debug, Parser)]
#[command(
    name = "plan-action",
    version,
    about = "The plan in the repository is the plan on GitHub: milestones, issues, labels and dependencies from markdown",
    after_help = "\
Examples:
  plan-action show docs/plan.md                          what was understood
  plan-action preview docs/plan.md                       what it would create from nothing
  plan-action apply docs/plan.md --offline repo.json     make it true in a file
  plan-action preview docs/plan.md --offline repo.json   what is left to do
  plan-action apply docs/plan.md --repo OWNER/NAME       make it true on GitHub

In a workflow of GitHub Actions, no command is the same as `run`.

Ways to write a plan, with examples: https://github.com/org/plan-action/tree/main/.github/docs/dialects

Exit codes:
  0  done
  1  the plan has errors, something was refused, or the gate is shut
  2  wrong usage
  3  changes are pending (with --exit-code)"
)]
pub struct Cli {
    /// How much is printed.
    #[command(flatten)]
    pub verbosity: VerbosityArgs,
    /// What to do; nothing in a workflow, where the event says it.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// How much is printed beside results and errors.
#[derive(Debug, Args)]
pub struct VerbosityArgs {
    /// Print results and errors only
    #[arg(short, long, global = true, conflicts_with = "verbose", display_order = 100)]
    pub quiet: bool,
    /// Print each change as it is made, and which repository and token are used
    #[arg(short, long, global = true, display_order = 100)]
    pub verbose: bool,
}

impl From<&VerbosityArgs> for Verbosity {
    fn from(args: &VerbosityArgs) -> Self {
        match args {
            VerbosityArgs { quiet: true, .. } => Self::Quiet,
            VerbosityArgs { verbose: true, .. } => Self::Verbose,
            VerbosityArgs { .. } => Self::Normal,
        }
    }
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read plans and check them
    #[command(after_help = "\
Examples:
  plan-action check docs/plan.md
  plan-action check 'docs/plans/*.md'
  plan-action check docs/plan.md --format sarif > plan.sarif
  cat plan.md | plan-action check -")]
    Check(CheckArgs),
    /// Show plans as they were understood
    #[command(after_help = "\
Examples:
  plan-action show docs/plan.md
  plan-action show docs/plan.md --format json | jq '.issues[].title'
  plan-action show docs/plan.md --format mermaid")]
    Show(ShowArgs),
    /// Show how each line of a plan was read, and why
    #[command(after_help = "\
Examples:
  plan-action explain docs/plan.md
  plan-action explain docs/plan.md --format json")]
    Explain(ExplainArgs),
    /// Show what would change, and change nothing
    #[command(after_help = "\
Without a target, the plan is compared with an empty repository.

Examples:
  plan-action preview docs/plan.md
  plan-action preview docs/plan.md --repo OWNER/NAME
  plan-action preview docs/plan.md --offline repo.json --exit-code
  plan-action preview docs/plan.md --offline repo.json --format markdown")]
    Preview(PreviewArgs),
    /// Change what differs from the plan
    #[command(after_help = "\
Asks before it writes when a person is at the terminal. An apply after an apply writes nothing.

Examples:
  plan-action apply docs/plan.md --offline repo.json
  plan-action apply docs/plan.md --repo OWNER/NAME --yes")]
    Apply(ApplyArgs),
    /// Print a plan for what a repository already has
    #[command(after_help = "\
The plan has the repository's milestones, issues and labels. Applying it changes no text and no value on GitHub: every \
issue becomes the plan's as it is. What a plan cannot hold is named, and stays on GitHub as it is.

Examples:
  plan-action import --repo OWNER/NAME > plan.md
  plan-action import --repo OWNER/NAME --state open --output docs/plan.md
  plan-action import --repo OWNER/NAME --milestone v1.0 --label backend
  plan-action import --offline repo.json --since 2026-01-01")]
    Import(ImportArgs),
    /// Report what people changed on GitHub, and how far the milestones are
    #[command(after_help = "\
Nothing is changed. The report is the one that a scheduled workflow writes.

Examples:
  plan-action drift docs/plan.md --repo OWNER/NAME
  plan-action drift docs/plan.md --offline repo.json --exit-code
  plan-action drift docs/plan.md --repo OWNER/NAME --format json | jq '.drift'")]
    Drift(DriftArgs),
    /// Say whether a release may go out
    #[command(after_help = "\
A release may go out when everything that its gate waits for is closed, and every other issue of its milestone. \
The gate's own issue may be open: the release closes it.

Examples:
  plan-action gate docs/plan.md --repo OWNER/NAME --tag v0.2.0
  plan-action gate docs/plan.md --repo OWNER/NAME --milestone 'First light (v0.2.0)'")]
    Gate(GateArgs),
    /// Do what the event of a workflow asks for
    #[command(after_help = "\
What it does, unless `--mode` says something else:
  pull_request, pull_request_target  preview, as a comment on the pull request
  merge_group                        preview, in the job's summary
  push to the default branch         apply
  push to another branch             preview, in the job's summary
  push of a tag                      the gate for it
  schedule                           report what people changed
  workflow_dispatch                  preview, in the job's summary

Each flag can be given as the action's input of the same name, in the environment: \
--fail-on-drift as INPUT_FAIL_ON_DRIFT. A flag goes before the input, the input before the plan's front matter.")]
    Run(RunArgs),
    /// Print completions for a shell
    #[command(after_help = "\
Examples:
  plan-action completions bash > ~/.local/share/bash-completion/completions/plan-action
  plan-action completions zsh > ~/.zfunc/_plan-action
  plan-action completions fish > ~/.config/fish/completions/plan-action.fish")]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Which plans.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// Plans: files, globs, or `-` for standard input
    #[arg(value_name = "PLAN", required = true)]
    pub plans: Vec<String>,
}

/// What to check.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Which plans.
    #[command(flatten)]
    pub plans: PlanArgs,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub format: CheckFormat,
}

/// The form of what a check found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// The problems with their source lines, and a line for each plan
    #[default]
    Text,
    /// The problems, for programs
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

/// What to show.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Which plans.
    #[command(flatten)]
    pub plans: PlanArgs,
    /// The form
    #[arg(long, value_enum, default_value_t)]
    pub format: ShowFormat,
}

/// What to explain.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Which plans.
    #[command(flatten)]
    pub plans: PlanArgs,
    /// The form
    #[arg(long, value_enum, default_value_t)]
    pub format: ExplainFormat,
}

/// The form of an explanation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ExplainFormat {
    /// The document with a gutter
    #[default]
    Text,
    /// The outline, for programs
    Json,
}

/// The form of a plan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ShowFormat {
    /// A tree by milestone
    #[default]
    Text,
    /// Everything, for programs
    Json,
    /// The dependency graph, in mermaid's language
    Mermaid,
    /// The milestones by due date, in mermaid's language
    Gantt,
}

/// What to preview.
#[derive(Debug, Args)]
pub struct PreviewArgs {
    /// Which plans.
    #[command(flatten)]
    pub plans: PlanArgs,
    /// Where they land.
    #[command(flatten)]
    pub target: TargetArgs,
    /// The form
    #[arg(long, value_enum, default_value_t)]
    pub format: PreviewFormat,
    /// Exit with 3 when changes are pending
    #[arg(long)]
    pub exit_code: bool,
    /// Whose markers are believed.
    #[command(flatten)]
    pub trust: TrustArgs,
    /// What goes before the front matter.
    #[command(flatten)]
    pub settings: SettingsArgs,
}

/// The form of a diff.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum PreviewFormat {
    /// For the terminal
    #[default]
    Text,
    /// For a comment on GitHub
    Markdown,
    /// For programs
    Json,
}

/// What to apply.
#[derive(Debug, Args)]
pub struct ApplyArgs {
    /// Which plans.
    #[command(flatten)]
    pub plans: PlanArgs,
    /// Where they land.
    #[command(flatten)]
    pub target: TargetArgs,
    /// Apply without asking first
    #[arg(long)]
    pub yes: bool,
    /// Close the issues of items that left the plan, however many they are
    #[arg(long)]
    pub allow_mass_close: bool,
    /// Whose markers are believed.
    #[command(flatten)]
    pub trust: TrustArgs,
    /// What goes before the front matter.
    #[command(flatten)]
    pub settings: SettingsArgs,
}

/// What to import.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// Where it is.
    #[command(flatten)]
    pub target: TargetArgs,
    /// Only the issues of a milestone, by its title; may be given several times
    #[arg(long, value_name = "TITLE")]
    pub milestone: Vec<String>,
    /// Only issues with a label; of several, all are required
    #[arg(long, value_name = "NAME")]
    pub label: Vec<String>,
    /// Only issues in a state
    #[arg(long, value_enum, default_value_t)]
    pub state: State,
    /// Only issues that were changed since a day, such as 2026-01-31
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub since: Option<Date>,
    /// Write the plan to a new file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Whose issues are taken over.
    #[command(flatten)]
    pub trust: TrustArgs,
}

fn day(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "write a day of the calendar, such as 2026-01-31".to_owned())
}

/// What to report drift of.
#[derive(Debug, Args)]
pub struct DriftArgs {
    /// Which plans.
    #[command(flatten)]
    pub plans: PlanArgs,
    /// Where they landed.
    #[command(flatten)]
    pub target: TargetArgs,
    /// The form
    #[arg(long, value_enum, default_value_t)]
    pub format: PreviewFormat,
    /// Exit with 3 when people changed something
    #[arg(long)]
    pub exit_code: bool,
    /// Whose markers are believed.
    #[command(flatten)]
    pub trust: TrustArgs,
}

/// Which release to judge.
#[derive(Debug, Args)]
pub struct GateArgs {
    /// Which plans.
    #[command(flatten)]
    pub plans: PlanArgs,
    /// Where they landed.
    #[command(flatten)]
    pub target: TargetArgs,
    /// The release.
    #[command(flatten)]
    pub release: ReleaseArgs,
    /// Whose markers are believed.
    #[command(flatten)]
    pub trust: TrustArgs,
}

/// A release.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct ReleaseArgs {
    /// The release of a milestone, by title or key
    #[arg(long, value_name = "NAME")]
    pub milestone: Option<String>,
    /// The release of a tag, which a milestone or a gate names
    #[arg(long, value_name = "TAG")]
    pub tag: Option<String>,
}

/// Whose markers are believed besides those of people who may write.
#[derive(Debug, Default, Args)]
pub struct TrustArgs {
    /// An account, such as an app's, whose issues are the plan's too; may be given several times
    #[arg(long, value_name = "LOGIN")]
    pub trust: Vec<String>,
}

/// What goes before the plan's front matter.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "In place of the plan's front matter")]
pub struct SettingsArgs {
    /// What becomes of an issue that left the plan
    #[arg(long, value_parser = choice::<Removed>())]
    pub removed: Option<Removed>,
    /// What becomes of a value that people changed
    #[arg(long, value_parser = choice::<Drift>())]
    pub drift: Option<Drift>,
    /// Whether an issue with the same title becomes the plan's
    #[arg(long, value_parser = choice::<Adopt>())]
    pub adopt: Option<Adopt>,
    /// Whether the text of an issue ends with a line that links to the plan
    #[arg(long, value_parser = choice::<Footer>(), value_name = "BOOL")]
    pub footer: Option<Footer>,
    /// Whether release gates are pinned
    #[arg(long, value_parser = choice::<PinGates>(), value_name = "BOOL")]
    pub pin_gates: Option<PinGates>,
}

impl From<&SettingsArgs> for Overrides {
    fn from(SettingsArgs { removed, drift, adopt, footer, pin_gates }: &SettingsArgs) -> Self {
        Self { removed: *removed, drift: *drift, adopt: *adopt, footer: *footer, pin_gates: *pin_gates }
    }
}

/// What a workflow may say.
#[derive(Debug, Default, Args)]
pub struct RunArgs {
    /// Plans: files or globs
    #[arg(value_name = "PLAN")]
    pub plans: Vec<String>,
    /// What to do
    #[arg(long, value_parser = choice::<Mode>())]
    pub mode: Option<Mode>,
    /// When to comment on a pull request
    #[arg(long, value_parser = choice::<CommentWhen>(), value_name = "WHEN")]
    pub comment: Option<CommentWhen>,
    /// What to do about changes that no comment on a pull request showed
    #[arg(long, value_parser = choice::<Reviewed>())]
    pub reviewed: Option<Reviewed>,
    /// Close the issues of items that left the plan, however many they are
    #[arg(long)]
    pub allow_mass_close: bool,
    /// Fail when people changed what the plan says
    #[arg(long)]
    pub fail_on_drift: bool,
    /// Whose markers are believed.
    #[command(flatten)]
    pub trust: TrustArgs,
    /// What goes before the front matter.
    #[command(flatten)]
    pub settings: SettingsArgs,
}

/// What a workflow does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// Whatever the event asks for.
    #[default]
    Auto,
    /// Read the plan and report its problems.
    Check,
    /// Show what would change.
    Preview,
    /// Change it.
    Apply,
    /// Report what people changed.
    Drift,
    /// Say whether a release may go out.
    Gate,
}

/// When a preview becomes a comment on its pull request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum CommentWhen {
    /// When it changes something, or there is a comment already.
    #[default]
    Changes,
    /// Always.
    Always,
    /// Never; only the job's summary has the preview.
    Never,
}

/// Parses the values of an enum. The help lists them in one line, without a description of each.
fn choice<T: ValueEnum + Clone + Send + Sync + 'static>() -> impl TypedValueParser<Value = T> {
    let values = T::value_variants().iter().filter_map(ValueEnum::to_possible_value);
    PossibleValuesParser::new(values.map(|value| value.help(Resettable::Reset)))
        .try_map(|name| T::from_str(&name, false))
}

/// Where plans land.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub struct TargetArgs {
    /// A repository on GitHub: OWNER/NAME, its URL, or a git remote such as `origin`. The token comes from
    /// GITHUB_TOKEN, GH_TOKEN or `gh auth token`
    #[arg(long, value_name = "OWNER/NAME", value_parser = super::repository_name::parse)]
    pub repo: Option<String>,
    /// A repository in a file, created if missing: no token, no network
    #[arg(long, value_name = "FILE.json")]
    pub offline: Option<PathBuf>,
}
