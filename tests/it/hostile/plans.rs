//! Plans with hostile texts in every position.

use std::fmt::Write;

use super::corpus::{Text, all, without};

/// A position, the texts that it can hold, and a plan that contains all of them there.
pub(super) struct Position {
    pub name: &'static str,
    pub texts: Vec<Text>,
    pub plan: String,
    /// The number of issues that an apply of the plan creates.
    pub issues: usize,
}

/// Every position in a plan.
pub(super) fn positions() -> Vec<Position> {
    vec![milestones(), unkeyed(), keyed(), bodies(), labels(), keys(), front_matter()]
}

fn position(name: &'static str, texts: Vec<Text>, issues: usize, plan: String) -> Position {
    Position { name, texts, plan, issues }
}

fn milestones() -> Position {
    let texts = all();
    let mut plan = String::from("# Hostile\n\n## Milestones\n\n");
    texts.iter().enumerate().for_each(|(at, it)| _ = writeln!(plan, "{}. `M{at}` {}", at + 1, it.text));
    plan.push_str("\n## Issues\n\n### `I1` The only one\n\n- Milestone: `M0`\n");
    position("milestone", texts, 1, plan)
}

/// A checklist with boxes but without keys.
fn unkeyed() -> Position {
    let texts = all();
    let mut plan = String::from("# Hostile\n\n## Phase 1: First\n\n");
    texts.iter().for_each(|it| _ = writeln!(plan, "- [ ] {}", it.text));
    position("unkeyed issue", texts.clone(), texts.len(), plan)
}

fn issues(texts: &[Text], heading: impl Fn(usize, &Text) -> String, rest: impl Fn(usize, &Text) -> String) -> String {
    let mut plan = String::from("# Hostile\n\n## Milestones\n\n1. `M1` First\n\n## Issues\n");
    for (at, text) in texts.iter().enumerate() {
        _ = write!(plan, "\n### {}\n\n- Milestone: `M1`\n{}", heading(at, text), rest(at, text));
    }
    plan
}

fn keyed() -> Position {
    let texts = all();
    // Each issue depends on the one before, so that the texts also appear as blockers and in the graph.
    let waits = |at: usize, _: &Text| if at == 0 { String::new() } else { format!("- Depends on: I{}\n", at - 1) };
    let plan = issues(&texts, |at, it| format!("`I{at}` {}", it.text), waits);
    position("keyed issue", texts.clone(), texts.len(), plan)
}

fn bodies() -> Position {
    // A fence or comment that a text opens would swallow the rest of the plan, as it should.
    let opens = |it: &Text| ["```", "~~~", "<!-- forged"].iter().any(|start| it.text.starts_with(start));
    let texts: Vec<Text> = all().into_iter().filter(|it| !opens(it)).collect();
    let body = |_: usize, it: &Text| format!("\n{}\n\n```sh\n{}\n```\n", it.text, it.text);
    let plan = issues(&texts, |at, _| format!("`I{at}` Title {at}"), body);
    position("issue text", texts.clone(), texts.len(), plan)
}

fn labels() -> Position {
    let texts = without(&['`', '\n', '\r']);
    let label = |_: usize, it: &Text| format!("- Labels: `{}`\n", it.text.chars().take(50).collect::<String>());
    // Each issue here takes two creating requests (one for its label), and GitHub allows 80 a minute.
    let plan = issues(&texts[..], |at, _| format!("`I{at}` Title {at}"), label);
    position("label", texts.clone(), texts.len(), plan)
}

fn keys() -> Position {
    let texts = without(&['`', '\n', '\r']);
    let plan = issues(&texts, |at, it| format!("`{}` Title {at}", it.text), |_, _| String::new());
    position("key", texts.clone(), texts.len(), plan)
}

/// A text as a YAML string.
pub(super) fn quoted(text: &str) -> String {
    let escaped = text.chars().map(|it| match it {
        ' '..='~' if !matches!(it, '"' | '\\') => it.to_string(),
        it => format!("\\u{:04x}", u32::from(it)),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

/// Unknown settings, which cause errors that repeat them.
pub(super) fn unknown_settings(texts: &[Text]) -> String {
    let lines: Vec<String> = texts.iter().map(|it| format!("{}: 1\n", quoted(&it.text))).collect();
    format!("---\n{}---\n# Hostile\n\n## Milestones\n\n1. `M1` First\n", lines.concat())
}

/// Front matter values: names and descriptions of labels, and release gates.
fn front_matter() -> Position {
    let texts = all();
    let mut plan = String::from("---\nlabels:\n");
    for text in &texts {
        let name: String = text.text.chars().take(50).collect();
        let description: String = text.text.chars().take(90).collect();
        _ = writeln!(plan, "  {}: {{color: \"#aabbcc\", description: {}}}", quoted(&name), quoted(&description));
    }
    plan.push_str("gates:\n");
    texts.iter().for_each(|it| _ = writeln!(plan, "  - {}", quoted(&it.text)));
    plan.push_str(
        "---\n# Hostile\n\n## Milestones\n\n1. `M1` First\n\n## Issues\n\n### `I1` One\n\n- Milestone: `M1`\n",
    );
    position("front matter", texts, 1, plan)
}
