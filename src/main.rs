//! Arguments, run, print the error, exit code.

use std::process::ExitCode;

use clap::Parser;
use plan_action::cli::Cli;
use plan_action::commands::{self, Outcome};

/// musl's own allocator makes the whole program slower by a quarter.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.into()),
    };
    match runtime.block_on(commands::run(cli)) {
        Ok(outcome) => ExitCode::from(outcome.code()),
        Err(error) if is_closed_pipe(&error) => ExitCode::from(Outcome::Done.code()),
        Err(error) => fail(&error),
    }
}

fn fail(error: &anyhow::Error) -> ExitCode {
    let message = format!("{error:#}");
    commands::output::error(&message);
    let is_usage = error.downcast_ref::<commands::WrongUsage>().is_some();
    ExitCode::from(if is_usage { Outcome::WrongUsage.code() } else { Outcome::Failed.code() })
}

/// Whoever read our output has enough of it, as with `| head`.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let kinds = error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>());
    kinds.into_iter().any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}
