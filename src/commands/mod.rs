//! One short story for each subcommand. Only they see all the stages.

mod apply;
mod check;
pub mod output;
mod plans;
mod preview;
mod show;
mod target;

use std::fmt;

use anyhow::Result;
use clap::CommandFactory;

use crate::cli::{Cli, Command};

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
        Command::Check(args) => check::run(&args),
        Command::Show(args) => show::run(&args),
        Command::Preview(args) => preview::run(&args).await,
        Command::Apply(args) => apply::run(&args).await,
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "plan-action", &mut script);
            output::bytes(&script)?;
            Ok(Outcome::Done)
        }
    }
}
