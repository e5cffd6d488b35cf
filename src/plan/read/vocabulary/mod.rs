//! The words that plans are written in: one table for each kind of word, by language.
//!
//! Every table has the same form, so that one page of documentation can be made from all of them.

mod columns;
mod designators;
mod fields;
mod sections;
mod states;

pub use self::columns::{column, is_foreign, is_key, title_rank};
pub use self::designators::{Class, Designator, designator};
pub use self::fields::{FieldKind, field, nearly_field};
pub use self::sections::{SectionKind, section};
pub use self::states::{glyph, is_done, is_known as is_known_state, last_glyph, leading_state};

/// Words of one language, in lower case.
pub type Words = (&'static str, &'static [&'static str]);

/// Whether one of the words of a row is this one.
fn has(row: &[Words], word: &str) -> bool {
    row.iter().any(|(_, words)| words.contains(&word))
}

/// The tables as a page of documentation.
pub fn page() -> String {
    let fields: Vec<(&str, &[Words])> = fields::FIELDS.iter().map(|(kind, row)| (kind.meaning(), *row)).collect();
    let sections: Vec<(&str, &[Words])> = sections::SECTIONS.iter().map(|(kind, row)| (kind.meaning(), *row)).collect();
    let milestones: Vec<(&str, &[Words])> =
        designators::DESIGNATORS.iter().map(|(class, row)| (class.meaning(), *row)).collect();
    let states = vec![("done", states::DONE), ("not done", states::OPEN)];
    let issues = vec![("in front of a number", super::item_line::STRUCTURAL)];
    let qualifiers = vec![("qualifies the name of a section", sections::QUALIFIERS)];
    let mut page = "# Vocabulary\n\nThe words that plans are read by, in every language that is known. Case does not matter. This page is made \
                    from the program's own tables.\n"
        .to_owned();
    for (title, about, rows) in [
        ("Fields", "`Name: value` below an issue or milestone, and headers of columns.", fields),
        ("Sections", "What the section below a heading holds, where the whole heading is one of these.", sections),
        ("Qualifiers", "Words that may stand beside the name of a section: `Technical requirements`.", qualifiers),
        ("Milestones", "A line that begins with one of these words and a number names a milestone.", milestones),
        ("States", "Values of a status field or column.", states),
        ("Issues", "A line that begins with one of these words and a number is an issue.", issues),
    ] {
        page.push_str(&format!("\n## {title}\n\n{about}\n\n| Meaning | Words |\n| --- | --- |\n"));
        for (meaning, row) in rows {
            let words: Vec<String> =
                row.iter().map(|(language, words)| format!("{language}: {}", words.join(", "))).collect();
            page.push_str(&format!("| {meaning} | {} |\n", words.join("<br>")));
        }
    }
    page
}
