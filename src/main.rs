//! Arguments, run, print the error, exit code.

use std::process::ExitCode;

use clap::Parser;
use plan_action::actions;
use plan_action::cli::args::{Cli, Command, RunArgs};
use plan_action::cli::exit::{Exit, WrongUsage};
use plan_action::cli::{self, in_github_actions, output};
use plan_action::model::secret;

/// With musl's own allocator, the whole program is a quarter slower.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    for name in ["GITHUB_TOKEN", "GH_TOKEN"] {
        if let Ok(token) = std::env::var(name) {
            secret::register(&token);
        }
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(answer) => return explain(&answer),
    };
    output::set_verbosity((&cli.verbosity).into());
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.into()),
    };
    match runtime.block_on(run(cli)) {
        Ok(outcome) => ExitCode::from(outcome.code()),
        Err(error) if is_closed_pipe(&error) => ExitCode::from(Exit::Done.code()),
        Err(error) => fail(&error),
    }
}

/// Hands the command to its presenter: the workflow's or the terminal's.
async fn run(cli: Cli) -> anyhow::Result<Exit> {
    match cli.command {
        Some(Command::Run(args)) => actions::run(&args).await,
        None if in_github_actions() => actions::run(&RunArgs::default()).await,
        command => cli::run(command).await,
    }
}

/// Prints help, the version, or what is wrong with the arguments.
fn explain(answer: &clap::Error) -> ExitCode {
    // clap quotes arguments as they are, so styles in them would look like ours.
    let has_styles = answer.context().any(|(_, value)| value.to_string().contains('\u{1b}'));
    let text = answer.render();
    let text = if has_styles { text.to_string() } else { text.ansi().to_string() };
    if answer.use_stderr() {
        output::say_fitted(&text);
    } else if output::styled(&text).is_err() {
        return ExitCode::from(Exit::Failed.code());
    }
    ExitCode::from(u8::try_from(answer.exit_code()).unwrap_or(Exit::WrongUsage.code()))
}

fn fail(error: &anyhow::Error) -> ExitCode {
    let message = format!("{error:#}");
    output::error(&message);
    let is_usage = error.downcast_ref::<WrongUsage>().is_some();
    ExitCode::from(if is_usage { Exit::WrongUsage.code() } else { Exit::Failed.code() })
}

/// Whether the reader of our output has closed it, as `| head` does.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let kinds = error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>());
    kinds.into_iter().any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}
