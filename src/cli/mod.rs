//! The terminal: arguments come in, use cases run, and their outcomes go out as text and an exit code. Each command has its
//! own file.

mod apply;
pub mod args;
mod check;
mod drift;
pub(crate) mod environment;
pub mod exit;
mod explain;
pub(crate) mod findings;
mod gate;
mod import;
mod init;
pub mod output;
mod preview;
mod progress;
mod pull;
pub(crate) mod repository;
mod repository_name;
mod show;
pub(crate) mod signals;

use anyhow::Result;
use clap::CommandFactory;

use self::args::{Cli, Command};
use self::exit::Exit;

pub(crate) use self::apply::why_not;
pub(crate) use self::check::line as check_line;
pub use self::environment::in_github_actions;

/// Runs a command of the terminal; without one, prints the help.
///
/// # Errors
///
/// When the command cannot be carried out. Findings in plans are not errors here, but an [`Exit`].
pub async fn run(command: Option<Command>) -> Result<Exit> {
    match command {
        Some(Command::Check(args)) => check::run(&args),
        Some(Command::Show(args)) => show::run(&args),
        Some(Command::Explain(args)) => explain::run(&args),
        Some(Command::Preview(args)) => preview::run(&args).await,
        Some(Command::Apply(args)) => apply::run(&args).await,
        Some(Command::Init(args)) => init::run(&args),
        Some(Command::Pull(args)) => pull::run(&args).await,
        Some(Command::Import(args)) => import::run(&args).await,
        Some(Command::Drift(args)) => drift::run(&args).await,
        Some(Command::Gate(args)) => gate::run(&args).await,
        Some(Command::Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "plan-action", &mut script);
            output::plain(&String::from_utf8_lossy(&script))?;
            Ok(Exit::Done)
        }
        Some(Command::Run(_)) | None => {
            output::say_styled(&Cli::command().render_help().ansi().to_string());
            Ok(Exit::WrongUsage)
        }
    }
}
