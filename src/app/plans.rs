//! Loads plans from files, globs, standard input or a commit on GitHub. Names come in; parsed plans go out, with a way
//! to look up which other plans still exist.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Error, Result, anyhow, bail, ensure};
use glob::Pattern;

use crate::matching;
use crate::model::plan_location::PlanLocation;
use crate::model::snapshot::Snapshot;
use crate::plan::settings::Overrides;
use crate::plan::source::Source;
use crate::plan::{self, Diagnostic, Plan, PlanId, Reading, diagnostic};
use crate::repository::github::GitHubReader;
use crate::repository::github::contents::Content;
use crate::repository::github::http::clock::SystemClock;

/// A loaded plan and its location.
pub struct LoadedPlan<'g> {
    /// The parsed plan and its diagnostics.
    pub reading: Reading,
    /// The text of the file, before any repair.
    pub source: Arc<Source>,
    /// The path in the repository. It identifies the plan until its front matter is read.
    pub path: PlanId,
    home: Home<'g>,
}

/// Where the other files of the plan's repository are.
enum Home<'g> {
    /// In this folder; paths are relative to it.
    Folder(PathBuf),
    /// On GitHub, at this commit.
    Commit(&'g GitHubReader<SystemClock>, String),
}

impl LoadedPlan<'_> {
    /// The other plans that markers in a repository name and whose files no longer exist. Only ids that are paths are
    /// checked; a plan with a chosen name may be in any other folder.
    ///
    /// # Errors
    ///
    /// If GitHub does not return a folder or file.
    pub async fn deleted_plans(&self, plan: &Plan, snapshot: &Snapshot) -> Result<BTreeSet<PlanId>> {
        let mut deleted_plans = BTreeSet::new();
        for other in matching::other_plans(snapshot, &plan.id).into_iter().filter(PlanId::is_path) {
            let is_there = match &self.home {
                Home::Folder(root) => root.join(other.as_str()).exists(),
                Home::Commit(github, commit) => github.content(other.as_str(), commit).await? != Content::Missing,
            };
            if !is_there {
                deleted_plans.insert(other);
            }
        }
        Ok(deleted_plans)
    }

    /// Sets the commit that the plan was read from, so that issues can link to it.
    pub(crate) fn set_commit(&mut self, server: &str, repository: &str, commit: &str) {
        if let Some(plan) = &mut self.reading.plan {
            plan.location = plan.location.take().map(|it| it.at_commit(server, repository, commit));
        }
    }

    /// Errors, warnings and notes.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.reading.diagnostics
    }
}

/// Loaded plans, before their problems were reported.
pub(crate) struct Loaded<'g> {
    plans: Vec<LoadedPlan<'g>>,
    unread: Vec<Error>,
    /// The error of the last unreadable plan.
    last_unread: Option<Error>,
}

impl<'g> Loaded<'g> {
    fn new(results: impl IntoIterator<Item = Result<LoadedPlan<'g>>>) -> Self {
        let (mut plans, mut unread) = (Vec::new(), Vec::new());
        for result in results {
            match result {
                Ok(plan) => plans.push(plan),
                Err(error) => unread.push(error),
            }
        }
        let last_unread = unread.pop();
        Self { plans, unread, last_unread }
    }

    /// The diagnostics of each readable plan.
    pub(crate) fn findings(&self) -> impl Iterator<Item = &[Diagnostic]> {
        self.plans.iter().map(LoadedPlan::diagnostics)
    }

    /// The errors of unreadable plans except the last, which [`Loaded::accept`] returns.
    pub(crate) fn unread(&self) -> &[Error] {
        &self.unread
    }

    /// The plans, including those with errors.
    ///
    /// # Errors
    ///
    /// If a file could not be read at all, or two plans have the same identity.
    pub(crate) fn accept(self) -> Result<Vec<LoadedPlan<'g>>> {
        if let Some(error) = self.last_unread {
            return Err(error);
        }
        let mut names: BTreeMap<&PlanId, &str> = BTreeMap::new();
        for plan in self.plans.iter().filter_map(|loaded| loaded.reading.plan.as_ref()) {
            if let Some(first) = names.insert(&plan.id, &plan.source.name) {
                bail!(
                    "`{first}` and `{}` are both the plan `{}`; give each its own `plan:` in the front matter",
                    plan.source.name,
                    plan.id
                );
            }
        }
        Ok(self.plans)
    }
}

/// Loads every named plan, so that all problems are reported at once.
///
/// # Errors
///
/// If a glob matches nothing.
pub(crate) fn load(names: &[String], overrides: &Overrides) -> Result<Loaded<'static>> {
    Ok(Loaded::new(expand(names)?.iter().map(|path| read_one(path, overrides))))
}

