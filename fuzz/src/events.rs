//! Events. An event name, a ref and an event file become a job and a task, or an error.

use std::path::PathBuf;
use std::sync::LazyLock;

use plan_action::actions::event::Job;
use plan_action::cli::args::Mode;

const COMMIT: &str = "dddddddddddddddddddddddddddddddddddddddd";

/// The event file, rewritten for every input; kept in memory if the system has such a folder.
static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = PathBuf::from("/dev/shm");
    let folder = if memory.is_dir() { memory } else { std::env::temp_dir() };
    folder.join(format!("plan-action-fuzz-{}.json", std::process::id()))
});

/// The input has the event name in the first line, the ref in the second, and the event file in the rest.
pub fn events(bytes: &[u8]) {
    let mut parts = bytes.splitn(3, |byte| *byte == b'\n');
    let mut part = || parts.next().unwrap_or_default();
    let (Ok(name), Ok(reference)) = (std::str::from_utf8(part()), std::str::from_utf8(part())) else { return };
    std::fs::write(&*FILE, part()).unwrap();
    let variable = |wanted: &str| match wanted {
        "GITHUB_EVENT_NAME" => Some(name.to_owned()),
        "GITHUB_SHA" => Some(COMMIT.to_owned()),
        "GITHUB_REPOSITORY" => Some("stars/observatory".to_owned()),
        "GITHUB_EVENT_PATH" => Some(FILE.display().to_string()),
        "GITHUB_REF" => Some(reference.to_owned()),
        _ => None,
    };
    let Ok(job) = Job::read(variable) else { return };
    for mode in [Mode::Auto, Mode::Check, Mode::Preview, Mode::Apply, Mode::Drift, Mode::Gate] {
        _ = job.task(mode);
    }
    let (commits, _) = job.landed();
    assert!(!commits.is_empty() && commits.iter().all(|commit| is_commit(commit)), "{job:?}");
    if let Some(pull) = job.pull_request() {
        assert!(is_commit(&pull.head) && is_commit(&pull.base), "{job:?}");
    }
}

fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
