//! The fold with the labels of the repository: new ones by name, changed ones with what changes.

use super::rows::{Sign, counts};
use crate::diff::{Change, Field, FieldChange, Op};
use crate::render::escape::code;
use crate::render::fit::Section;
use crate::render::text::field_name;

/// The labels of the repository that are created or changed.
pub(super) fn section(labels: &[&Change]) -> Section {
    let (new, changed): (Vec<&Change>, Vec<&Change>) = labels.iter().partition(|change| change.op() == Op::Create);
    let mut rows: Vec<String> = new.iter().map(|change| format!("{} ", code(change.title()))).collect();
    if let Some(last) = rows.last_mut() {
        last.push('\n');
    }
    rows.extend(changed.into_iter().map(line));
    let signs: Vec<Sign> = labels.iter().map(|label| Sign::of(label.op())).collect();
    Section {
        open: format!("<details><summary><b>Labels</b> {}</summary>\n\n", counts(&signs)),
        rows,
        close: "\n</details>\n\n".into(),
        ..Section::default()
    }
}

fn line(label: &Change) -> String {
    let fields = label.fields();
    let old = fields.iter().find(|field| field.field == Field::Name).and_then(|field| field.from.as_deref());
    let old = old.map(|old| format!("{} → ", code(old))).unwrap_or_default();
    let others: Vec<String> = fields.iter().filter(|field| field.field != Field::Name).map(value).collect();
    let others = if others.is_empty() { String::new() } else { format!(": {}", others.join(", ")) };
    format!("- {old}{}{others}\n", code(label.title()))
}

fn value(field: &FieldChange<'_>) -> String {
    let name = field_name(field.field);
    match (&field.from, &field.to) {
        (Some(from), Some(to)) => format!("{name} {} → {}", code(from), code(to)),
        (None, Some(to)) => format!("{name} {}", code(to)),
        (Some(from), None) => format!("{name} {} removed", code(from)),
        (None, None) => name.to_owned(),
    }
}
