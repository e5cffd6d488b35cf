//! Writes changes, one request for each thing. A request that could create something twice is not repeated blindly.

use std::rc::Rc;
use std::time::Duration;

use anyhow::{Result, anyhow, ensure};
use http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::comments::{GitHubComments, Posted};
use super::connection::{Connection, segment};
use super::http::client::{Answer, Repeat};
use super::http::clock::Clock;
use super::http::failure::{Failure, no_answer};
use super::http::graphql;
use super::http::pacer::Cost;
use super::http::pages::Lists;
use super::last_steps;
use super::left_out::{LEFT_OUT, created, missing_assignees, missing_labels};
use super::looks::LOOKS;
use super::made_links::LinkWriter;
use super::pacific;
use super::queries;
use super::read::GitHubReader;
use super::wire::{WireIssue, WireLabel, WireMilestone, read};
use crate::model::marker::{Found, IssueBase, Marker};
use crate::model::snapshot::{Issue, IssueNumber, IssueState, Label, Milestone, MilestoneNumber, Snapshot, state_name};
use crate::repository::{
    Done, IssuePatch, LabelPatch, LastStep, Link, LinkOutcome, MilestonePatch, NewIssue, NewMilestone, Observer, Writer,
};
use crate::stop::Stop;

/// The most attempts to create something. Before each new attempt, it is looked up.
const CREATIONS: usize = 3;

/// Write access to a repository. Only an apply creates one.
pub struct GitHubWriter<C> {
    github: Rc<Connection<C>>,
    reader: GitHubReader<C>,
    comments: GitHubComments<C>,
}

impl<C> GitHubWriter<C> {
    /// A writer for a repository.
    pub fn new(github: &Rc<Connection<C>>) -> Self {
        let (reader, comments) = (GitHubReader::new(github), GitHubComments::new(github));
        Self { github: Rc::clone(github), reader, comments }
    }

    /// A reader for the same repository.
    pub fn reader(&self) -> &GitHubReader<C> {
        &self.reader
    }
}

/// An apply observes again before each plan, so that it sees its own changes.
impl<C: Clock> Observer for GitHubWriter<C> {
    async fn observe(&self) -> Result<Snapshot> {
        self.reader.observe().await
    }

    async fn observe_plans(&self, suffices: &dyn Fn(Snapshot) -> Option<Snapshot>) -> Result<Snapshot> {
        self.reader.observe_plans(suffices).await
    }
}

impl<C: Clock> Writer for GitHubWriter<C> {
    fn stop_on(&mut self, stop: &Stop) {
        self.github.client.stop_on(stop.clone());
    }

    fn writable(&self) -> Result<()> {
        ensure!(
            !self.github.archived,
            "`{}` is archived, so nothing can be written to it; unarchive it first",
            self.github.name
        );
        Ok(())
    }

    async fn create_label(&mut self, label: &Label) -> Result<()> {
        let Label { name, color, description } = label;
        let body = json!({"name": name, "color": color, "description": description});
        let path = format!("{}/labels", self.github.base());
        for _ in 0..CREATIONS {
            match self.github.client.request(Method::POST, &path, Some(&body), Cost::Write, Repeat::LookFirst).await {
                Ok(Answer { json, .. }) if json.is_object() => return Ok(()),
                // Created by an earlier attempt whose answer was lost, or by somebody else in the meantime.
                Err(Failure::Refused(refusal)) if refusal.is_duplicate() => return Ok(()),
                Ok(_) | Err(Failure::Unknown(_)) => {}
                Err(failure) => return Err(failure.into()),
            }
            if self.github.client.get(&self.label_path(name)).await.is_ok() {
                return Ok(());
            }
        }
        Err(no_answer(&format!("POST {path}"), CREATIONS))
    }

