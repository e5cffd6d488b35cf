//! One short story for each subcommand. Only they see all the stages.

mod apply;
mod check;
mod compare;
pub mod gate;
pub mod output;
mod plans;
mod preview;
pub mod reviewed;
mod run;
mod show;
mod signals;
mod target;

use std::fmt;

use anyhow::Result;
use clap::CommandFactory;

use crate::actions::command::in_github_actions;
use crate::cli::{Cli, Command, RunArgs};

/// How a command ended, when it did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All is done.
    Done,
    /// The plan has errors, or something was refused; it has been said.
    Failed,
    /// The command line asks for what cannot be.
    WrongUsage,
    /// Changes are pending, and `--exit-code` asks to tell.
    Pending,
}

impl Outcome {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::WrongUsage => 2,
            Self::Pending => 3,
        }
    }
}

/// The command line asks for what cannot be, in a way that clap cannot see.
#[derive(Debug)]
pub struct WrongUsage(String);

impl fmt::Display for WrongUsage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for WrongUsage {}

/// Runs what the command line asks for.
///
/// # Errors
///
/// When it cannot be done; findings in plans are no errors here, but an [`Outcome`].
pub async fn run(cli: Cli) -> Result<Outcome> {
    match cli.command {
        Some(Command::Check(args)) => check::run(&args),
        Some(Command::Show(args)) => show::run(&args),
        Some(Command::Preview(args)) => preview::run(&args).await,
        Some(Command::Apply(args)) => apply::run(&args).await,
        Some(Command::Gate(args)) => gate::run(&args).await,
        Some(Command::Run(args)) => run::run(&args).await,
        Some(Command::Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "plan-action", &mut script);
            output::plain(&String::from_utf8_lossy(&script))?;
            Ok(Outcome::Done)
        }
        None if in_github_actions() => run::run(&RunArgs::default()).await,
        None => {
            output::say_styled(&Cli::command().render_help().ansi().to_string());
            Ok(Outcome::WrongUsage)
        }
    }
}
