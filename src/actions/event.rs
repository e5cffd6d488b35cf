//! Why a workflow runs: the environment and the event's file come in, a [`Job`] with its [`Trigger`] goes out, and from that the
//! [`Task`] to do. Environment and file may be hostile.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use crate::cli::args::Mode;

/// The largest event that is read, in bytes: GitHub sends none larger than 25 MB.
const MAX_EVENT: u64 = 25 * 1024 * 1024;
/// The events that `auto` handles.
const SUPPORTED: &str = "pull_request, pull_request_target, merge_group, push, release, schedule and workflow_dispatch";

/// Where a workflow's job runs, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// `OWNER/NAME`.
    pub repository: String,
    /// The default branch.
    pub default_branch: String,
    /// The commit that the workflow runs for.
    pub commit: String,
    /// The tag that it runs for, if it is one.
    pub tag: Option<String>,
    /// The address of the server.
    pub server: String,
    /// The page of the run, which shows the job's summary.
    pub url: String,
    /// Why it runs.
    pub trigger: Trigger,
}

/// Why a workflow runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trigger {
    /// Somebody opened a pull request or pushed to one.
    PullRequest(PullRequest),
    /// A merge queue tries a merge.
    MergeGroup,
    /// Somebody pushed to a branch.
    Push(Push),
    /// Somebody pushed a tag, or published a release of it.
    Tag(String),
    /// Somebody deleted a branch, tag or release, or took a release back.
    Deleted,
    /// A schedule started it.
    Schedule,
    /// Somebody started it by hand.
    Dispatch,
    /// Anything else, by name.
    Other(String),
}

/// A pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequest {
    /// Its number.
    pub number: u64,
    /// The commit that is proposed.
    pub head: String,
    /// The commit that it would be merged onto.
    pub base: String,
    /// The branch that it would be merged into.
    pub base_branch: String,
    /// Whose run it is, if it cannot comment and the preview goes to the summary only.
    pub stranger: Option<Stranger>,
    /// Whether the workflow is the base branch's (`pull_request_target`): the workspace has nothing of the pull request then,
    /// and its plan is read through the API.
    pub is_target: bool,
}

/// Whose runs have a read-only token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stranger {
    /// A pull request from another repository.
    Fork,
    /// One of Dependabot's.
    Dependabot,
}