    async fn update_label(&mut self, name: &str, patch: &LabelPatch) -> Result<()> {
        let LabelPatch { name: new, color, description } = patch;
        let mut body = Map::new();
        insert(&mut body, "new_name", new.as_ref());
        insert(&mut body, "color", color.as_ref());
        insert(&mut body, "description", description.as_ref());
        match self.github.client.set(Method::PATCH, &self.label_path(name), Some(body.clone().into())).await {
            Ok(_) => Ok(()),
            // An earlier attempt whose answer was lost has renamed it.
            Err(Failure::Refused(refusal)) if refusal.status.as_u16() == 404 && new.is_some() => {
                let new = new.as_deref().unwrap_or(name);
                body.remove("new_name");
                self.patch(&self.label_path(new), body.into()).await.map(drop)
            }
            Err(failure) => Err(failure.into()),
        }
    }

    async fn create_milestone(&mut self, milestone: &NewMilestone) -> Result<MilestoneNumber> {
        let NewMilestone { closed, title, description, due_on } = milestone;
        let mut body = Map::new();
        insert(&mut body, "state", Some(&state_name(*closed)));
        insert(&mut body, "title", Some(title));
        insert(&mut body, "description", Some(description));
        insert(&mut body, "due_on", due_on.map(pacific::instant_of).as_ref());
        let body = Value::from(body);
        let path = format!("{}/milestones", self.github.base());
        for _ in 0..CREATIONS {
            match self.github.client.request(Method::POST, &path, Some(&body), Cost::Write, Repeat::LookFirst).await {
                Ok(Answer { json, .. }) if json.is_object() => {
                    return Ok(read::<WireMilestone>(json, "the new milestone")?.number);
                }
                Ok(_) | Err(Failure::Unknown(_)) => {}
                Err(Failure::Refused(refusal)) if refusal.is_duplicate() => {}
                Err(failure) => return Err(failure.into()),
            }
            for json in self.milestones(&path).await? {
                let there: WireMilestone = read(json, "a milestone")?;
                if there.title == *title {
                    return Ok(there.number);
                }
            }
        }
        Err(no_answer(&format!("POST {path}"), CREATIONS))
    }

    async fn update_milestone(&mut self, number: MilestoneNumber, patch: &MilestonePatch) -> Result<Done<()>> {
        let MilestonePatch { title, description, due_on, closed } = patch;
        let path = format!("{}/milestones/{}", self.github.base(), number.0);
        let mut body = Map::new();
        insert(&mut body, "title", title.as_ref());
        insert(&mut body, "description", description.as_ref());
        insert(&mut body, "due_on", due_on.flatten().map(pacific::instant_of).as_ref());
        insert(&mut body, "state", closed.map(state_name).as_ref());
        if !matches!(due_on, Some(None)) {
            self.patch(&path, body.into()).await?;
            return Ok(Done::whole(()));
        }
        // GitHub's schema does not allow null here, but users report that it works:
        // https://github.com/octokit/octokit.js/pull/1404
        body.insert("due_on".into(), Value::Null);
        let answer = match self.github.client.set(Method::PATCH, &path, Some(body.clone().into())).await {
            Err(Failure::Refused(refusal)) if refusal.status == StatusCode::UNPROCESSABLE_ENTITY => {
                body.remove("due_on");
                self.patch(&path, body.into()).await?
            }
            answer => answer?,
        };
        let there = Milestone::try_from(read::<WireMilestone>(answer, "the milestone")?)?;
        let kept = there.due_on.map(|day| {
            format!(
                "due date {day}: GitHub keeps it, although it was asked to remove it; remove it on the milestone's page"
            )
        });
        Ok(Done { value: (), missing: kept.into_iter().collect() })
    }

    async fn create_issue(&mut self, issue: &NewIssue) -> Result<Done<IssueNumber>> {
        let mut missing = Vec::new();
        let mut wanted = issue.clone();
        for _ in 0..CREATIONS {
            let path = format!("{}/issues", self.github.base());
            let body = new_issue(&wanted);
            match self.github.client.request(Method::POST, &path, Some(&body), Cost::Create, Repeat::LookFirst).await {
                Ok(Answer { json, .. }) if json.is_object() => {
                    let made = self.github.known(read(json, "the new issue")?);
                    return Ok(created(&made, &wanted, missing));
                }
                // One invalid assignee must not prevent the issue, and GitHub does not say which one it is.
                Err(Failure::Refused(refusal)) if refusal.is_about("assignees") && !wanted.assignees.is_empty() => {
                    let names = std::mem::take(&mut wanted.assignees).join(", ");
                    missing
                        .push(format!("GitHub refused the assignees ({names}): one of them cannot be assigned here"));
                }
                Ok(_) | Err(Failure::Unknown(_)) => {
                    if let Some(made) = self.look_for(&wanted).await? {
                        return Ok(created(&made, &wanted, missing));
                    }
                }
                Err(failure) => return Err(failure.into()),
            }
        }
        Err(no_answer(&format!("POST {}/issues", self.github.base()), CREATIONS))
    }

