//! Applies plans: plans and a repository come in, one [`Step`] for each plan goes out. The terminal and the workflow
//! walk through the same steps, so neither can skip a check.
//!
//! Every check runs twice: for all plans before anything is written, and for each plan again before it is applied,
//! because earlier plans and people may have changed the repository in the meantime.

use anyhow::Result;

use super::observe::observe_for;
use super::plans::LoadedPlan;
use super::preview::{Compared, compare, compare_one};
use crate::apply::{Progress, Report, RunContext, apply};
use crate::diff::Diff;
use crate::report::refusal::{Refusal, Unreviewed};
use crate::repository::{Observer, Writer};

/// The rules for an apply.
pub(crate) struct Rules<'a> {
    /// Accounts whose markers are believed, in addition to people with write access.
    pub(crate) trust: &'a [String],
    /// Whether an apply may close any number of issues.
    pub(crate) allow_mass_close: bool,
    /// Creates the run context, including its shutdown signal, right before the first write.
    pub(crate) begin: fn() -> Result<RunContext>,
}

/// Looks up what reviewers were shown.
pub(crate) trait Reviews {
    /// The changes that nobody reviewed; `None` if there are none or they do not matter.
    async fn unreviewed(&mut self, diff: &Diff) -> Option<Unreviewed>;

    /// Whether unreviewed changes prevent the apply.
    fn are_required(&self) -> bool;
}

/// For an apply at a terminal, where the person who applies sees the changes.
pub(crate) struct NoReviews;

impl Reviews for NoReviews {
    async fn unreviewed(&mut self, _: &Diff) -> Option<Unreviewed> {
        None
    }

    fn are_required(&self) -> bool {
        false
    }
}

/// All plans, compared and checked. Nothing has been written yet.
pub(crate) struct Preflight<'a, R, V> {
    pub(crate) compared: Vec<Compared<'a>>,
    unreviewed: Vec<Option<Unreviewed>>,
    refusal: Option<Refusal>,
    apply: Apply<'a, R, V>,
}

/// An apply in progress.
pub(crate) struct Apply<'a, R, V> {
    plans: std::slice::Iter<'a, LoadedPlan<'a>>,
    repository: &'a mut R,
    rules: Rules<'a>,
    reviews: V,
    /// The first plan; its comparison from the preflight is still valid.
    first: Option<Ready<'a>>,
    context: Option<RunContext>,
}

/// The next step of an apply.
pub(crate) enum Step<'a> {
    /// The run was asked to stop before this plan.
    Stopped(&'a LoadedPlan<'a>),
    /// This plan must not be applied.
    Refused(&'a LoadedPlan<'a>, Refusal),
    /// This plan may be applied with [`Apply::write`].
    Ready(Box<Ready<'a>>),
}

/// A plan that passed every check.
pub(crate) struct Ready<'a> {
    pub(crate) compared: Compared<'a>,
    /// Unreviewed changes that do not prevent the apply.
    pub(crate) unreviewed: Option<Unreviewed>,
}

/// Compares all plans with a repository and checks them, before anything is written.
///
/// # Errors
///
/// If the repository cannot be read.
pub(crate) async fn preflight<'a, R: Observer + Writer, V: Reviews>(
    plans: &'a [LoadedPlan<'a>],
    repository: &'a mut R,
    rules: Rules<'a>,
    reviews: V,
) -> Result<Preflight<'a, R, V>> {
    let snapshot = observe_for(plans, repository, rules.trust).await?;
    let compared = compare(plans, &snapshot).await?;
    let mut apply = Apply { plans: plans.iter(), repository, rules, reviews, first: None, context: None };
    let (mut unreviewed, mut refusal) = (Vec::new(), None);
    for compared in &compared {
        match apply.check(&compared.diff).await {
            Ok(changes) => unreviewed.push(changes),
            Err(found) => {
                refusal = Some(found);
                break;
            }
        }
    }
    Ok(Preflight { compared, unreviewed, refusal, apply })
}

impl<'a, R, V> Preflight<'a, R, V> {
    /// Starts the apply.
    ///
    /// # Errors
    ///
    /// The reason why none of the plans may be applied.
    pub(crate) fn begin(self) -> Result<Apply<'a, R, V>, Refusal> {
        let Self { compared, unreviewed, refusal, mut apply } = self;
        if let Some(refusal) = refusal {
            return Err(refusal);
        }
        let mut ready = compared.into_iter().zip(unreviewed);
        apply.first = ready.next().map(|(compared, unreviewed)| Ready { compared, unreviewed });
        Ok(apply)
    }
}

impl<'a, R: Observer + Writer, V: Reviews> Apply<'a, R, V> {
    /// Compares and checks the next plan; returns `None` after the last.
    ///
    /// # Errors
    ///
    /// If the repository cannot be read.
    pub(crate) async fn next(&mut self) -> Result<Option<Step<'a>>> {
        let mut readable = self.plans.by_ref().filter_map(|loaded| Some((loaded, loaded.reading.plan.as_ref()?)));
        let Some((loaded, plan)) = readable.next() else { return Ok(None) };
        if self.context.as_ref().is_some_and(|context| context.stop.is_requested()) {
            return Ok(Some(Step::Stopped(loaded)));
        }
        if let Some(first) = self.first.take() {
            return Ok(Some(Step::Ready(Box::new(first))));
        }
        let snapshot = observe_for(std::slice::from_ref(loaded), self.repository, self.rules.trust).await?;
        let compared = compare_one(loaded, plan, &snapshot).await?;
        Ok(Some(match self.check(&compared.diff).await {
            Ok(unreviewed) => Step::Ready(Box::new(Ready { compared, unreviewed })),
            Err(refusal) => Step::Refused(loaded, refusal),
        }))
    }

    /// Checks that the repository is writable, if the plan changes anything.
    ///
    /// # Errors
    ///
    /// If the repository is not writable.
    pub(crate) fn ensure_writable(&self, ready: &Ready<'_>) -> Result<()> {
        if ready.compared.diff.writes_nothing() { Ok(()) } else { self.repository.writable() }
    }

    /// Makes the changes of a plan. Failures of single changes are in the report.
    ///
    /// # Errors
    ///
    /// If the repository is not writable, or the run context cannot be created.
    pub(crate) async fn write<'d>(&mut self, ready: &'d Ready<'_>, progress: &mut impl Progress) -> Result<Report<'d>> {
        self.ensure_writable(ready)?;
        let context = match &mut self.context {
            Some(context) => &*context,
            None => self.context.insert((self.rules.begin)()?),
        };
        self.repository.stop_on(&context.stop);
        Ok(apply(&ready.compared.diff, self.repository, progress, context).await)
    }

    /// Completes all pending writes.
    ///
    /// # Errors
    ///
    /// If something could not be saved.
    pub(crate) async fn finish(self) -> Result<()> {
        self.repository.finish().await
    }

    /// Checks a diff. Returns the unreviewed changes, or the reason why the diff may not be applied.
    async fn check(&mut self, diff: &Diff) -> Result<Option<Unreviewed>, Refusal> {
        if let Some(refusal) = Refusal::of(diff, self.rules.allow_mass_close) {
            return Err(refusal);
        }
        match self.reviews.unreviewed(diff).await {
            Some(unreviewed) if self.reviews.are_required() => Err(Refusal::Unreviewed(unreviewed)),
            unreviewed => Ok(unreviewed),
        }
    }
}
