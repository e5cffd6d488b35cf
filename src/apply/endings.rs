//! The last steps of an apply: close new issues that are already done, write markers, and record which issues the run
//! finished.

use std::collections::BTreeSet;

use anyhow::Error;

use super::{Progress, Run};
use crate::diff::{IssueChange, IssueRef, Op};
use crate::model::marker::Batch;
use crate::model::snapshot::{IssueNumber, IssueState};
use crate::plan::PlanKey;
use crate::repository::{LastStep, Writer};

/// How many issues are closed or written at once.
const AT_ONCE: usize = 20;

/// The comment on an issue that is closed as a duplicate.
pub(super) fn duplicate_comment(kept: IssueNumber) -> String {
    format!(
        "This is a duplicate of {kept}: two runs created an issue for the same item of the plan at the same time. \
         Labels, assignees and ticked boxes of this issue have been carried over to {kept}."
    )
}

impl<W: Writer, P: Progress> Run<'_, '_, W, P> {
    /// Closes new issues that are already done, because GitHub creates every issue open.
    pub(super) async fn close_created(&mut self) {
        let mut steps = Vec::new();
        for change in &self.diff.changes {
            let Some(IssueChange { op: Op::Create, issue, edits, .. }) = change.as_issue() else { continue };
            let state = edits.state.as_ref().and_then(|state| state.to);
            if let (Some(IssueState::Closed(reason)), Some(number)) = (state, self.numbers.get(&issue.key)) {
                steps.push(((change, issue), LastStep::Close(*number, reason)));
            }
        }
        for batch in steps.chunks(AT_ONCE) {
            for ((change, issue), result) in self.take(batch).await {
                let Err(error) = result else { continue };
                self.unfinished.insert(issue.key.clone());
                self.report
                    .failed
                    .extend(error.map(|error| (*change, error.context("it was created, but not closed"))));
            }
        }
    }

    /// Writes the markers of existing issues, now that everything they list is known to exist. Also rewrites the
    /// markers of new issues with links that the server does not support.
    pub(super) async fn owed_texts(&mut self) {
        let mut steps = Vec::new();
        for issue in std::mem::take(&mut self.owed) {
            let number = issue.number.or_else(|| self.numbers.get(&issue.key).copied());
            let number = number.filter(|_| !self.unwritten.contains(&issue));
            if let (Some(number), Some(body)) = (number, self.compose(&issue)) {
                steps.push(((issue, number), LastStep::Write(number, body)));
            }
        }
        for batch in steps.chunks(AT_ONCE) {
            for ((issue, number), result) in self.take(batch).await {
                let Err(error) = result else { continue };
                if issue.number.is_none() {
                    self.unfinished.insert(issue.key.clone());
                }
                let Some(error) = error else { continue };
                match self.diff.changes.iter().find(|change| change.key() == issue.key.as_str()) {
                    Some(change) => self.report.failed.push((change, error.context("its text could not be written"))),
                    None => self.report.unrecorded.push((*number, error)),
                }
            }
        }
    }

    /// Takes the steps of a batch. After the run has stopped, no step is taken, and none of them has an error.
    async fn take<'s, T>(&mut self, batch: &'s [(T, LastStep)]) -> Vec<(&'s T, Result<(), Option<Error>>)> {
        if self.has_stopped() {
            return batch.iter().map(|(of, _)| (of, Err(None))).collect();
        }
        let steps: Vec<LastStep> = batch.iter().map(|(_, step)| step.clone()).collect();
        let results = self.writer.finish_issues(&steps).await;
        batch.iter().zip(results).map(|((of, _), result)| (of, result.map_err(Some))).collect()
    }

    /// Records in the last new issue which of the new issues are finished. Without this record, the next run finishes
    /// them.
    pub(super) async fn record_finished(&mut self) {
        if self.has_stopped() {
            return;
        }
        let is_finished = |key: &&PlanKey| self.diff.unfinished.contains(*key) && !self.unfinished.contains(*key);
        let finished: Vec<(PlanKey, IssueNumber)> = self
            .numbers
            .iter()
            .filter(|(key, _)| is_finished(key))
            .map(|(key, number)| (key.clone(), *number))
            .collect();
        let Some((key, number)) = finished.iter().max_by_key(|(_, number)| *number).cloned() else { return };
        let numbers: BTreeSet<IssueNumber> = finished.into_iter().map(|(_, number)| number).collect();
        let issue = IssueRef { key, number: None };
        if let Some(text) = self.texts.get_mut(&issue) {
            text.marker.base.batch = Some(Batch::record(&self.context.id, &numbers));
        }
        let Some(body) = self.compose(&issue) else { return };
        if let Err(error) = self.writer.confirm(number, &body).await {
            let change = self.diff.changes.iter().find(|change| change.key() == issue.key.as_str());
            self.report.failed.extend(change.map(|change| (change, error.context("its links could not be recorded"))));
        }
    }
}
