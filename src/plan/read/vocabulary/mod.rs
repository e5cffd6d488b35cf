//! The words that plans are written in: one table for each kind of word, by language.
//!
//! Every table has the same form, so that one page of documentation can be made from all of them.

mod columns;
mod designators;
mod fields;
mod lexicon;
mod sections;
mod states;

pub use self::columns::{column, is_foreign, is_key, title_rank};
pub(in crate::plan) use self::designators::is_time;
pub use self::designators::{Class, Designator, designator};
pub(in crate::plan) use self::fields::words_of as words_of_field;
pub use self::fields::{FieldKind, field, nearly_field};
pub use self::lexicon::Words;
pub(super) use self::lexicon::each;
pub use self::sections::{SectionKind, section};
pub use self::states::{glyph, is_done, is_known as is_known_state, last_glyph, leading_state};

/// What follows a word, given in lower case, at the beginning of a text; case does not matter.
pub fn after_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let mut rest = text.chars();
    for wanted in word.chars() {
        let found = rest.next()?;
        if found != wanted && !found.to_lowercase().eq([wanted]) {
            return None;
        }
    }
    Some(rest.as_str())
}

/// What follows the words that say of an issue that others go first.
pub fn after_dependency(text: &str) -> Option<&str> {
    // The longest word fits best: `depends on` before `depends`.
    let found = fields::words_of(FieldKind::DependsOn).chain(fields::SHORT_DEPENDENCIES.iter().copied());
    found
        .filter_map(|word| after_word(text, word))
        .filter(|rest| rest.is_empty() || rest.starts_with([' ', ':', '：']))
        .min_by_key(|rest| rest.len())
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
            let words: Vec<String> = row.iter().map(|(language, words)| format!("{language}: {words}")).collect();
            page.push_str(&format!("| {meaning} | {} |\n", words.join("<br>")));
        }
    }
    page
}
