//! What a runner does with a log: a line that begins with `::` is a command to it, and so is `##[` anywhere in one.
//! Everything that is printed in a workflow goes through here, whoever's text it is.

/// Whether this program runs in a workflow.
pub fn is_watched() -> bool {
    std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true")
}

/// A text in which a runner finds no command. A space that is not seen breaks what would be one.
pub fn quiet(text: &str) -> String {
    // A runner takes each of these for the end of a line, and passes over blanks before a command.
    let lines = text.split_inclusive(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}', '\u{b}', '\u{c}']);
    let line = |line: &str| {
        let words = line.trim_start();
        let blanks = &line[..line.len() - words.len()];
        let words = words.replace("##[", "##\u{200b}[");
        if words.starts_with("::") { format!("{blanks}:\u{200b}{}", &words[1..]) } else { format!("{blanks}{words}") }
    };
    lines.map(line).collect()
}

/// A value of a command.
pub fn value(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command.
pub fn property(text: &str) -> String {
    value(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_a_command() {
        assert_eq!(quiet("a ::b\n"), "a ::b\n");
        assert_eq!(quiet("::error::x\n  \t::set-output name=a::b\r::add-mask::c"), {
            ":\u{200b}:error::x\n  \t:\u{200b}:set-output name=a::b\r:\u{200b}:add-mask::c"
        });
        assert_eq!(quiet("x ##[error]y"), "x ##\u{200b}[error]y");
        assert_eq!(quiet("::stop-commands::a\u{2028}::b"), ":\u{200b}:stop-commands::a\u{2028}:\u{200b}:b");
    }

    #[test]
    fn values_and_properties_stay_in_their_line() {
        assert_eq!(value("50%\r\n::x"), "50%25%0D%0A::x");
        assert_eq!(property("a,b:c%0A"), "a%2Cb%3Ac%250A");
    }
}
