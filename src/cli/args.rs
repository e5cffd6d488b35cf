//! The arguments of the command line, with their help.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, Resettable, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

use super::output::Verbosity;
use crate::app::reviewed::Reviewed;
use crate::import::State;
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
    /// The problems as JSON
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
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub format: ShowFormat,
}

/// What to explain.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Which plans.
    #[command(flatten)]
    pub plans: PlanArgs,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub format: ExplainFormat,
}

/// The form of an explanation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ExplainFormat {
    /// The document, each line with how it is read
    #[default]
    Text,
    /// The outline as JSON
    Json,
}

/// The form of a plan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ShowFormat {
    /// A tree by milestone
    #[default]
    Text,
    /// Everything as JSON
    Json,
    /// The dependency graph as a mermaid diagram
    Mermaid,
    /// The milestones by due date as a mermaid Gantt chart
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
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub format: PreviewFormat,
    /// Exit with 3 if changes are pending
    #[arg(long)]
    pub exit_code: bool,
    /// Whose markers are believed.
    #[command(flatten)]
    pub trust: TrustArgs,
    /// Settings that take precedence over the front matter.
    #[command(flatten)]
    pub settings: SettingsArgs,
}

/// The form of a diff.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum PreviewFormat {
    /// Text for a terminal
    #[default]
    Text,
    /// Markdown, as in a comment on GitHub
    Markdown,
    /// JSON
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
    /// Allow closing more than half of the issues that the plan manages
    #[arg(long)]
    pub allow_mass_close: bool,
    /// Whose markers are believed.
    #[command(flatten)]
    pub trust: TrustArgs,
    /// Settings that take precedence over the front matter.
    #[command(flatten)]
    pub settings: SettingsArgs,
}

/// Where to begin.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The plan. By default, the usual places are searched
    #[arg(value_name = "PLAN")]
    pub plan: Option<PathBuf>,
}

/// What to pull.
#[derive(Debug, Args)]
pub struct PullArgs {
    /// Which plans.
    #[command(flatten)]
    pub plans: PlanArgs,
    /// Where they landed.
    #[command(flatten)]
    pub target: TargetArgs,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub format: PullFormat,
    /// Write nothing, and exit with 3 if there is something to pull
    #[arg(long)]
    pub check: bool,
    /// Append issues that people opened in the plan's milestones to the plan
    #[arg(long)]
    pub new: bool,
    /// Give every item without a key one in an HTML comment, so that renames are recognised exactly
    #[arg(long)]
    pub keys: bool,
    /// Whose markers are believed.
    #[command(flatten)]
    pub trust: TrustArgs,
}

/// The form of what is pulled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum PullFormat {
    /// A line for each change
    #[default]
    Text,
    /// A patch; nothing is written
    Diff,
}

/// What to import.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// Where it is.
    #[command(flatten)]
    pub target: TargetArgs,
    /// Only issues of this milestone, by title; can be repeated
    #[arg(long, value_name = "TITLE")]
    pub milestone: Vec<String>,
    /// Only issues with this label; if repeated, with all of them
    #[arg(long, value_name = "NAME")]
    pub label: Vec<String>,
    /// Only open or closed issues
    #[arg(long, value_enum, default_value_t)]
    pub state: State,
    /// Only issues updated since this day, such as 2026-01-31
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub since: Option<Date>,
    /// Write the plan to this new file instead of standard output
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
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub format: PreviewFormat,
    /// Exit with 3 if people changed something
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
    /// The milestone to release, by title or key
    #[arg(long, value_name = "NAME")]
    pub milestone: Option<String>,
    /// The tag to release: its version is in the title of a milestone or gate
    #[arg(long, value_name = "TAG")]
    pub tag: Option<String>,
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

/// The flags of `run`.
#[derive(Debug, Default, Args)]
pub struct RunArgs {
    /// The plans: files or globs
    #[arg(value_name = "PLAN")]
    pub plans: Vec<String>,
    /// What to do
    #[arg(long, value_parser = choice::<Mode>())]
    pub mode: Option<Mode>,
    /// When to comment on a pull request
    #[arg(long, value_parser = choice::<CommentWhen>(), value_name = "WHEN")]
    pub comment: Option<CommentWhen>,
    /// What to do about changes that were not in any reviewed comment
    #[arg(long, value_parser = choice::<Reviewed>())]
    pub reviewed: Option<Reviewed>,
    /// Allow closing more than half of the issues that the plan manages
    #[arg(long)]
    pub allow_mass_close: bool,
    /// Fail if people changed what the plan says
    #[arg(long)]
    pub fail_on_drift: bool,
    /// The repository of the issues, if it is not the one that the workflow runs in
    #[arg(long, value_name = "OWNER/NAME")]
    pub repository: Option<String>,
    /// Whose markers are believed.
    #[command(flatten)]
    pub trust: TrustArgs,
    /// Settings that take precedence over the front matter.
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
    /// Propose what people changed, as a pull request to the plan.
    Pull,
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
