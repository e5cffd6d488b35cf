//! Decides which titles name the tag of a release. Versions are only compared with versions; the number of a phase is
//! not one.

/// Words that only announce a version when they precede one, in a tag or a title.
const RELEASE_WORDS: [&str; 6] = ["release", "releases", "rel", "version", "ver", "v"];
/// Words whose numbers count parts of a plan: `Phase 1.0` is not a version.
const NUMBERED_WORDS: [&str; 15] = [
    "phase",
    "milestone",
    "sprint",
    "iteration",
    "stage",
    "step",
    "part",
    "week",
    "day",
    "month",
    "quarter",
    "epic",
    "section",
    "chapter",
    "level",
];

/// How well a title names a tag, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// The title contains the tag itself, or the same version.
    Exact,
    /// The title omits trailing zeros of the version: `v1.0` for the tag `v1.0.0`.
    Shortened,
}

/// How well a title names a tag; `None` if it does not.
pub(super) fn fit(title: &str, tag: &str) -> Option<Fit> {
    let (title, tag) = (title.to_lowercase(), tag.trim().to_lowercase());
    let is_end = |character: char| !(character.is_alphanumeric() || "._-+".contains(character));
    let words: Vec<&str> = title.split(is_end).map(|word| word.trim_matches(['.', '-', '_'])).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let wanted = Version::at_end_of(&tag);
    // A tag that is only a number never matches as text; whether a number is a version depends on the words around it.
    let is_text = !tag.is_empty() && !tag.bytes().all(|byte| byte.is_ascii_digit());
    if is_text && words.contains(&tag.as_str()) {
        return Some(Fit::Exact);
    }
    let (prefix, wanted) = wanted?;
    // The version of another component does not count: `web-v1.2.0` needs a title that names `web`.
    if !prefix.is_empty() && !RELEASE_WORDS.contains(&prefix) && !words.contains(&prefix) {
        return None;
    }
    let before = [""].iter().chain(&words);
    before.zip(&words).filter_map(|(before, word)| Version::of_title(before, word)?.fit(&wanted)).min()
}

/// A version: its numbers, and its suffix (`beta` of `1.0-beta`).
#[derive(Debug, PartialEq, Eq)]
struct Version<'t> {
    numbers: Vec<&'t str>,
    rest: &'t str,
}

impl<'t> Version<'t> {
    /// Parses `v1.2.3-beta`, with or without the `v`. Build metadata after a `+` is ignored.
    fn parse(text: &'t str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let text = text.split_once('+').map_or(text, |(version, _)| version);
        let end = text.find(|character: char| !(character.is_ascii_digit() || character == '.'));
        let (numbers, rest) = text.split_at(end.unwrap_or(text.len()));
        let numbers: Vec<&str> = numbers.trim_end_matches('.').split('.').collect();
        let is_number = |number: &&str| !number.is_empty() && number.len() < 20;
        if !numbers.iter().all(is_number) {
            return None;
        }
        let numbers = numbers.into_iter().map(|number| number.trim_start_matches('0')).collect();
        // `1st`, `2x` and `3d` are words, not versions.
        let is_plain = !rest.starts_with(char::is_alphabetic)
            || ["a", "b", "rc", "alpha", "beta", "pre", "dev"].iter().any(|it| rest.starts_with(it));
        is_plain.then(|| Self { numbers, rest: rest.trim_start_matches(['-', '.', '_']) })
    }

    /// The version at the end of a tag, and the text before it: `release-2025.1`, `web/v1.2.0`, `app@2.0.0`.
    fn at_end_of(tag: &'t str) -> Option<(&'t str, Self)> {
        let starts = tag.match_indices(['-', '_', '/', '@', ' ']).map(|(at, _)| (at, at + 1));
        [(0, 0)].into_iter().chain(starts).find_map(|(end, start)| {
            let version = Self::parse(&tag[start..])?;
            let prefix = tag[..end].rsplit(['/', '@', ' ']).find(|part| !part.is_empty()).unwrap_or_default();
            Some((prefix, version))
        })
    }

    /// The version in a word of a title, given the word before it.
    fn of_title(before: &str, word: &'t str) -> Option<Self> {
        let (prefix, version) = Self::at_end_of(word)?;
        let of_release = RELEASE_WORDS.contains(&prefix) || prefix.is_empty() && RELEASE_WORDS.contains(&before);
        let is_marked = of_release || word.starts_with('v');
        let is_dotted = prefix.is_empty() && version.numbers.len() > 1 && !NUMBERED_WORDS.contains(&before);
        (is_marked || is_dotted).then_some(version)
    }

    fn fit(&self, tag: &Version<'_>) -> Option<Fit> {
        let (own, tags) = (&self.numbers, &tag.numbers);
        if self.rest != tag.rest {
            return None;
        }
        if own == tags {
            return Some(Fit::Exact);
        }
        let zeros = tags.strip_prefix(own.as_slice())?;
        zeros.iter().all(|number| number.is_empty()).then_some(Fit::Shortened)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_names_a_tag_by_its_version() {
        for (title, tag) in [
            ("First light (v0.2.0)", "v0.2.0"),
            ("Release v0.2.0.", "0.2.0"),
            ("Release `0.2.0`: all", "V0.2.0"),
            ("Beta 1.0.0-rc.1", "v1.0.0-rc.1"),
            ("Version 1", "v1"),
            ("v1", "v1"),
            ("v1: launch", "1"),
            ("Launch of 1.0-beta", "v1.0-beta"),
            ("Release 2025.1", "release-2025.1"),
            ("release-2025.1", "release-2025.1"),
            ("2025.01 spring", "release/2025.1"),
            ("First-light", "first-light"),
            ("Web v1.2.0", "web-v1.2.0"),
            ("Web 1.2.0", "packages/web@1.2.0"),
            ("v1.0", "v1.0+build.5"),
            ("v1.0 with v2.0 in mind", "v2.0"),
        ] {
            assert_eq!(fit(title, tag), Some(Fit::Exact), "{title} {tag}");
        }
    }

    #[test]
    fn a_title_may_omit_trailing_zeros() {
        for (title, tag) in [("v1.0", "v1.0.0"), ("Version 1", "v1.0.0"), ("Release 0.2", "v0.2.0")] {
            assert_eq!(fit(title, tag), Some(Fit::Shortened), "{title} {tag}");
        }
    }

    #[test]
    fn numbers_of_plan_parts_are_not_versions() {
        for (title, tag) in [
            ("Phase 1", "v1"),
            ("Phase 1", "1"),
            ("Phase-1: Ground", "v1"),
            ("Phase 1.0: Ground", "v1.0.0"),
            ("M1 Dome", "v1"),
            ("Sprint 1.2", "v1.2"),
            ("1 Ground", "v1"),
            ("1. Ground", "v1"),
            ("Raise 1 wall", "v1"),
            ("1st floor", "v1"),
            ("Week 2025.1", "release-2025.1"),
            ("First light (v0.2.0)", "v0.2"),
            ("v1.0.0", "v1"),
            ("v1", "v1.0.1"),
            ("Release v0.2.01", "v0.2.0"),
            ("Release v0.2.0-rc.1", "v0.2.0"),
            ("v1.0", "v1.0-beta"),
            ("v1.2.0", "web-v1.2.0"),
            ("Release", ""),
            ("v", "v1"),
            ("v10", "v1"),
        ] {
            assert_eq!(fit(title, tag), None, "{title} {tag}");
        }
    }
}