    async fn update_issue(&mut self, number: IssueNumber, patch: &IssuePatch) -> Result<Done<()>> {
        let IssuePatch { title, body, state, milestone, add_labels, remove_labels, add_assignees, remove_assignees } =
            patch;
        let path = format!("{}/issues/{}", self.github.base(), number.0);
        let mut fields = Map::new();
        insert(&mut fields, "title", title.as_ref());
        insert(&mut fields, "body", body.as_ref());
        if let Some(milestone) = milestone {
            fields.insert("milestone".into(), milestone.map_or(Value::Null, |milestone| json!(milestone.0)));
        }
        match state {
            Some(IssueState::Open) => {
                fields.insert("state".into(), json!("open"));
            }
            Some(IssueState::Closed(reason)) => {
                fields.insert("state".into(), json!("closed"));
                fields.insert("state_reason".into(), json!(reason.as_str()));
            }
            None => {}
        }
        let mut missing = Vec::new();
        for label in remove_labels {
            let answer =
                self.github.client.set(Method::DELETE, &format!("{path}/labels/{}", segment(label)), None).await;
            label_removed(answer)?;
        }
        if !add_labels.is_empty() {
            let body = json!({"labels": add_labels});
            let answer = self.github.client.set(Method::POST, &format!("{path}/labels"), Some(body)).await?;
            let there: Vec<WireLabel> = read(answer, "the issue's labels")?;
            missing.extend(missing_labels(add_labels, there.iter().map(|label| label.name.as_str())));
        }
        if !remove_assignees.is_empty() {
            let body = json!({"assignees": remove_assignees});
            let answer = self.github.client.set(Method::DELETE, &format!("{path}/assignees"), Some(body)).await?;
            read::<WireIssue>(answer, "the issue")?;
        }
        if !add_assignees.is_empty() {
            let body = json!({"assignees": add_assignees});
            let answer = self.github.client.set(Method::POST, &format!("{path}/assignees"), Some(body)).await?;
            let there: WireIssue = read(answer, "the issue")?;
            missing.extend(missing_assignees(add_assignees, &Issue::from(there)));
        }
        if !fields.is_empty() {
            let answer = self.patch(&path, fields.into()).await?;
            let there = Issue::from(read::<WireIssue>(answer, "the issue")?);
            if milestone.is_some_and(|milestone| milestone != there.milestone) {
                missing.push(format!("milestone: {LEFT_OUT}"));
            }
        }
        Ok(Done { value: (), missing })
    }

    async fn link(&mut self, links: &[Link]) -> Vec<Result<LinkOutcome>> {
        LinkWriter(&self.github).link_all(links).await
    }

    async fn finish_issues(&mut self, steps: &[LastStep]) -> Vec<Result<()>> {
        // One issue's own request says most about what is wrong with it.
        let is_known = |step: &LastStep| self.github.handle(step.issue()).is_ok();
        let has_graphql = self.github.features.borrow().graphql;
        let done = if has_graphql && steps.len() > 1 && steps.iter().all(is_known) {
            match last_steps::take(&self.github, steps).await {
                Ok(done) => done,
                Err(error) => return steps.iter().map(|_| Err(anyhow!("{error:#}"))).collect(),
            }
        } else {
            vec![false; steps.len()]
        };
        let mut results = Vec::new();
        for (step, is_done) in steps.iter().zip(done) {
            let result = if is_done { Ok(()) } else { self.update_issue(step.issue(), &step.patch()).await.map(drop) };
            results.push(result);
        }
        results
    }

