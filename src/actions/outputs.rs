//! What goes to the runner: annotations, log groups, outputs and the job's summary.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::model::{limits, secret};
use crate::plan::{Diagnostic, Severity};
use crate::render::workflow_command::{Location, WorkflowCommand};

/// The most annotations of each kind for findings in plans; the rest of [`limits::ANNOTATIONS`] is reserved for later errors.
const FINDINGS: usize = limits::ANNOTATIONS - 2;

/// The files of the runner, as far as its environment names them.
#[derive(Debug)]
pub(crate) struct Runner {
    output: Option<PathBuf>,
    summary: Option<PathBuf>,
    temp: PathBuf,
    annotated: [usize; 3],
}

impl Runner {
    /// Reads the environment with `variable`. A file that it does not name is not written.
    pub(crate) fn new(variable: impl Fn(&str) -> Option<String>) -> Self {
        let path = |name: &str| variable(name).filter(|path| !path.is_empty()).map(PathBuf::from);
        Self {
            output: path("GITHUB_OUTPUT"),
            summary: path("GITHUB_STEP_SUMMARY"),
            temp: path("RUNNER_TEMP").unwrap_or_else(std::env::temp_dir),
            annotated: [0; 3],
        }
    }

    /// The commands that annotate findings at their places. Findings past the limit are counted.
    pub(crate) fn findings(&mut self, diagnostics: &[Diagnostic]) -> Vec<WorkflowCommand> {
        let mut commands = Vec::new();
        for severity in [Severity::Error, Severity::Warning, Severity::Note] {
            let of: Vec<&Diagnostic> = diagnostics.iter().filter(|it| it.severity == severity).collect();
            let room = FINDINGS.saturating_sub(self.annotated[place(severity)]);
            let shown = if of.len() > room { room.saturating_sub(1) } else { of.len() };
            for diagnostic in of.iter().take(shown) {
                commands.extend(self.annotation(severity, Some(diagnostic), &said(diagnostic)));
            }
            if of.len() > shown {
                let more = format!("{} more of this kind; the log shows all of them", of.len() - shown);
                commands.extend(self.annotation(severity, None, &more));
            }
        }
        commands
    }

    /// The command that annotates the whole run; none past the limit.
    pub(crate) fn annotate(&mut self, severity: Severity, message: &str) -> Option<WorkflowCommand> {
        self.annotation(severity, None, message)
    }

    fn annotation(&mut self, severity: Severity, at: Option<&Diagnostic>, message: &str) -> Option<WorkflowCommand> {
        let count = &mut self.annotated[place(severity)];
        *count += 1;
        if *count > limits::ANNOTATIONS {
            return None;
        }
        let place = at.map(|diagnostic| {
            let (line, column) = diagnostic.position();
            let file = diagnostic.source.name.trim_start_matches("./").to_owned();
            Location { file, line, column, title: diagnostic.code.to_owned() }
        });
        Some(WorkflowCommand::Annotation { severity, place, message: message.to_owned() })
    }

    /// Sets an output of the step.
    ///
    /// # Errors
    ///
    /// When the runner's file cannot be written.
    pub(crate) fn output(&self, name: &str, value: &str) -> Result<()> {
        let Some(path) = &self.output else { return Ok(()) };
        // No text holds its own digest, so none can end its own value.
        let digest: String = Sha256::digest(value).iter().map(|byte| format!("{byte:02x}")).collect();
        append(path, &format!("{name}<<end-{digest}\n{value}\nend-{digest}\n"))
    }

    /// How many more bytes the job's summary can hold.
    pub(crate) fn room(&self) -> usize {
        let used = self.summary.as_ref().and_then(|path| path.metadata().ok()).map_or(0, |it| it.len());
        limits::SUMMARY.saturating_sub(usize::try_from(used).unwrap_or(usize::MAX))
    }

