//! Other people's text in our markdown: shown as text, without any other effect.

use std::fmt::Write;

use crate::model::secret;
use crate::model::text::{printable, steers_direction};

/// A title as markdown that shows it. Only its code spans are markup; it mentions nobody and refers to nothing. It can be used
/// in a table.
pub fn title(text: &str) -> String {
    let text = shown(text);
    let mut markdown = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('`') {
        let Some((inside, behind)) = after.split_once('`').filter(|(inside, _)| !inside.is_empty()) else { break };
        push_plain(&mut markdown, before);
        markdown.push_str(&code(inside));
        rest = behind;
    }
    push_plain(&mut markdown, rest);
    markdown
}

/// A text as code. GitHub finds no mentions and references in it, but addresses.
pub fn code(text: &str) -> String {
    let mut html = String::from("<code>");
    push_plain(&mut html, &shown(text));
    html.push_str("</code>");
    html
}

/// A name as code that is never broken over two lines.
pub fn chip(name: &str) -> String {
    code(name).replace(' ', "&nbsp;")
}

/// A block of text in a fence that it cannot end.
pub fn fenced(language: &str, text: &str) -> String {
    let text = lines(text);
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{}\n{fence}\n", text.trim_end())
}

/// A text without characters that control a terminal or the direction of writing; line ends, blanks and tabs stay.
pub fn lines(text: &str) -> String {
    let visible = |character: &char| {
        (matches!(character, '\t' | '\n') || !character.is_control()) && !steers_direction(*character)
    };
    text.replace(['\u{2028}', '\u{2029}'], " ").chars().filter(visible).collect()
}

/// A text as one line that can be shown. Secrets are hidden here: once they contain entities, they are not recognised, but a
/// page would show them.
pub(super) fn shown(text: &str) -> String {
    secret::hide(&printable(text)).into_owned()
}

/// Characters that mean something to markdown or HTML become entities, which mean only themselves. A zero-width space
/// keeps GitHub from seeing mentions, references and addresses, which it looks for after entities are gone.
fn push_plain(markdown: &mut String, text: &str) {
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        push_entity(markdown, character);
        let next = characters.peek().copied().unwrap_or(' ');
        let ends_with = |end: &str| {
            markdown.get(markdown.len().saturating_sub(end.len())..).is_some_and(|it| it.eq_ignore_ascii_case(end))
        };
        let breaks = match character {
            '@' | '#' => next.is_alphanumeric(),
            ':' => next == '/',
            '.' => next.is_alphanumeric() && ends_with("www."),
            '-' => next.is_ascii_digit() && ends_with("gh-"),
            _ => false,
        };
        if breaks {
            markdown.push_str("&#8203;");
        }
    }
}

fn push_entity(html: &mut String, character: char) {
    if "&<>|*_`[]()~\\!$\"'".contains(character) {
        _ = write!(html, "&#{};", u32::from(character));
    } else {
        html.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_titles_are_only_shown() {
        assert_eq!(title("a|b `c|d` <b>"), "a&#124;b <code>c&#124;d</code> &#60;b&#62;");
        assert_eq!(title("@team fixes #12"), "@&#8203;team fixes #&#8203;12");
        assert_eq!(title("https://x www.y GH-3"), "https:&#8203;//x www.&#8203;y GH-&#8203;3");
        assert_eq!(title("one ` tick"), "one &#96; tick");
        assert_eq!(title("*a* [b](c)"), "&#42;a&#42; &#91;b&#93;&#40;c&#41;");
    }

    #[test]
    fn a_title_is_one_line_without_controls_and_direction() {
        assert_eq!(title("a\r\n::b\u{2028}c\u{1b}[1md\u{202e}e\u{85}f"), "a ::b c&#91;1mde f");
        assert_eq!(code("a\n\u{9b}b\u{2066}"), "<code>a b</code>");
    }

    #[test]
    fn a_chip_has_no_blank_to_break_at() {
        assert_eq!(chip("+ priority: <high>"), "<code>+&nbsp;priority:&nbsp;&#60;high&#62;</code>");
    }

    #[test]
    fn a_fence_is_longer_than_any_in_its_text() {
        let ticks = "`".repeat(40);
        let block = fenced("diff", &format!("+{ticks}\n"));
        assert!(block.starts_with(&format!("{ticks}`diff\n")));
        assert!(block.ends_with(&format!("\n{ticks}`\n")));
    }
}
