//! The arguments of each command.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::{PlanArgs, SettingsArgs, TargetArgs, TrustArgs};
use crate::import::State;

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