/// A push to a branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// The branch.
    pub branch: String,
    /// Whether it is the repository's default one.
    pub is_default: bool,
    /// The commits that it brought, the last one first, and the one before them.
    pub commits: Vec<String>,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// Read the plan.
    Check,
    /// Show what would change.
    Preview,
    /// Change it.
    Apply,
    /// Report what people changed.
    Drift,
    /// Propose what people changed, as a pull request.
    Pull,
    /// Judge the release of a tag.
    Gate(String),
    /// Nothing, and why.
    Nothing(&'static str),
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Payload {
    repository: PayloadRepository,
    pull_request: Option<PayloadPull>,
    release: Option<PayloadRelease>,
    action: String,
    deleted: bool,
    before: Option<String>,
    commits: Vec<PayloadCommit>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PayloadRepository {
    default_branch: String,
}

#[derive(Debug, Deserialize)]
struct PayloadCommit {
    id: String,
}

#[derive(Debug, Deserialize)]
struct PayloadRelease {
    tag_name: String,
}

#[derive(Debug, Deserialize)]
struct PayloadPull {
    number: u64,
    head: PayloadRef,
    base: PayloadRef,
    user: Option<PayloadUser>,
}

#[derive(Debug, Deserialize)]
struct PayloadRef {
    #[serde(rename = "ref")]
    branch: String,
    sha: String,
    /// Missing where the fork was deleted.
    repo: Option<PayloadFork>,
}

#[derive(Debug, Deserialize)]
struct PayloadFork {
    full_name: String,
}

#[derive(Debug, Deserialize)]
struct PayloadUser {
    login: String,
}

impl Job {
    /// Reads the environment, with `variable`, and the event's file.
    ///
    /// # Errors
    ///
    /// When this is not a workflow, or the event does not have the documented format.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let needed = |name: &str| {
            variable(name).filter(|value| !value.is_empty()).with_context(|| {
                format!(
                    "{name} is not set, so this is not a GitHub Actions workflow; outside of one, use `preview` and \
                     `apply`"
                )
            })
        };
        let (name, commit) = (needed("GITHUB_EVENT_NAME")?, needed("GITHUB_SHA")?);
        ensure!(is_commit(&commit), "GITHUB_SHA is not a commit");
        let repository = needed("GITHUB_REPOSITORY")?;
        let path = needed("GITHUB_EVENT_PATH")?;
        let payload = payload(Path::new(&path))?;
        let reference = variable("GITHUB_REF").unwrap_or_default();
        let server = variable("GITHUB_SERVER_URL").unwrap_or_else(|| "https://github.com".into());
        let run = variable("GITHUB_RUN_ID").unwrap_or_default();
        let default_branch = payload.repository.default_branch.clone();
        let trigger = trigger(&name, &reference, payload, &commit)?;
        let tag = match &trigger {
            Trigger::Tag(tag) => Some(tag.clone()),
            _ => reference.strip_prefix("refs/tags/").map(str::to_owned),
        };
        let server = server.trim_end_matches('/').to_owned();
        Ok(Self {
            url: format!("{server}/{repository}/actions/runs/{run}"),
            server,
            tag,
            default_branch,
            trigger,
            repository,
            commit,
        })
    }

    /// The task of a mode; `auto` chooses it by the event.
    ///
    /// # Errors
    ///
    /// When the mode does not fit the event, or `auto` does not support the event.
    pub fn task(&self, mode: Mode) -> Result<Task> {
        let gate = || {
            self.tag.clone().map(Task::Gate).context(
                "`mode: gate` needs a tag: run the workflow `on: push: tags:` or `on: release`, or check a milestone with \
                 `plan-action gate --milestone`",
            )
        };
        Ok(match (mode, &self.trigger) {
            (_, Trigger::Deleted) => {
                Task::Nothing("a branch, tag or release was deleted, so there is no plan or gate to check")
            }
            (Mode::Check, _) => Task::Check,
            (Mode::Apply, Trigger::PullRequest(_) | Trigger::MergeGroup) => bail!(
                "`mode: apply` cannot run for a pull request, because it is not merged yet; use it for pushes to the \
                 default branch"
            ),
            (Mode::Apply, _) => Task::Apply,
            (Mode::Drift, _) => Task::Drift,
            (Mode::Pull, Trigger::PullRequest(_) | Trigger::MergeGroup) => bail!(
                "`mode: pull` cannot run for a pull request; run it on a schedule or by hand, for the default branch"
            ),
            (Mode::Pull, _) => Task::Pull,
            (Mode::Gate, _) => gate()?,
            (Mode::Preview, _) | (Mode::Auto, Trigger::PullRequest(_) | Trigger::MergeGroup | Trigger::Dispatch) => {
                Task::Preview
            }
            (Mode::Auto, Trigger::Push(push)) if push.is_default => Task::Apply,
            (Mode::Auto, Trigger::Push(_)) => Task::Preview,
            (Mode::Auto, Trigger::Tag(_)) => gate()?,
            (Mode::Auto, Trigger::Schedule) => Task::Drift,
            (Mode::Auto, Trigger::Other(name)) => bail!(
                "`mode: auto` does not support the event `{name}`; it supports {SUPPORTED}. For other events, set \
                 `mode:` to `check`, `preview`, `apply`, `drift`, `gate` or `pull`"
            ),
        })
    }

    /// The pull request that the workflow runs for.
    pub fn pull_request(&self) -> Option<&PullRequest> {
        match &self.trigger {
            Trigger::PullRequest(pull) => Some(pull),
            _ => None,
        }
    }

    /// The commits whose pull requests an apply looks up, and the branch that they came into.
    pub fn landed(&self) -> (Vec<String>, &str) {
        match &self.trigger {
            Trigger::Push(push) => (push.commits.clone(), &push.branch),
            _ => (vec![self.commit.clone()], &self.default_branch),
        }
    }
}

fn payload(path: &Path) -> Result<Payload> {
    let context = || format!("cannot read the event from `{}`", path.display());
    let mut text = String::new();
    File::open(path).with_context(context)?.take(MAX_EVENT).read_to_string(&mut text).with_context(context)?;
    serde_json::from_str(&text)
        .with_context(|| format!("{}: it does not have the format that GitHub documents", context()))
}

