//! Text that was decoded wrongly on its way: UTF-8 that somebody read as Windows-1252 or Mac Roman and saved again, so
//! that `✅` became `âœ…` or `‚úÖ`.

use std::ops::Range;
use std::sync::Arc;

use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1252};

use super::diagnostic::Diagnostics;
use super::source::Source;

/// What is wrong with a text.
#[derive(Debug, PartialEq, Eq)]
struct Damage {
    /// The first place.
    first: Range<usize>,
    /// How many places there are.
    count: usize,
    /// What the text was taken for.
    taken_for: &'static str,
    /// The text as it was meant.
    repaired: String,
}

/// The text as it is to be read: repaired where that is asked for, else as it is, with a warning.
pub(super) fn repaired(source: &Arc<Source>, repair: bool, diagnostics: &mut Diagnostics) -> Option<Arc<Source>> {
    let damage = damage(&source.text)?;
    if repair {
        return Some(Source::new(source.name.clone(), damage.repaired));
    }
    let places = if damage.count == 1 { "in 1 place".to_owned() } else { format!("in {} places", damage.count) };
    diagnostics.warning(
        "wrong-encoding",
        damage.first,
        format!("UTF-8 text was decoded as {} {places}, beginning here", damage.taken_for),
        "correct the text, or write `repair-encoding: true` in the front matter",
    );
    None
}

/// Finds what was decoded wrongly: characters that, turned back into bytes, are UTF-8.
fn damage(text: &str) -> Option<Damage> {
    let mut repaired = String::with_capacity(text.len());
    let mut places: Vec<(Range<usize>, &'static Encoding)> = Vec::new();
    let mut rest = 0;
    while let Some(start) = text[rest..].find(|it: char| !it.is_ascii()).map(|at| rest + at) {
        let end = text[start..].find(|it: char| it.is_ascii()).map_or(text.len(), |at| start + at);
        repaired.push_str(&text[rest..start]);
        match undone(&text[start..end]) {
            Some((meant, encoding)) => {
                repaired.push_str(&meant);
                places.push((start..end, encoding));
            }
            None => repaired.push_str(&text[start..end]),
        }
        rest = end;
    }
    repaired.push_str(&text[rest..]);
    let (first, encoding) = places.first().cloned()?;
    let taken_for = if encoding == MACINTOSH { "Mac Roman" } else { "Windows-1252" };
    Some(Damage { first, count: places.len(), taken_for, repaired })
}

/// What a run of characters beyond ASCII was before, if it was UTF-8.
fn undone(run: &str) -> Option<(String, &'static Encoding)> {
    [WINDOWS_1252, MACINTOSH].into_iter().find_map(|encoding| {
        let (bytes, _, has_others) = encoding.encode(run);
        let meant = std::str::from_utf8(&bytes).ok().filter(|_| !has_others)?;
        (meant.chars().count() < run.chars().count()).then(|| (meant.to_owned(), encoding))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_decoded_wrongly_is_found_and_undone() {
        let damage = damage("Done ‚úÖ and ‚Üí on\nâœ… café").unwrap();
        assert_eq!(damage.repaired, "Done ✅ and → on\n✅ café");
        assert_eq!((damage.count, damage.taken_for), (3, "Mac Roman"));
    }

    #[test]
    fn text_that_is_as_it_should_be_is_left_alone() {
        for text in ["café → 東京 ✅ naïve €5 – “quoted”", "Größe Ünïcödé", "한국어 계획", "план — всё", "plain"]
        {
            assert_eq!(damage(text), None, "{text}");
        }
    }
}
