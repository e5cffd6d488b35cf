//! The first steps in a repository: a workflow, a starter plan where there is none, and the declared form of a plan that is
//! there. Nothing that exists is overwritten.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::plans::{LoadedPlan, folder_of_plans};
use super::pull::replace;
use crate::plan::read::outline::Role;
use crate::plan::source::Source;
use crate::plan::{self, Plan, diagnostic};

const WORKFLOW: &str = include_str!("init/workflow.yml");
const STARTER: &str = include_str!("init/plan.md");
/// Where plans usually are.
const USUAL: [&str; 8] = [
    "docs/plan.md",
    "plan.md",
    "PLAN.md",
    ".github/plan.md",
    "docs/PLAN.md",
    "ROADMAP.md",
    "docs/roadmap.md",
    "tasks.md",
];

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Written,
    /// It was there already, and stays as it was.
    Kept,
    /// The form of the plan was declared in it.
    Declared(String),
    /// The plan stays as it was, for a reason.
    NotDeclared(&'static str),
}

/// Where a plan is, or will be: the one that is named, else the one that is found, else the usual place.
///
/// # Errors
///
/// When it cannot be found out where the repository is.
pub(crate) fn plan_path(named: Option<&Path>) -> Result<PathBuf> {
    if let Some(named) = named {
        return Ok(named.to_owned());
    }
    let found = USUAL.iter().map(Path::new).find(|path| path.is_file());
    Ok(found.unwrap_or(Path::new(USUAL[0])).to_owned())
}

/// Writes the workflow for a plan, unless there is one.
///
/// # Errors
///
/// When it cannot be written.
pub(crate) fn workflow(plan: &Path) -> Result<(PathBuf, Outcome)> {
    let root = folder_of_plans(Path::new("."))?;
    let here = Path::new(".").canonicalize().context("cannot find out where this folder lies")?;
    let inside = here.strip_prefix(&root).unwrap_or(Path::new("")).join(plan);
    let parts: Vec<String> = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    let path = root.join(".github/workflows/plan.yml");
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
    let text = WORKFLOW.replace("PLAN", &quoted(&parts.join("/"))).replace("BRANCH", &quoted(&default_branch(&root)));
    let shown = Path::new(".github/workflows/plan.yml").to_owned();
    Ok((shown, write_new(&path, &text)?))
}

/// Writes a starter plan, or declares the form of the plan that is there.
///
/// # Errors
///
/// When it cannot be written.
pub(crate) fn starter(path: &Path) -> Result<Outcome> {
    write_new(path, STARTER)
}

/// Declares the form of a plan in its front matter, as it was recognised. The text is read again first: it must say the same.
///
/// # Errors
///
/// When the file cannot be written.
pub(crate) fn declare(loaded: &LoadedPlan<'_>, file: &Path) -> Result<Outcome> {
    let Some(plan) = &loaded.reading.plan else { return Ok(Outcome::NotDeclared("nothing in it is a plan")) };
    if diagnostic::has_errors(loaded.diagnostics()) {
        return Ok(Outcome::NotDeclared("it has errors"));
    }
    if plan.settings.read.issues.is_some() || plan.settings.dialect.is_some() {
        return Ok(Outcome::NotDeclared("its form is declared already"));
    }
    if plan.source.text != loaded.source.text {
        return Ok(Outcome::NotDeclared("it was decoded wrongly once"));
    }
    for block in blocks(plan) {
        let text = with_block(&plan.source.text, &block);
        let source = Source::new(plan.source.name.clone(), text.clone());
        let reading = plan::read(&source, loaded.path.clone());
        if reading.plan.is_some_and(|declared| is_same(plan, &declared))
            && !diagnostic::stops_apply(&reading.diagnostics)
        {
            replace(file, &text)?;
            return Ok(Outcome::Declared(block));
        }
    }
    Ok(Outcome::NotDeclared("its form is too mixed to be declared; it is read as before"))
}

/// Whether two readings have the same milestones and issues.
fn is_same(a: &Plan, b: &Plan) -> bool {
    let issues = |plan: &Plan| -> Vec<_> {
        plan.issues.iter().map(|it| (it.key.clone(), it.title.clone(), it.milestone.clone(), it.closed)).collect()
    };
    let milestones =
        |plan: &Plan| -> Vec<_> { plan.milestones.iter().map(|it| (it.title.clone(), it.due_on)).collect() };
    issues(a) == issues(b) && milestones(a) == milestones(b)
}

