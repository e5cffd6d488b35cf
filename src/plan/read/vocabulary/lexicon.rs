//! Tables of words, and how a word is looked up in them.

use std::collections::HashMap;

/// Words of one language, in lower case, with commas between them.
pub type Words = (&'static str, &'static str);

/// All words of a row, one by one.
pub(in crate::plan::read) fn each(row: &'static [Words]) -> impl Iterator<Item = &'static str> {
    row.iter().flat_map(|(_, words)| words.split(", "))
}

/// What each word of a table means. Of a word that stands there twice, the first one counts.
pub(super) struct Lexicon<K>(HashMap<&'static str, K>);

impl<K: Copy> Lexicon<K> {
    /// The words of a table.
    pub(super) fn new(table: &'static [(K, &'static [Words])]) -> Self {
        let mut lexicon = Self(HashMap::new());
        for (kind, row) in table {
            each(row).for_each(|word| _ = lexicon.0.entry(word).or_insert(*kind));
        }
        lexicon
    }

    /// What a word means.
    pub(super) fn get(&self, word: &str) -> Option<K> {
        self.0.get(word).copied()
    }
}

impl Lexicon<()> {
    /// The words of a row.
    pub(super) fn of_row(row: &'static [Words]) -> Self {
        Self(each(row).map(|word| (word, ())).collect())
    }

    /// Whether a word is one of them.
    pub(super) fn has(&self, word: &str) -> bool {
        self.0.contains_key(word)
    }
}
