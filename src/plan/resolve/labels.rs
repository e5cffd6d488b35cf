//! Labels: what declares them, one spelling for each, and their colours.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::limits;
use crate::model::snapshot::fold;
use crate::plan::diagnostic::Diagnostics;
use crate::plan::draft::{DraftIssue, DraftLabel};
use crate::plan::settings::{DeclaredLabel, Settings};
use crate::plan::{PlannedLabel, colour, title};

/// The labels that the document declares, and over them those of the front matter.
pub(super) fn declared_labels(
    labels: &[DraftLabel],
    settings: &Settings,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, DeclaredLabel> {
    let mut declared: BTreeMap<String, DeclaredLabel> = BTreeMap::new();
    for DraftLabel { name, color, description } in labels {
        let text = title::printable(&name.text);
        let length = text.chars().count();
        if text.is_empty() || length > limits::LABEL_NAME {
            let message = format!("the label has {length} characters; GitHub allows {}", limits::LABEL_NAME);
            diagnostics.warning("label-too-long", name.span.clone(), message, "shorten it; until then, it is ignored");
            continue;
        }
        let known = declared.keys().find(|known| known.to_lowercase() == text.to_lowercase()).cloned();
        let label = declared.entry(known.unwrap_or(text)).or_default();
        label.color = label.color.take().or_else(|| color.clone());
        let description = description.as_deref().map(title::printable);
        let fits = |text: &String| text.chars().count() <= limits::LABEL_DESCRIPTION;
        label.description = label.description.take().or(description.filter(fits));
    }
    for (name, label) in &settings.labels {
        declared.retain(|known, _| known.to_lowercase() != name.to_lowercase());
        let description = label.description.as_deref().map(title::printable);
        declared.insert(name.clone(), DeclaredLabel { description, ..label.clone() });
    }
    declared
}

/// One spelling for each label, because GitHub takes `API` and `api` for the same.
pub(super) struct Spellings {
    by_fold: BTreeMap<String, String>,
    declared: BTreeMap<String, DeclaredLabel>,
}

impl Spellings {
    /// The spellings of all labels that are declared or used.
    pub(super) fn new(issues: &[DraftIssue], settings: &Settings, declared: BTreeMap<String, DeclaredLabel>) -> Self {
        let mut by_fold: BTreeMap<String, String> = BTreeMap::new();
        for name in declared.keys() {
            by_fold.entry(fold(name)).or_insert_with(|| name.clone());
        }
        let known: BTreeSet<String> = by_fold.keys().cloned().collect();
        let used = issues.iter().flat_map(|issue| &issue.labels).map(|label| label.text.as_str());
        for name in used.chain(settings.default_labels.iter().map(String::as_str)) {
            let name = title::printable(name);
            let folded = fold(&name);
            // The least spelling wins: which one comes first in the document must not matter.
            let spelling = by_fold.entry(folded.clone()).or_insert_with(|| name.clone());
            if !known.contains(&folded) && name < *spelling {
                *spelling = name;
            }
        }
        Self { by_fold, declared }
    }

    /// The one spelling of a label.
    pub(super) fn spell(&self, name: &str) -> String {
        let name = title::printable(name);
        self.by_fold.get(&fold(&name)).cloned().unwrap_or(name)
    }

    /// All labels.
    pub(super) fn labels(&self) -> Vec<PlannedLabel> {
        let label = |name: &String| {
            let declared = self.declared.get(name).cloned().unwrap_or_default();
            PlannedLabel {
                name: name.clone(),
                color_declared: declared.color.is_some(),
                color: declared.color.unwrap_or_else(|| colour::for_label(name)),
                description: declared.description,
                previously: declared.previously,
            }
        };
        let mut labels: Vec<PlannedLabel> = self.by_fold.values().map(label).collect();
        labels.sort_by(|a, b| a.name.cmp(&b.name));
        labels
    }
}
