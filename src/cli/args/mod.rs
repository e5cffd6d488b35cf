//! The arguments of the command line, with their help.

mod commands;
mod workflow;

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, Resettable, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

pub use self::commands::{
    ApplyArgs, CheckArgs, CheckFormat, DriftArgs, ExplainArgs, ExplainFormat, GateArgs, ImportArgs, InitArgs,
    PreviewArgs, PreviewFormat, PullArgs, PullFormat, ReleaseArgs, ShowArgs, ShowFormat,
};
pub use self::workflow::{CommentWhen, Mode, RunArgs};
use super::output::Verbosity;
use crate::plan::settings::{Adopt, Drift, Footer, Overrides, PinGates, Removed};

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "plan-action",
    version,
    about = "Keep GitHub milestones and issues in sync with a plan in markdown",
    after_help = "\
Examples:
  plan-action show docs/plan.md                         show how the plan is understood
  plan-action preview docs/plan.md                      show what it would create in an empty repository
  plan-action preview docs/plan.md --repo OWNER/NAME    show what it would change on GitHub
  plan-action apply docs/plan.md --repo OWNER/NAME      make these changes
  plan-action apply docs/plan.md --offline repo.json    try it on a repository in a file

In a GitHub Actions workflow, `plan-action` without a command is the same as `plan-action run`.

Documentation: https://github.com/org/plan-action/tree/main/.github/docs

Exit codes:
  0  success
  1  the plan has errors, something was refused or failed, or the gate is shut
  2  wrong usage
  3  changes are pending (with --exit-code)"
)]
pub struct Cli {
    /// How much is printed.
    #[command(flatten)]
    pub verbosity: VerbosityArgs,
    /// The command. In a workflow, it can be left out: the event decides.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// How much is printed besides results and errors.
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

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check plans and report every problem
    #[command(after_help = "\
Examples:
  plan-action check docs/plan.md
  plan-action check 'docs/plans/*.md'
  plan-action check docs/plan.md --format sarif > plan.sarif
  cat plan.md | plan-action check -")]
    Check(CheckArgs),
    /// Show a plan as it is understood
    #[command(after_help = "\
Examples:
  plan-action show docs/plan.md
  plan-action show docs/plan.md --format json | jq '.issues[].title'
  plan-action show docs/plan.md --format mermaid")]
    Show(ShowArgs),
    /// Show how each line of a plan is read, and why
    #[command(after_help = "\
Examples:
  plan-action explain docs/plan.md
  plan-action explain docs/plan.md --format json")]
    Explain(ExplainArgs),
    /// Show what an apply would change, without changing anything
    #[command(after_help = "\
Without a target, the plan is compared with an empty repository.

Examples:
  plan-action preview docs/plan.md
  plan-action preview docs/plan.md --repo OWNER/NAME
  plan-action preview docs/plan.md --offline repo.json --exit-code
  plan-action preview docs/plan.md --offline repo.json --format markdown")]
    Preview(PreviewArgs),
    /// Make the repository match the plan
    #[command(after_help = "\
Shows the changes and asks before it writes; in scripts, pass --yes. A second apply writes nothing.

Examples:
  plan-action apply docs/plan.md --offline repo.json
  plan-action apply docs/plan.md --repo OWNER/NAME --yes")]
    Apply(ApplyArgs),
    /// Set up a repository: write a workflow, and a plan or the form of an existing one
    #[command(after_help = "\
No existing file is overwritten. In the front matter of an existing plan, its form is declared as it was recognised.

Examples:
  plan-action init
  plan-action init docs/roadmap.md")]
    Init(InitArgs),
    /// Write what people changed on GitHub into the plan
    #[command(after_help = "\
Titles, states, boxes, milestones, labels, assignees, due dates and dependencies are written in their places; nothing \
else in the file changes. What the plan has no place for is reported. With --check or --format diff, nothing is written.

Examples:
  plan-action pull docs/plan.md --repo OWNER/NAME
  plan-action pull docs/plan.md --repo OWNER/NAME --check
  plan-action pull docs/plan.md --repo OWNER/NAME --format diff
  plan-action pull docs/plan.md --offline repo.json --new --keys")]
    Pull(PullArgs),
    /// Print a plan for an existing repository
    #[command(after_help = "\
The plan has the repository's milestones, issues and labels. Applying it changes nothing that people see: it takes over \
every issue as it is. What a plan cannot express is reported, and stays on GitHub as it is.

Examples:
  plan-action import --repo OWNER/NAME > plan.md
  plan-action import --repo OWNER/NAME --state open --output docs/plan.md
  plan-action import --repo OWNER/NAME --milestone v1.0 --label backend
  plan-action import --offline repo.json --since 2026-01-01")]
    Import(ImportArgs),
    /// Report what people changed on GitHub, and the progress of each milestone
    #[command(after_help = "\
This changes nothing. Scheduled workflows write the same report.

Examples:
  plan-action drift docs/plan.md --repo OWNER/NAME
  plan-action drift docs/plan.md --offline repo.json --exit-code
  plan-action drift docs/plan.md --repo OWNER/NAME --format json | jq '.drift'")]
    Drift(DriftArgs),
    /// Check whether a release may go out
    #[command(after_help = "\
A release may go out when everything that its gate depends on is closed, and so is every other issue of its milestone. \
The gate's own issue may be open: the release closes it.

Examples:
  plan-action gate docs/plan.md --repo OWNER/NAME --tag v0.2.0
  plan-action gate docs/plan.md --repo OWNER/NAME --milestone 'First light (v0.2.0)'")]
    Gate(GateArgs),
    /// In a workflow: do what the event calls for
    #[command(after_help = "\
What it does on each event, unless `--mode` says otherwise:
  pull_request, pull_request_target  preview, in a comment and the job summary
  push to the default branch         apply
  push to another branch             preview, in the job summary
  merge_group, workflow_dispatch     preview, in the job summary
  push of a tag, release             check the release gate
  schedule                           report what people changed

Each flag can also be given as an input of the action, which sets a variable: INPUT_FAIL_ON_DRIFT for --fail-on-drift. \
Precedence: flag, input, front matter, default.")]
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
    /// The plans: files, globs in quotes, or `-` for standard input
    #[arg(value_name = "PLAN", required = true)]
    pub plans: Vec<String>,
}

