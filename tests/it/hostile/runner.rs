//! How GitHub's runner parses a log: the rules of its `ActionCommand`, reimplemented.

/// The commands that the runner knows.
const KNOWN: [&str; 16] = [
    "error",
    "warning",
    "notice",
    "debug",
    "add-mask",
    "add-path",
    "set-env",
    "set-output",
    "save-state",
    "group",
    "endgroup",
    "stop-commands",
    "echo",
    "add-matcher",
    "remove-matcher",
    "internal-set-repo-path",
];

/// A command that the runner found in a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Command {
    pub name: String,
    pub properties: Vec<(String, String)>,
    pub data: String,
}

/// The lines of a log, as .NET splits them, and with additional line separators for other readers.
pub(super) fn lines(log: &str) -> impl Iterator<Item = &str> {
    log.split(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'])
}

/// Characters that .NET ignores at the start of a line or in comparisons.
fn is_passed_over(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The command in a line, if there is one.
pub(super) fn command(line: &str) -> Option<Command> {
    new_form(line).or_else(|| old_form(line))
}

fn new_form(line: &str) -> Option<Command> {
    let rest = line.trim_start_matches(is_passed_over).strip_prefix("::")?;
    let (info, data) = rest.split_once("::")?;
    let data = data.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
    let unescape = |text: &str| {
        let text = text.replace("%0D", "\r").replace("%0A", "\n");
        text.replace("%3A", ":").replace("%2C", ",").replace("%25", "%")
    };
    parts(info, ',', unescape).map(|(name, properties)| Command { name, properties, data })
}

fn old_form(line: &str) -> Option<Command> {
    let (info, data) = line.split_once("##[")?.1.split_once(']')?;
    let (name, properties) = parts(info, ';', str::to_owned)?;
    Some(Command { name, properties, data: data.to_owned() })
}

type Parts = (String, Vec<(String, String)>);

fn parts(info: &str, separator: char, unescape: impl Fn(&str) -> String) -> Option<Parts> {
    let (name, properties) = info.split_once(' ').unwrap_or((info, ""));
    let name = name.to_lowercase();
    let pairs = properties.split(separator).filter_map(|pair| pair.split_once('='));
    let pairs = pairs.map(|(name, value)| (name.trim().to_owned(), unescape(value))).collect();
    KNOWN.contains(&name.as_str()).then_some((name, pairs))
}

#[test]
fn the_simulated_runner_obeys_the_same_commands_as_githubs() {
    let known = |line: &str| command(line).map(|it| (it.name, it.data));
    assert_eq!(known(" \u{3000}::error file=a::b%0Ac"), Some(("error".into(), "b\nc".into())));
    assert_eq!(known("\u{feff}::ADD-MASK::b"), Some(("add-mask".into(), "b".into())));
    assert_eq!(known("x ##[group]b"), Some(("group".into(), "b".into())));
    for harmless in ["x ::error::b", ":\u{200b}:error::b", "##\u{200b}[error]b", "::unknown::b", "::error b"] {
        assert_eq!(known(harmless), None, "{harmless}");
    }
    let properties = command("::warning file=a%2Cb%3Ac,line=2::d").unwrap().properties;
    assert_eq!(properties, [("file".into(), "a,b:c".into()), ("line".into(), "2".into())]);
}