/// Loads plans like [`load`], but rejects paths outside of a folder, whether through `..` or through a symlink. The
/// author of a pull request controls where a path in it leads.
///
/// # Errors
///
/// As for [`load`], and if a path leads out of the folder.
pub(crate) fn load_within(folder: &Path, names: &[String], overrides: &Overrides) -> Result<Loaded<'static>> {
    let folder = folder.canonicalize().with_context(|| format!("there is no folder `{}`", folder.display()))?;
    let paths = expand(names)?;
    for name in paths.iter().map(|path| &path.name).filter(|name| Path::new(name).exists()) {
        let whole = Path::new(name).canonicalize().with_context(|| format!("cannot resolve the path `{name}`"))?;
        ensure!(whole.starts_with(&folder), "`{name}` leads out of the workspace; plans are only read from inside it");
    }
    ensure!(!paths.iter().any(|path| path.name == "-"), "a workflow has no standard input; name the plan by its path");
    Ok(Loaded::new(paths.iter().map(|path| read_one(path, overrides))))
}

/// Loads plans at a commit on GitHub, without a checkout. Only the last part of a path may contain glob characters.
///
/// # Errors
///
/// As for [`load`], and if GitHub does not return a file.
pub(crate) async fn load_at<'g>(
    github: &'g GitHubReader<SystemClock>,
    commit: &str,
    names: &[String],
    overrides: &Overrides,
) -> Result<Loaded<'g>> {
    let mut plans = Vec::new();
    for FoundPath { name, is_named } in expand_at(github, commit, names).await? {
        let plan = match load_path_at(github, commit, &name, is_named, overrides).await {
            Ok(Some(plan)) => Ok(plan),
            Ok(None) => Err(anyhow!("`{name}` does not exist at {commit}; name an existing plan")),
            Err(error) => Err(error),
        };
        plans.push(plan);
    }
    Ok(Loaded::new(plans))
}

/// Loads one plan at a commit on GitHub; `None` if the file does not exist.
///
/// # Errors
///
/// If GitHub does not return the file, or it cannot be read.
pub(crate) async fn load_one_at<'g>(
    github: &'g GitHubReader<SystemClock>,
    commit: &str,
    name: &str,
    overrides: &Overrides,
) -> Result<Option<LoadedPlan<'g>>> {
    load_path_at(github, commit, name, true, overrides).await
}

async fn load_path_at<'g>(
    github: &'g GitHubReader<SystemClock>,
    commit: &str,
    name: &str,
    is_named: bool,
    overrides: &Overrides,
) -> Result<Option<LoadedPlan<'g>>> {
    let bytes = match github.content(name, commit).await? {
        Content::File(bytes) => bytes,
        Content::Missing => return Ok(None),
        Content::Folder(_) => bail!("`{name}` is a directory; name a file in it, or a glob such as `{name}/*.md`"),
    };
    let source = Source::from_bytes(name.to_owned(), &bytes[..])?;
    let home = Home::Commit(github, commit.to_owned());
    Ok(Some(locate(&source, PlanId::new(name), home, is_named, overrides)))
}

fn locate<'g>(
    source: &Arc<Source>,
    path: PlanId,
    home: Home<'g>,
    is_named: bool,
    overrides: &Overrides,
) -> LoadedPlan<'g> {
    let read = if is_named { plan::read } else { plan::read_found };
    let mut reading = read(source, path.clone());
    if let Some(plan) = &mut reading.plan {
        plan.location = PlanLocation::new(&path);
        plan.settings.take(overrides);
    }
    LoadedPlan { reading, source: Arc::clone(source), path, home }
}

