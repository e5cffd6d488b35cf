//! The command line: what can be asked for. No decisions are made here.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// The plan in the repository is the plan on GitHub.
#[derive(Debug, Parser)]
#[command(
    name = "plan-action",
    version,
    about = "The plan in the repository is the plan on GitHub: milestones, issues, labels and dependencies from markdown",
    arg_required_else_help = true,
    subcommand_required = true,
    after_help = "\
Examples:
  plan-action show docs/plan.md                          what was understood
  plan-action preview docs/plan.md                       what it would create from nothing
  plan-action apply docs/plan.md --offline repo.json     make it true in a file
  plan-action preview docs/plan.md --offline repo.json   what is left to do
  plan-action apply docs/plan.md --repo OWNER/NAME       make it true on GitHub

Exit codes:
  0  done
  1  the plan has errors, or something was refused
  2  wrong usage
  3  changes are pending (with --exit-code)"
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read plans and check them
    #[command(after_help = "\
Examples:
  plan-action check docs/plan.md
  plan-action check 'docs/plans/*.md'
  cat plan.md | plan-action check -")]
    Check(PlanArgs),
    /// Show plans as they were understood
    #[command(after_help = "\
Examples:
  plan-action show docs/plan.md
  plan-action show docs/plan.md --format json | jq '.issues[].title'
  plan-action show docs/plan.md --format mermaid")]
    Show(ShowArgs),
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
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// Close the issues of items that left the plan, however many they are
    #[arg(long)]
    pub allow_mass_close: bool,
}

/// Where plans land.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub struct TargetArgs {
    /// A repository on GitHub; the token comes from GITHUB_TOKEN or GH_TOKEN, the API from GITHUB_API_URL
    #[arg(long, value_name = "OWNER/NAME")]
    pub repo: Option<String>,
    /// A repository kept in a file, created when it is missing: no token, no network
    #[arg(long, value_name = "FILE.json")]
    pub offline: Option<PathBuf>,
}
