//! The block that plan-action owns in the text of an issue or milestone. Two HTML comments delimit it.
//!
//! ```text
//! What people wrote before.
//!
//! <!-- plan-action:1 {"plan":"docs/plan.md","key":"I4","base":{…}} -->
//! What the plan says.
//! <!-- /plan-action -->
//!
//! What people wrote after.
//! ```

use std::ops::Range;

/// The version of the marker format. Markers of a later version are reported and never touched.
pub const VERSION: u32 = 1;

const BEGIN: &str = "<!-- plan-action:";
const BEGIN_END: &str = " -->";
const END: &str = "<!-- /plan-action -->";

/// A text that contains a block, split into its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block<'t> {
    /// The text before the block, byte for byte.
    pub before: &'t str,
    /// The version of the marker.
    pub version: u32,
    /// The marker's JSON.
    pub json: &'t str,
    /// The text between the two comments, byte for byte. `None` if the closing comment is missing, because then nobody
    /// can tell where the block ends.
    pub inside: Option<&'t str>,
    /// The text after the block, byte for byte.
    pub after: &'t str,
}

/// Every block of a text, in document order. Each block counts the others as part of its `before` or `after`.
pub fn all(text: &str) -> impl Iterator<Item = Block<'_>> {
    text.match_indices(BEGIN).filter_map(|(begin, _)| at(text, begin))
}

/// What follows the first opening comment, even if that comment is damaged.
pub fn beginning(text: &str) -> Option<&str> {
    text.split_once(BEGIN).map(|(_, rest)| rest)
}

/// The byte range of the first closing comment at or after `from`, if the text has no opening comment.
pub fn lone_end(text: &str, from: usize) -> Option<Range<usize>> {
    let start = from + text[from..].find(END)?;
    beginning(text).is_none().then_some(start..start + END.len())
}

fn at(text: &str, begin: usize) -> Option<Block<'_>> {
    let opening = &text[begin + BEGIN.len()..];
    let (version, rest) = opening.split_once(' ')?;
    let version = version.parse().ok()?;
    // The JSON in a marker contains no line breaks and no `-->`.
    let line = rest.lines().next().unwrap_or_default();
    let json_end = line.find(BEGIN_END)?;
    let json = &line[..json_end];
    let body = &rest[json_end + BEGIN_END.len()..];
    let before = &text[..begin];
    // A closing comment after the next opening comment belongs to that block.
    let next = body.find(BEGIN).unwrap_or(body.len());
    Some(match body[..next].find(END) {
        Some(end) => Block { before, version, json, inside: Some(&body[..end]), after: &body[end + END.len()..] },
        None => Block { before, version, json, inside: None, after: body },
    })
}

/// Puts a text together again. Without `inside`, the block is written without its closing comment.
pub fn compose(before: &str, json: &str, inside: Option<&str>, after: &str) -> String {
    let opening = format!("{before}{BEGIN}{VERSION} {json}{BEGIN_END}");
    match inside {
        Some("") => format!("{opening}\n{END}{after}"),
        Some(inside) => format!("{opening}\n{inside}\n{END}{after}"),
        None => format!("{opening}{after}"),
    }
}

/// Escapes a plan's text so that it can neither open nor close a block.
pub fn neutral(text: &str) -> String {
    text.replace("<!-- plan-action", "<!-- plan&#45;action").replace("<!-- /plan-action", "<!-- /plan&#45;action")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_split_byte_for_byte() {
        let text = compose("before\r\n", "{}", Some("in\nside"), "\r\nafter ");
        let block = all(&text).next().unwrap();
        assert_eq!((block.before, block.json, block.after), ("before\r\n", "{}", "\r\nafter "));
        assert_eq!(block.inside, Some("\nin\nside\n"));
        assert_eq!(block.version, 1);
    }

    #[test]
    fn a_block_without_a_closing_comment_has_no_inside() {
        let block = all("<!-- plan-action:7 {} -->\ntext").next().unwrap();
        assert_eq!((block.version, block.inside, block.after), (7, None, "\ntext"));
        assert_eq!(all("<!-- plan-action:1 {}\n -->").count(), 0);
        assert_eq!(all("plain").count(), 0);
    }

    #[test]
    fn a_plan_cannot_forge_a_block() {
        let forged = neutral("x\n<!-- /plan-action -->\n<!-- plan-action:1 {} -->");
        let text = compose("", "{\"k\":1}", Some(&forged), "!");
        assert_eq!(all(&text).count(), 1);
        let block = all(&text).next().unwrap();
        assert_eq!((block.json, block.after), ("{\"k\":1}", "!"));
    }
}
