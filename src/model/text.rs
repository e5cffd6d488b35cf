//! Which characters of untrusted text may be shown or stored.

/// Collapses white space to single spaces and drops control and directional formatting characters. The result is one
/// line that is safe to show.
pub fn printable(text: &str) -> String {
    let visible: String = text
        .chars()
        .map(|character| if character.is_whitespace() { ' ' } else { character })
        .filter(|character| !character.is_control() && !steers_direction(*character))
        .collect();
    visible.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Drops control characters from a multi-line text. Line endings become `
/// `. Spaces, tabs and directional formatting characters are kept; right-to-left text needs the latter.
pub fn without_controls(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|character| matches!(character, '\t' | '\n') || !character.is_control()).collect()
}

/// Whether a character is one of Unicode's explicit directional formatting characters, which can make a text appear to
/// say something else.
pub fn steers_direction(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
}

/// Whether a character is invisible, so that the text after it looks like the start of the line. .NET, which GitHub's
/// runner is written in, ignores most of these characters when it compares strings.
pub fn is_invisible(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || steers_direction(character)
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// The rest of a text that begins with an ANSI style sequence (`ESC [ 1 ; 31 m`). No other escape sequence may reach a
/// terminal: it could move the cursor, create a link or set the window title.
pub fn after_style(text: &str) -> Option<&str> {
    let codes = text.strip_prefix("\u{1b}[")?;
    codes.trim_start_matches(|it: char| it.is_ascii_digit() || it == ';').strip_prefix('m')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printable_text_has_no_control_or_directional_characters() {
        assert_eq!(printable(" a\r\nb\u{85}c\u{2028}d\u{202e}e\u{1b}[1m\u{9b}2m\u{0} "), "a b c de[1m2m");
    }

    #[test]
    fn multi_line_text_keeps_its_lines_but_loses_control_characters() {
        assert_eq!(
            without_controls("a\r\nb\rc\td\u{1b}]8;;x\u{7}\u{0}\u{9b}\u{5d0}\u{200f}"),
            "a\nb\nc\td]8;;x\u{5d0}\u{200f}"
        );
    }
}
