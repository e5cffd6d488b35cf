//! The arguments of `run`, which are the inputs of the action as well.

use clap::{Args, ValueEnum};

use super::{SettingsArgs, TrustArgs, choice};
use crate::app::reviewed::Reviewed;

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