fn trigger(name: &str, reference: &str, payload: Payload, commit: &str) -> Result<Trigger> {
    Ok(match (name, payload) {
        ("push", Payload { deleted: true, .. }) => Trigger::Deleted,
        ("push", payload) => match (reference.strip_prefix("refs/tags/"), reference.strip_prefix("refs/heads/")) {
            (Some(tag), _) => Trigger::Tag(tag.to_owned()),
            (_, Some(branch)) => Trigger::Push(push(branch, payload, commit)),
            _ => bail!("GITHUB_REF is neither a branch nor a tag: `{reference}`"),
        },
        ("pull_request" | "pull_request_target", Payload { pull_request: Some(pull), .. }) => {
            Trigger::PullRequest(pull_request(pull, name.ends_with("_target"))?)
        }
        ("pull_request" | "pull_request_target", _) => bail!("the event has no pull request"),
        ("release", Payload { action, .. }) if matches!(action.as_str(), "deleted" | "unpublished") => Trigger::Deleted,
        ("release", Payload { release: Some(release), .. }) if !release.tag_name.is_empty() => {
            Trigger::Tag(release.tag_name)
        }
        ("release", _) => bail!("the event has no release with a tag"),
        ("merge_group", _) => Trigger::MergeGroup,
        ("schedule", _) => Trigger::Schedule,
        ("workflow_dispatch", _) => Trigger::Dispatch,
        (other, _) => Trigger::Other(other.to_owned()),
    })
}

fn push(branch: &str, payload: Payload, commit: &str) -> Push {
    // The commit before may be one whose own run was cancelled for this one: what its pull request showed counts too.
    let others = payload.commits.into_iter().rev().map(|commit| commit.id).chain(payload.before);
    let mut commits = vec![commit.to_owned()];
    for other in others.filter(|id| is_commit(id) && id.bytes().any(|byte| byte != b'0')) {
        if !commits.contains(&other) {
            commits.push(other);
        }
    }
    Push { branch: branch.to_owned(), is_default: branch == payload.repository.default_branch, commits }
}

fn pull_request(pull: PayloadPull, is_target: bool) -> Result<PullRequest> {
    let PayloadPull { number, head, base, user } = pull;
    ensure!(is_commit(&head.sha) && is_commit(&base.sha), "the event's pull request has no valid commits");
    let name = |repo: &Option<PayloadFork>| repo.as_ref().map(|repo| repo.full_name.to_lowercase());
    let stranger = if name(&head.repo) != name(&base.repo) {
        Some(Stranger::Fork)
    } else {
        user.filter(|user| user.login == "dependabot[bot]").map(|_| Stranger::Dependabot)
    };
    Ok(PullRequest { number, head: head.sha, base: base.sha, base_branch: base.branch, stranger, is_target })
}

fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(trigger: Trigger) -> Job {
        Job {
            repository: "a/b".into(),
            default_branch: "main".into(),
            commit: "0".repeat(40),
            tag: None,
            server: String::new(),
            url: String::new(),
            trigger,
        }
    }

    fn push(is_default: bool) -> Trigger {
        Trigger::Push(Push { branch: "x".into(), is_default, commits: vec![] })
    }

    #[test]
    fn the_event_decides_unless_the_mode_does() {
        for (trigger, task) in [
            (Trigger::MergeGroup, Task::Preview),
            (push(true), Task::Apply),
            (push(false), Task::Preview),
            (Trigger::Schedule, Task::Drift),
            (Trigger::Dispatch, Task::Preview),
        ] {
            let job = job(trigger);
            assert_eq!(job.task(Mode::Auto).unwrap(), task, "{job:?}");
            assert_eq!(job.task(Mode::Check).unwrap(), Task::Check);
            assert_eq!(job.task(Mode::Drift).unwrap(), Task::Drift);
        }
        let tagged = Job { tag: Some("v1".into()), ..job(Trigger::Tag("v1".into())) };
        assert_eq!(tagged.task(Mode::Auto).unwrap(), Task::Gate("v1".into()));
        assert!(matches!(job(Trigger::Deleted).task(Mode::Apply), Ok(Task::Nothing(_))));
    }

    #[test]
    fn what_does_not_go_together_is_refused() {
        let refused = |trigger, mode| job(trigger).task(mode).unwrap_err().to_string();
        assert!(refused(Trigger::MergeGroup, Mode::Apply).contains("not merged yet"));
        assert!(refused(push(true), Mode::Gate).contains("needs a tag"));
        let unknown = refused(Trigger::Other("issues".into()), Mode::Auto);
        assert!(unknown.contains("`issues`") && unknown.contains(SUPPORTED), "{unknown}");
    }
}