    /// Adds to the job's summary.
    ///
    /// # Errors
    ///
    /// When the runner's file cannot be written.
    pub(crate) fn summarise(&self, markdown: &str) -> Result<()> {
        self.summary.as_ref().map_or(Ok(()), |path| append(path, markdown))
    }

    /// Writes a file for later steps, and returns its path.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub(crate) fn keep(&self, name: &str, text: &str) -> Result<String> {
        let file = tempfile::Builder::new().prefix("plan-action-").suffix(name).tempfile_in(&self.temp);
        let context = || format!("cannot write to `{}`", self.temp.display());
        let mut file = file.with_context(context)?;
        file.write_all(secret::hide(text).as_bytes()).with_context(context)?;
        let (_, path) = file.keep().with_context(context)?;
        Ok(path.display().to_string())
    }
}

fn place(severity: Severity) -> usize {
    match severity {
        Severity::Error => 0,
        Severity::Warning => 1,
        Severity::Note => 2,
    }
}

fn said(diagnostic: &Diagnostic) -> String {
    let help = diagnostic.help.as_deref().map(|help| format!("\n{help}")).unwrap_or_default();
    format!("{}{help}", diagnostic.message)
}

fn append(path: &PathBuf, text: &str) -> Result<()> {
    let context = || format!("cannot write to the runner's `{}`", path.display());
    let mut file = OpenOptions::new().create(true).append(true).open(path).with_context(context)?;
    file.write_all(secret::hide(text).as_bytes()).with_context(context)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::diagnostic::Diagnostics;
    use crate::plan::source::Source;

    fn found(count: usize) -> Vec<Diagnostic> {
        let source = Source::new("./a,b:c.md", "# x\n::error::y\n");
        let mut diagnostics = Diagnostics::new(source);
        for _ in 0..count {
            diagnostics.warning("graph-disagrees", 4..6, "100%\n::error::z", "do it");
        }
        diagnostics.into_sorted()
    }

    #[test]
    fn a_finding_is_one_command_in_its_place() {
        let mut runner = Runner::new(|_| None);
        let commands: Vec<String> = runner.findings(&found(1)).iter().map(WorkflowCommand::to_string).collect();
        assert_eq!(
            commands,
            ["::warning file=a%2Cb%3Ac.md,line=2,col=1,title=graph-disagrees::100%25%0A::error::z%0Ado it\n"]
        );
    }

    #[test]
    fn what_goes_past_the_limit_is_counted_and_leaves_room() {
        let mut runner = Runner::new(|_| None);
        let commands = runner.findings(&found(30));
        assert_eq!(commands.len(), FINDINGS);
        assert_eq!(
            commands.last().unwrap().to_string(),
            "::warning::23 more of this kind; the log shows all of them\n"
        );
        assert!(runner.annotate(Severity::Warning, "later").is_some());
        assert!(runner.annotate(Severity::Warning, "later").is_some());
        assert_eq!(runner.annotate(Severity::Warning, "too late"), None);
        assert!(runner.annotate(Severity::Error, "an error").is_some());
    }

    #[test]
    fn an_output_cannot_set_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("output");
        let runner = Runner::new(|name| (name == "GITHUB_OUTPUT").then(|| path.display().to_string()));
        runner.output("a", "x\nEOF\nb=c\nend-00").unwrap();
        let written = std::fs::read_to_string(&path).unwrap();
        let (head, rest) = written.split_once('\n').unwrap();
        let delimiter = head.strip_prefix("a<<").unwrap();
        assert_eq!(rest, format!("x\nEOF\nb=c\nend-00\n{delimiter}\n"));
        assert_eq!(rest.matches(delimiter).count(), 1);
        // Nor can one that knows the delimiter of another.
        runner.output("b", &format!("x\n{delimiter}\nc=d")).unwrap();
        let written = std::fs::read_to_string(&path).unwrap();
        let (_, last) = written.split_once("b<<").unwrap();
        assert!(!last.starts_with(delimiter), "{written}");
    }
}
