//! From what the command line names to plans.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Error, Result, bail};

use super::output;
use crate::cli::PlanArgs;
use crate::identity::matching;
use crate::plan::source::Source;
use crate::plan::{self, Diagnostic, Plan, PlanId, Reading, diagnostic};
use crate::snapshot::Snapshot;

/// A plan that was read, and where its repository lies.
#[derive(Debug)]
pub struct Located {
    /// What was read.
    pub reading: Reading,
    /// The folder that paths of plans are relative to.
    root: PathBuf,
}

impl Located {
    /// The other plans that markers in a repository name and that lie here no more. A name that is no path may be a
    /// plan of any other folder, so only paths can vanish.
    pub fn vanished(&self, plan: &Plan, snapshot: &Snapshot) -> BTreeSet<PlanId> {
        let others = matching::other_plans(snapshot, &plan.id).into_iter();
        others.filter(|other| other.is_path() && !self.root.join(other.as_str()).exists()).collect()
    }

    /// The findings.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.reading.diagnostics
    }
}

/// Reads every plan and prints what is wrong with them, all at once. The plans come back even where there are errors.
///
/// # Errors
///
/// When a plan cannot be read at all, or two of them have the same identity.
pub fn read(args: &PlanArgs) -> Result<Vec<Located>> {
    let mut located = Vec::new();
    let mut unread: Vec<Error> = Vec::new();
    for name in expand(&args.plans)? {
        match read_one(&name) {
            Ok(plan) => located.push(plan),
            Err(error) => unread.push(error),
        }
    }
    for plan in &located {
        output::diagnostics(plan.diagnostics());
    }
    let last = unread.pop();
    for error in unread {
        output::error(&format!("{error:#}"));
    }
    if let Some(last) = last {
        return Err(last);
    }
    let mut names: BTreeMap<&PlanId, &str> = BTreeMap::new();
    for plan in located.iter().filter_map(|located| located.reading.plan.as_ref()) {
        if let Some(first) = names.insert(&plan.id, &plan.source.name) {
            bail!(
                "`{first}` and `{}` are both the plan `{}`; give each its own `plan:` in the front matter",
                plan.source.name,
                plan.id
            );
        }
    }
    Ok(located)
}

/// Whether any of the plans has errors.
pub fn has_errors(located: &[Located]) -> bool {
    located.iter().any(|plan| diagnostic::has_errors(plan.diagnostics()))
}

fn read_one(name: &str) -> Result<Located> {
    let (source, id, root) = if name == "-" {
        (Source::read_stdin(std::io::stdin())?, PlanId::new("-"), PathBuf::from("."))
    } else {
        let path = Path::new(name);
        let source = read_file(path)?;
        let (id, root) = identity(path)?;
        (source, id, root)
    };
    Ok(Located { reading: plan::read(&source, id), root })
}

fn read_file(path: &Path) -> Result<Arc<Source>> {
    Source::read(path).map_err(|error| {
        let kind = error.root_cause().downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        let hint = match kind {
            Some(ErrorKind::NotFound) => "name a file that is there, or a glob such as `docs/*.md` in quotes",
            Some(ErrorKind::PermissionDenied) => "make it readable",
            _ => return error,
        };
        anyhow::anyhow!("{error:#}; {hint}")
    })
}

/// The identity of a plan by its path: relative to the git repository that it lies in, so that it is the same from
/// every folder; without one relative to the current folder, or else its bare name.
fn identity(path: &Path) -> Result<(PlanId, PathBuf)> {
    let context = || format!("cannot find out where `{}` lies", path.display());
    let whole = std::path::absolute(path).with_context(context)?;
    let folder = whole.parent().with_context(context)?.canonicalize().with_context(context)?;
    let file = whole.file_name().with_context(context)?;
    let current = std::env::current_dir().and_then(|current| current.canonicalize()).with_context(context)?;
    let root = folder
        .ancestors()
        .find(|ancestor| ancestor.join(".git").exists())
        .or_else(|| folder.starts_with(&current).then_some(current.as_path()))
        .unwrap_or(&folder)
        .to_owned();
    let inside = folder.strip_prefix(&root).unwrap_or(Path::new("")).join(file);
    let parts: Vec<String> = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    Ok((PlanId::new(parts.join("/")), root))
}

/// Replaces globs by what they match, and takes what is named twice once.
fn expand(names: &[String]) -> Result<Vec<String>> {
    let mut all = Vec::new();
    for name in names {
        let is_glob = name.contains(['*', '?', '[']) && !Path::new(name).exists();
        if !is_glob {
            all.push(name.clone());
            continue;
        }
        let paths = glob::glob(name).with_context(|| format!("`{name}` is not a glob that can be read"))?;
        let before = all.len();
        for path in paths {
            let path = path.with_context(|| format!("cannot look for `{name}`"))?;
            if path.is_file() {
                all.push(path.display().to_string());
            }
        }
        if all.len() == before {
            bail!("no file matches `{name}`; name the plan by its path, or correct the glob");
        }
    }
    let mut seen = BTreeSet::new();
    all.retain(|name| seen.insert(name.clone()));
    Ok(all)
}