/// The declarations that may fit, the most telling first.
fn blocks(plan: &Plan) -> Vec<String> {
    let lines: Vec<&str> = plan.source.text.lines().collect();
    let of = |role: Role| -> Vec<&str> {
        let all = plan.outline.iter().filter(|line| line.is == role);
        all.filter_map(|line| lines.get(line.line - 1).copied()).collect()
    };
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    for line in of(Role::Issue) {
        *counts.entry(shape(line)).or_default() += 1;
    }
    let Some((issues, _)) = counts.into_iter().max_by_key(|(_, count)| *count) else { return Vec::new() };
    let milestones = of(Role::Milestone);
    let mut blocks: Vec<String> = Vec::new();
    let first = milestones.first().copied().unwrap_or_default();
    let level = first.len() - first.trim_start_matches('#').len();
    if level > 0 && milestones.iter().all(|line| line.len() - line.trim_start_matches('#').len() == level) {
        let marks = "#".repeat(level);
        let words: Vec<&str> =
            milestones.iter().filter_map(|line| line.trim_start_matches(['#', ' ']).split([' ', ':']).next()).collect();
        let word = words
            .first()
            .copied()
            .filter(|word| words.iter().all(|it| it == word) && word.chars().all(char::is_alphabetic));
        blocks.extend(word.map(|word| format!("read:\n  milestones: \"{marks} {word} *\"\n  issues: {issues}\n")));
        blocks.push(format!("read:\n  milestones: \"{marks} *\"\n  issues: {issues}\n"));
    } else if milestones.is_empty() {
        blocks.push(format!("read:\n  milestones: none\n  issues: {issues}\n"));
    } else if shape(first) == "rows" {
        blocks.push(format!("read:\n  milestones: table\n  issues: {issues}\n"));
    } else {
        blocks.push(format!("read:\n  milestones: list\n  issues: {issues}\n"));
    }
    blocks.push(format!("read:\n  issues: {issues}\n"));
    blocks
}

/// What carries an issue, by its line.
fn shape(line: &str) -> &'static str {
    let text = line.trim_start();
    let item = text.strip_prefix(['-', '*', '+']).filter(|rest| rest.starts_with(' ')).map(str::trim_start);
    let number = text.trim_start_matches(|it: char| it.is_ascii_digit());
    let numbered = (number.len() < text.len()).then(|| number.strip_prefix(['.', ')'])).flatten().map(str::trim_start);
    match (item, numbered) {
        _ if text.starts_with('#') => "headings",
        _ if text.starts_with('|') => "rows",
        (Some(rest), _) | (None, Some(rest))
            if rest.starts_with("[ ]") || rest.starts_with("[x]") || rest.starts_with("[X]") =>
        {
            "checkboxes"
        }
        (Some(rest), _) if rest.starts_with("**") => "bold",
        (None, None) if text.starts_with("**") => "bold",
        (_, Some(_)) => "numbered",
        _ => "bullets",
    }
}

/// A text with a block in its front matter, which is begun where there is none.
fn with_block(text: &str, block: &str) -> String {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let block = block.replace('\n', end);
    let head = plan::front_matter_of(text);
    if head.is_empty() {
        return format!("---{end}{block}---{end}{end}{text}");
    }
    let closing = head.trim_end().rfind("---").unwrap_or(head.len());
    format!("{}{block}{}", &text[..closing], &text[closing..])
}

/// The branch that a clone calls the default one, else the one that is checked out.
fn default_branch(root: &Path) -> String {
    let read = |name: &str| fs::read_to_string(root.join(".git").join(name)).ok();
    let origin = read("refs/remotes/origin/HEAD")
        .and_then(|text| text.trim().strip_prefix("ref: refs/remotes/origin/").map(str::to_owned));
    let here = || read("HEAD").and_then(|text| text.trim().strip_prefix("ref: refs/heads/").map(str::to_owned));
    origin.or_else(here).unwrap_or_else(|| "main".to_owned())
}

/// Writes a file that is not there yet, and the folders around it.
fn write_new(path: &Path, text: &str) -> Result<Outcome> {
    let context = || format!("cannot write `{}`", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(context)?;
    }
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    match file {
        Ok(mut file) => {
            file.write_all(text.as_bytes()).with_context(context)?;
            Ok(Outcome::Written)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(Outcome::Kept),
        Err(error) => Err(error).with_context(context),
    }
}
