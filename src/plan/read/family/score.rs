//! How much speaks for a family being issues.

use super::{Holds, Naming, Signature, is_labelled};
use crate::plan::read::tree::{At, Shape, Tree};
use crate::plan::read::vocabulary::SectionKind;

pub(super) fn score(tree: &Tree, signature: &Signature, members: &[At]) -> i32 {
    let base = match (signature.shape, signature.naming) {
        (Shape::Root, _) => return 0,
        (Shape::Heading(_) | Shape::Lead, naming) => {
            // `## 3. Rollout` may be a chapter of anything; `### 3.1 …` and deeper ones are parts of a plan.
            let is_chapter = members.iter().all(|at| {
                let number = tree.nodes[*at].head.number.as_deref().unwrap_or_default();
                !number.contains('.') && matches!(signature.shape, Shape::Heading(..=2))
            });
            let chapter = naming == Naming::Numbered && signature.holds == Holds::Text && is_chapter;
            heading(signature, naming) - if chapter { 35 } else { 0 }
        }
        (Shape::Row, _) => {
            let work = members
                .first()
                .and_then(|at| tree.table(*at))
                .and_then(crate::plan::read::tables::Table::work)
                .unwrap_or(0);
            60 + 4 * work.min(8)
        }
        (Shape::Box, naming) if signature.depth == 0 => 74 + if naming == Naming::Named { 4 } else { 0 },
        (Shape::Box, naming) => {
            let in_box = members.iter().filter(|at| tree.nodes[tree.nodes[**at].parent].shape == Shape::Box).count();
            if in_box * 2 > members.len() { 15 } else { 66 + if naming == Naming::Named { 10 } else { 0 } }
        }
        (_, Naming::Named) if signature.depth == 0 => {
            if signature.is_strong {
                80
            } else {
                55
            }
        }
        (Shape::Number, _) if signature.depth == 0 => 36 + if signature.is_strong { 14 } else { 0 },
        (_, _) if signature.depth == 0 => 33 + if signature.is_strong { 10 } else { 0 },
        _ => 20,
    };
    let labelled = members.iter().filter(|at| is_labelled(tree, **at)).count();
    let place = match signature.section {
        Some(SectionKind::Issues) => 20,
        Some(SectionKind::Deliverables) => 3,
        Some(SectionKind::Open | SectionKind::Done | SectionKind::Priority) => 6,
        Some(SectionKind::Milestones) => 5,
        _ => 0,
    };
    base + place
        + if signature.is_apart { -70 } else { 0 }
        + if signature.in_milestone { 15 } else { 0 }
        + if labelled * 2 > members.len() { 25 } else { 0 }
}

fn heading(signature: &Signature, naming: Naming) -> i32 {
    let lead = if signature.shape == Shape::Lead { -8 } else { 0 };
    lead + match (naming, signature.holds) {
        (_, Holds::Title) => 97,
        (Naming::Named, Holds::Fields) => 97,
        (Naming::Named, _) => 90,
        (Naming::Numbered, Holds::Fields) => 85,
        (Naming::Numbered, Holds::Work) => 50,
        (Naming::Numbered, Holds::Text) => 75,
        (Naming::Plain, Holds::Fields) => 76,
        (Naming::Plain, Holds::Work) => 8,
        (Naming::Plain, Holds::Text) => 25,
    }
}
