//! The fold with the full texts: new ones as they are, changed ones as a diff.

use std::fmt::Write;

use super::View;
use crate::diff::{Change, FieldChange, Kind, Op};
use crate::render::escape::fenced;
use crate::render::fit::Section;
use crate::render::summary::some;
use crate::render::unified;

/// The texts of issues and the descriptions of milestones that are written; nothing where there are none.
pub(super) fn section(changes: &[&Change], view: &View<'_>) -> Option<Section> {
    let details: Vec<String> = changes.iter().filter_map(|change| texts_of(change, view)).collect();
    let count = details.len();
    (count > 0).then(|| Section {
        open: format!("<details><summary><b>Texts</b> of {}</summary>\n\n", some(count, "item")),
        details,
        close: "</details>\n\n".into(),
        ..Section::default()
    })
}

fn texts_of(change: &Change, view: &View<'_>) -> Option<String> {
    let fields = change.fields();
    let texts: Vec<&FieldChange<'_>> =
        fields.iter().filter(|field| field.field.is_text() && field.from != field.to).collect();
    if texts.is_empty() {
        return None;
    }
    let milestone = if change.kind() == Kind::Milestone { "Milestone " } else { "" };
    let mut text = format!("<b>{milestone}{}</b>\n\n", view.name(change));
    for field in texts {
        let (from, to) = (field.from.as_deref().unwrap_or_default(), field.to.as_deref().unwrap_or_default());
        let is_new = change.op() == Op::Create;
        let block = if is_new { fenced("markdown", to) } else { fenced("diff", &unified::diff(from, to)) };
        _ = writeln!(text, "{block}");
    }
    Some(text)
}