/// Whose markers are believed, besides those of people who can write.
#[derive(Debug, Default, Args)]
pub struct TrustArgs {
    /// Another account whose issues belong to the plan, such as an app; can be repeated
    #[arg(long, value_name = "LOGIN")]
    pub trust: Vec<String>,
}

/// Settings that take precedence over the front matter.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Settings, which take precedence over the front matter")]
pub struct SettingsArgs {
    /// What happens to an issue whose item left the plan
    #[arg(long, value_parser = choice::<Removed>())]
    pub removed: Option<Removed>,
    /// What happens to a value that people changed on GitHub
    #[arg(long, value_parser = choice::<Drift>())]
    pub drift: Option<Drift>,
    /// Whether an existing issue with the same title becomes the plan's
    #[arg(long, value_parser = choice::<Adopt>())]
    pub adopt: Option<Adopt>,
    /// Whether the text of an issue ends with a line that links to the plan
    #[arg(long, value_parser = choice::<Footer>(), value_name = "BOOL")]
    pub footer: Option<Footer>,
    /// Whether to pin release gates
    #[arg(long, value_parser = choice::<PinGates>(), value_name = "BOOL")]
    pub pin_gates: Option<PinGates>,
}

impl From<&SettingsArgs> for Overrides {
    fn from(SettingsArgs { removed, drift, adopt, footer, pin_gates }: &SettingsArgs) -> Self {
        Self { removed: *removed, drift: *drift, adopt: *adopt, footer: *footer, pin_gates: *pin_gates }
    }
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

/// Parses the values of an enum. The help lists them in one line, without a description of each.
fn choice<T: ValueEnum + Clone + Send + Sync + 'static>() -> impl TypedValueParser<Value = T> {
    let values = T::value_variants().iter().filter_map(ValueEnum::to_possible_value);
    PossibleValuesParser::new(values.map(|value| value.help(Resettable::Reset)))
        .try_map(|name| T::from_str(&name, false))
}
