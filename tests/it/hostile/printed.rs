//! What may be printed to a log, a terminal, JSON, and the runner's files.

use std::collections::BTreeMap;

use super::runner;
use crate::double::TOKEN;

/// The style codes that plan-action uses. None of them hides text, blinks or sets a background.
const STYLES: [&str; 14] = ["0", "1", "2", "4", "31", "32", "33", "34", "36", "91", "92", "93", "94", "96"];

fn is_forbidden(character: char) -> bool {
    (character.is_control() && !matches!(character, '\n' | '\t'))
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
        || matches!(character, '\u{2028}' | '\u{2029}')
}

/// Expects a text without control or directional characters.
pub(super) fn clean(what: &str, text: &str) {
    for line in text.lines() {
        assert!(!line.contains(is_forbidden), "{what}: a control or direction character: {line:?}");
    }
    assert!(!text.contains('\r') && !text.contains(TOKEN), "{what}: {text:?}");
}

/// Expects terminal output with our own styles and no other control sequences.
pub(super) fn terminal(text: &str) {
    let mut words = String::new();
    let mut parts = text.split("\u{1b}[");
    words.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (codes, rest) = part.split_once('m').expect("a style");
        assert!(codes.split(';').all(|code| STYLES.contains(&code)), "not a style of ours: {codes:?} before {rest:?}");
        words.push_str(rest);
    }
    clean("terminal", &words);
}

/// The workflow commands in a log. Fails if the runner would obey a command that is not ours.
pub(super) fn log(text: &str) -> Vec<runner::Command> {
    clean("log", text);
    let mut commands = Vec::new();
    for line in runner::lines(text) {
        let Some(command) = runner::command(line) else { continue };
        let is_ours = match command.name.as_str() {
            "group" => ["Preview of ", "Apply of ", "Drift of "].iter().any(|start| command.data.starts_with(start)),
            "endgroup" => command.data.is_empty(),
            "error" | "warning" | "notice" => line.starts_with("::") && is_annotation(&command),
            _ => false,
        };
        assert!(is_ours, "the runner would obey this: {line:?}");
        clean("command", &command.data);
        commands.push(command);
    }
    commands
}

/// Whether an annotation is ours: it begins with our words and has only the properties that we write.
fn is_annotation(command: &runner::Command) -> bool {
    let names: Vec<&str> = command.properties.iter().map(|(name, _)| name.as_str()).collect();
    let is_code = |title: &str| title.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let are_ours = match &command.properties[..] {
        [] => true,
        [_, (_, line), (_, column), (_, title)] => {
            let are_numbers = [line, column].iter().all(|it| it.parse::<usize>().is_ok());
            names == ["file", "line", "col", "title"] && are_numbers && is_code(title)
        }
        _ => false,
    };
    command.properties.iter().for_each(|(_, value)| clean("property", value));
    are_ours && !command.data.trim_start().starts_with("forged")
}

/// Parses JSON, which must also be safe to print.
pub(super) fn json(text: &str) -> serde_json::Value {
    clean("JSON", text);
    assert!(log(text).is_empty());
    serde_json::from_str(text).expect("JSON")
}

/// The outputs of a run must be ours and have the expected form.
pub(super) fn outputs(outputs: &BTreeMap<String, String>) {
    for (name, value) in outputs {
        let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
        let fits = match name.as_str() {
            "created" | "updated" | "closed" | "drift" | "conflicts" => is_number,
            "changed" => ["true", "false"].contains(&value.as_str()),
            "gate" => ["open", "shut"].contains(&value.as_str()),
            "digest" => value.split(' ').all(|it| it.is_empty() || it.starts_with("sha256:") && it.len() == 71),
            "diff" => value.ends_with(".json") && !value.contains("forged"),
            "comment-url" => value.starts_with("https://github.example/pull/12#issuecomment-"),
            _ => false,
        };
        assert!(fits, "output {name}={value:?}");
        clean("output", value);
    }
}
