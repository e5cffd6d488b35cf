//! Which characters of other people's text may be shown or stored.

/// Folds white space to single spaces and drops control and direction characters: one line that is safe to show.
pub fn printable(text: &str) -> String {
    let visible: String = text
        .chars()
        .map(|character| if character.is_whitespace() { ' ' } else { character })
        .filter(|character| !character.is_control() && !steers_direction(*character))
        .collect();
    visible.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Drops control characters from a text of several lines. Line ends become `\n`; blanks and tabs stay, and so do
/// direction characters, which right-to-left text needs.
pub fn without_controls(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|character| matches!(character, '\t' | '\n') || !character.is_control()).collect()
}

/// Unicode's explicit directional formatting characters, which can make text read as what it is not.
pub fn steers_direction(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
}

/// Whether a character takes no room in a line, so that what follows it looks like the line's beginning. .NET, which
/// GitHub's runner is written in, passes over most of these when it compares texts.
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

/// What follows a change of style (`ESC [ 1 ; 31 m`), if a text begins with one. Nothing else that begins with ESC may
/// reach a terminal: it could move the cursor, name a link or set the title of the window.
pub fn after_style(text: &str) -> Option<&str> {
    let codes = text.strip_prefix("\u{1b}[")?;
    codes.trim_start_matches(|it: char| it.is_ascii_digit() || it == ';').strip_prefix('m')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_has_neither_controls_nor_direction() {
        assert_eq!(printable(" a\r\nb\u{85}c\u{2028}d\u{202e}e\u{1b}[1m\u{9b}2m\u{0} "), "a b c de[1m2m");
    }

    #[test]
    fn lines_stay_lines_without_controls() {
        assert_eq!(
            without_controls("a\r\nb\rc\td\u{1b}]8;;x\u{7}\u{0}\u{9b}\u{5d0}\u{200f}"),
            "a\nb\nc\td]8;;x\u{5d0}\u{200f}"
        );
    }
}