/// Checks that each plan has an identity. Standard input does not provide one.
///
/// # Errors
///
/// If a plan from standard input has no `plan:` in its front matter.
pub(crate) fn ensure_identity(loaded: &[LoadedPlan<'_>]) -> Result<()> {
    let is_nameless = |plan: &Plan| plan.id.as_str() == "-";
    ensure!(
        !loaded.iter().filter_map(|loaded| loaded.reading.plan.as_ref()).any(is_nameless),
        "a plan from standard input has no path that identifies it; give it a name with `plan:` in its front \
         matter"
    );
    Ok(())
}

/// Whether any of the plans has errors.
pub fn has_errors(loaded: &[LoadedPlan<'_>]) -> bool {
    loaded.iter().any(|plan| diagnostic::has_errors(plan.diagnostics()))
}

/// Whether any of the plans has errors or an uncertain reading, so that nothing may be written.
pub fn stop_apply(loaded: &[LoadedPlan<'_>]) -> bool {
    loaded.iter().any(|plan| diagnostic::stops_apply(plan.diagnostics()))
}

fn read_one(path: &FoundPath, overrides: &Overrides) -> Result<LoadedPlan<'static>> {
    let name = path.name.as_str();
    let (source, id, root) = if name == "-" {
        (Source::read_stdin(std::io::stdin())?, PlanId::new("-"), PathBuf::from("."))
    } else {
        let path = Path::new(name);
        let source = read_file(path)?;
        let (id, root) = identity(path)?;
        (source, id, root)
    };
    Ok(locate(&source, id, Home::Folder(root), path.is_named, overrides))
}

fn read_file(path: &Path) -> Result<Arc<Source>> {
    Source::read(path).map_err(|error| {
        let kind = error.root_cause().downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        let hint = match kind {
            Some(ErrorKind::NotFound) => "name an existing file, or a glob such as `docs/*.md` in quotes",
            Some(ErrorKind::PermissionDenied) => "make it readable",
            _ => return error,
        };
        anyhow::anyhow!("{error:#}; {hint}")
    })
}

/// The folder that plan paths are relative to, for plans in or below `folder`: the enclosing git repository, or else
/// `folder` itself.
pub(crate) fn folder_of_plans(folder: &Path) -> Result<PathBuf> {
    let whole = folder.canonicalize().with_context(|| format!("cannot resolve the path `{}`", folder.display()))?;
    Ok(root_of(&whole).unwrap_or(&whole).to_owned())
}

/// The git repository that contains a folder.
fn root_of(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|ancestor| ancestor.join(".git").exists())
}

/// The identity of a plan file: its path relative to the enclosing git repository, so that it is the same from every
/// folder. Outside of a git repository, the path is relative to the current folder, or else just the file name.
fn identity(path: &Path) -> Result<(PlanId, PathBuf)> {
    let context = || format!("cannot resolve the path `{}`", path.display());
    let whole = std::path::absolute(path).with_context(context)?;
    let folder = whole.parent().with_context(context)?.canonicalize().with_context(context)?;
    let file = whole.file_name().with_context(context)?;
    let current = std::env::current_dir().and_then(|current| current.canonicalize()).with_context(context)?;
    let root = root_of(&folder)
        .or_else(|| folder.starts_with(&current).then_some(current.as_path()))
        .unwrap_or(&folder)
        .to_owned();
    let inside = folder.strip_prefix(&root).unwrap_or(Path::new("")).join(file);
    let parts: Vec<String> = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    Ok((PlanId::new(parts.join("/")), root))
}

/// A path that was either named explicitly or found by a glob.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct FoundPath {
    name: String,
    is_named: bool,
}

impl FoundPath {
    fn named(name: &str) -> Self {
        Self { name: name.to_owned(), is_named: true }
    }

    fn found(name: String) -> Self {
        Self { name, is_named: false }
    }
}

/// Whether a name contains glob characters.
fn is_glob(name: &str) -> bool {
    name.contains(['*', '?', '['])
}

/// Expands globs at a commit, like [`expand`].
async fn expand_at(github: &GitHubReader<SystemClock>, commit: &str, names: &[String]) -> Result<Vec<FoundPath>> {
    let mut all: Vec<FoundPath> = Vec::new();
    for name in names {
        let name = name.trim_start_matches("./");
        let is_inside = !name.starts_with('/') && name.split('/').all(|part| !matches!(part, "" | "." | ".."));
        ensure!(is_inside, "`{name}` is not a path inside the repository");
        if !is_glob(name) {
            all.push(FoundPath::named(name));
            continue;
        }
        let (folder, last) = name.rsplit_once('/').unwrap_or(("", name));
        ensure!(
            !is_glob(folder),
            "`{name}`: without a checkout, only the last part of a path can contain `*`, `?` or `[`"
        );
        let pattern = Pattern::new(last).with_context(|| format!("`{name}` is not a valid glob"))?;
        let Content::Folder(files) = github.content(folder, commit).await? else {
            bail!("there is no folder `{folder}` at {commit}");
        };
        let before = all.len();
        let files = files.into_iter().filter(|file| pattern.matches(file.rsplit('/').next().unwrap_or(file)));
        all.extend(files.map(FoundPath::found));
        ensure!(all.len() > before, "no file matches `{name}` at {commit}");
    }
    Ok(deduplicated(all))
}

/// Removes duplicates. A path that was both named and found counts as named.
fn deduplicated(mut paths: Vec<FoundPath>) -> Vec<FoundPath> {
    let mut seen = BTreeSet::new();
    let named: BTreeSet<String> = paths.iter().filter(|path| path.is_named).map(|path| path.name.clone()).collect();
    paths.retain(|path| seen.insert(path.name.clone()));
    paths.iter_mut().for_each(|path| path.is_named |= named.contains(&path.name));
    paths
}

/// Expands globs and removes duplicates.
fn expand(names: &[String]) -> Result<Vec<FoundPath>> {
    let mut all = Vec::new();
    for name in names {
        if !is_glob(name) || Path::new(name).exists() {
            all.push(FoundPath::named(name));
            continue;
        }
        let paths = glob::glob(name).with_context(|| format!("`{name}` is not a valid glob"))?;
        let before = all.len();
        for path in paths {
            let path = path.with_context(|| format!("cannot search for `{name}`"))?;
            // A path that is neither a file nor a folder is kept here; reading it gives an error that names it.
            if path.metadata().is_ok_and(|metadata| !metadata.is_dir()) {
                all.push(FoundPath::found(path.display().to_string()));
            }
        }
        if all.len() == before {
            bail!("no file matches `{name}`; name the plan by its path, or correct the glob");
        }
    }
    Ok(deduplicated(all))
}
