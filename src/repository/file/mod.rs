//! An offline repository in a file, with GitHub's rules but without a token or network.
//!
//! The file is read completely, changed in memory, and replaced atomically, so it holds either the old or the new
//! state. [`format`](mod@format) defines the contents, `rules` enforces GitHub's rules.

pub mod format;
mod rules;

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use tempfile::NamedTempFile;

use self::format::Repository;
use super::{
    Done, IssuePatch, LabelPatch, Link, LinkOutcome, MilestonePatch, NewIssue, NewMilestone, Observer, Writer,
};
use crate::model::snapshot::{IssueNumber, Label, MilestoneNumber, Snapshot};
use crate::stop::Stop;

/// Read access to a repository in a file.
#[derive(Debug)]
pub struct FileReader {
    path: PathBuf,
}

/// A writable repository in memory. [`Writer::finish`] saves it, if it belongs to a file.
#[derive(Debug)]
pub struct FileWriter {
    name: Option<String>,
    repository: Repository,
    changed: bool,
    file: Option<(PathBuf, NamedTempFile)>,
}

impl FileReader {
    /// A repository in a file. If the file does not exist, the repository is empty.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    fn read(&self) -> Result<Repository> {
        let name = self.path.display();
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Repository::default()),
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read the offline repository `{name}`"));
            }
        };
        Repository::parse(&text).with_context(|| format!("`{name}` cannot be used as an offline repository"))
    }
}

impl Observer for FileReader {
    async fn observe(&self) -> Result<Snapshot> {
        let mut snapshot = self.read()?.snapshot();
        snapshot.target = Some(self.path.display().to_string());
        Ok(snapshot)
    }
}

impl FileWriter {
    /// Opens a repository file for writing. Checks that the file can be written before anything is changed.
    ///
    /// # Errors
    ///
    /// If the file exists but is not an offline repository, or if it cannot be written.
    pub fn open(path: &Path) -> Result<Self> {
        let repository = FileReader::new(path).read()?;
        let shown = path.display().to_string();
        // A symlink is kept; its target is replaced.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let name = path.display().to_string();
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            bail!("cannot write the offline repository `{name}`: its folder is not there; create it first");
        }
        let metadata = fs::metadata(&path).ok();
        if metadata.as_ref().is_some_and(|metadata| metadata.permissions().readonly()) {
            bail!("the offline repository `{name}` is read-only; make it writable, or name another file");
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(".plan-action-");
        let permissions = metadata.map(|metadata| metadata.permissions());
        let permissions = permissions.or_else(default_permissions);
        if let Some(permissions) = permissions {
            builder.permissions(permissions);
        }
        let file = builder
            .tempfile_in(folder)
            .with_context(|| format!("cannot write the offline repository `{name}`; nothing was changed"))?;
        Ok(Self { name: Some(shown), repository, changed: false, file: Some((path, file)) })
    }

    /// A repository in memory that starts from a snapshot, to simulate changes.
    pub fn in_memory(snapshot: &Snapshot) -> Self {
        let name = snapshot.target.clone();
        Self { name, repository: Repository::from_snapshot(snapshot), changed: false, file: None }
    }

    /// The current state.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot { target: self.name.clone(), ..self.repository.snapshot() }
    }
}

impl Observer for FileWriter {
    async fn observe(&self) -> Result<Snapshot> {
        Ok(self.snapshot())
    }
}

/// The permissions of a new file, before the process's umask applies.
fn default_permissions() -> Option<fs::Permissions> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        Some(fs::Permissions::from_mode(0o666))
    }
    #[cfg(not(unix))]
    None
}

impl Writer for FileWriter {
    /// Writing a file is too quick to need interruption.
    fn stop_on(&mut self, _: &Stop) {}

    fn writable(&self) -> Result<()> {
        Ok(())
    }

    async fn create_label(&mut self, label: &Label) -> Result<()> {
        self.changed = true;
        self.repository.create_label(label)
    }

    async fn update_label(&mut self, name: &str, patch: &LabelPatch) -> Result<()> {
        self.changed = true;
        self.repository.update_label(name, patch)
    }

    async fn create_milestone(&mut self, milestone: &NewMilestone) -> Result<MilestoneNumber> {
        self.changed = true;
        self.repository.create_milestone(milestone)
    }

    async fn update_milestone(&mut self, number: MilestoneNumber, patch: &MilestonePatch) -> Result<Done<()>> {
        self.changed = true;
        self.repository.update_milestone(number, patch).map(Done::whole)
    }

    async fn create_issue(&mut self, issue: &NewIssue) -> Result<Done<IssueNumber>> {
        self.changed = true;
        self.repository.create_issue(issue).map(Done::whole)
    }

    async fn update_issue(&mut self, number: IssueNumber, patch: &IssuePatch) -> Result<Done<()>> {
        self.changed = true;
        self.repository.update_issue(number, patch).map(Done::whole)
    }

    async fn link(&mut self, links: &[Link]) -> Vec<Result<LinkOutcome>> {
        self.changed = true;
        links.iter().map(|link| self.repository.link(*link).map(|()| LinkOutcome::Done)).collect()
    }

    async fn confirm(&mut self, number: IssueNumber, body: &str) -> Result<()> {
        let patch = IssuePatch { body: Some(body.to_owned()), ..IssuePatch::default() };
        self.update_issue(number, &patch).await.map(drop)
    }

    async fn comment_once(&mut self, number: IssueNumber, body: &str) -> Result<()> {
        self.changed = true;
        self.repository.comment(number, body)
    }

    async fn finish(&mut self) -> Result<()> {
        let Some((path, mut file)) = self.file.take() else { return Ok(()) };
        if !self.changed {
            return Ok(());
        }
        let name = path.display().to_string();
        let context = || format!("cannot write the offline repository `{name}`; it stays as it was");
        file.write_all(self.repository.to_json()?.as_bytes()).with_context(context)?;
        file.as_file().sync_all().with_context(context)?;
        file.persist(&path).with_context(context)?;
        Ok(())
    }
}