    async fn confirm(&mut self, number: IssueNumber, body: &str) -> Result<()> {
        if self.github.features.borrow().graphql {
            // Only the body is sent; other fields of the issue stay untouched.
            let variables = json!({"id": self.github.handle(number)?.node.0, "body": body});
            let reply = graphql::send(&self.github.client, queries::WRITE_BODY, &variables, Cost::Mutation).await?;
            ensure!(!reply.data["updateIssue"].is_null(), "GitHub's answer does not say that it was noted");
            return reply.error().map_or(Ok(()), Err);
        }
        let patch = IssuePatch { body: Some(body.to_owned()), ..IssuePatch::default() };
        self.update_issue(number, &patch).await.map(drop)
    }

    async fn comment_once(&mut self, number: IssueNumber, body: &str) -> Result<()> {
        if self.comments.own_comments(number.0).await?.iter().any(|comment| comment.body == body) {
            return Ok(());
        }
        match self.comments.comment(number.0, body).await? {
            Posted::At(_) => Ok(()),
            Posted::NotAllowed(why) => Err(anyhow!("it cannot be commented on: {why}")),
        }
    }

    async fn finish(&mut self) -> Result<()> {
        Ok(())
    }
}

impl<C: Clock> GitHubWriter<C> {
    fn label_path(&self, name: &str) -> String {
        format!("{}/labels/{}", self.github.base(), segment(name))
    }

    /// All milestones of the repository; `path` is their endpoint.
    async fn milestones(&self, path: &str) -> Result<Vec<Value>> {
        let github = &self.github;
        Lists::new(&github.client, &github.name).all(&format!("{path}?state=all&per_page=100")).await
    }

    async fn patch(&self, path: &str, body: Value) -> Result<Value> {
        Ok(self.github.client.set(Method::PATCH, path, Some(body)).await?)
    }

    /// Looks for an issue whose creation was not confirmed, by its marker, among the newest issues.
    async fn look_for(&self, wanted: &NewIssue) -> Result<Option<Issue>> {
        let Found::Marker(marker, _) = Marker::<IssueBase>::find(&wanted.body) else { return Ok(None) };
        let path = format!("{}/issues?state=all&sort=created&direction=desc&per_page=100", self.github.base());
        let trust = Snapshot { viewer: self.github.viewer.borrow().clone(), ..Snapshot::default() };
        for wait in LOOKS {
            if wait > Duration::ZERO {
                self.github.client.say("an answer was lost; looking whether the issue was made");
                self.github.client.pause(wait).await;
            }
            let Value::Array(newest) = self.github.client.get(&path).await?.json else { continue };
            for json in newest {
                let issue = self.github.known(read(json, "an issue")?);
                let same = matches!(Marker::<IssueBase>::find(&issue.body),
                    Found::Marker(other, _) if other.plan == marker.plan && other.key == marker.key);
                if same && !issue.closed && trust.trusts(&issue) {
                    return Ok(Some(issue));
                }
            }
        }
        Ok(None)
    }
}

/// Checks that a label was removed. GitHub answers with the remaining labels, or 404 if somebody else removed it.
fn label_removed(answer: Result<Value, Failure>) -> Result<()> {
    match answer {
        Ok(labels) => {
            ensure!(labels.is_array(), "GitHub's answer does not say which labels are left");
            Ok(())
        }
        Err(Failure::Refused(refusal)) if refusal.status.as_u16() == 404 && refusal.message.contains("Label") => Ok(()),
        Err(failure) => Err(failure.into()),
    }
}

fn new_issue(issue: &NewIssue) -> Value {
    let NewIssue { title, body, labels, assignees, milestone } = issue;
    let mut fields = Map::new();
    fields.insert("title".into(), json!(title));
    fields.insert("body".into(), json!(body));
    fields.insert("labels".into(), json!(labels));
    fields.insert("assignees".into(), json!(assignees));
    if let Some(milestone) = milestone {
        fields.insert("milestone".into(), json!(milestone.0));
    }
    fields.into()
}

fn insert<T: AsRef<str>>(body: &mut Map<String, Value>, key: &str, value: Option<&T>) {
    if let Some(value) = value {
        body.insert(key.to_owned(), json!(value.as_ref()));
    }
}
