//! The document's own dependency graph: the arrows of its mermaid flowcharts.

use std::collections::BTreeSet;
use std::ops::Range;

use super::diagnostic::Diagnostics;
use super::draft::GraphEdge;
use super::read::markdown::{Document, Kind};
use super::{PlanKey, PlannedIssue};

/// The arrows of every mermaid flowchart in the document; `None` where there is no flowchart.
pub fn read(document: &Document) -> Option<Vec<GraphEdge>> {
    let mut edges = None;
    for block in document.blocks() {
        if let Kind::Code { info, literal, .. } = &block.kind
            && info.split_whitespace().next() == Some("mermaid")
            && is_flowchart(literal)
        {
            // The fence is a line of its own; the text begins on the next.
            let first_line = block.line + 1;
            let edges = edges.get_or_insert_with(Vec::new);
            for (at, line) in literal.lines().enumerate() {
                let span = document.source.lines(first_line + at, first_line + at);
                edges.extend(arrows(line).into_iter().map(|(blocker, blocked)| GraphEdge {
                    blocker,
                    blocked,
                    span: trimmed(&document.source.text, span.clone()),
                }));
            }
        }
    }
    edges
}

fn trimmed(text: &str, span: Range<usize>) -> Range<usize> {
    let line = &text[span.clone()];
    let start = span.start + (line.len() - line.trim_start().len());
    start..span.end.max(start)
}

fn is_flowchart(text: &str) -> bool {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with("%%"));
    first.is_some_and(|line| line.starts_with("graph") || line.starts_with("flowchart"))
}

/// The arrows of one line: `A --> B`, `A[text] -->|text| B & C --> D`, with every kind of shaft.
fn arrows(line: &str) -> Vec<(String, String)> {
    let line = line.trim().trim_end_matches(';');
    if line.starts_with("%%") || line.starts_with("subgraph") {
        return Vec::new();
    }
    let mut groups = vec![Vec::new()];
    let mut rest = line;
    loop {
        let (nodes, after) = node_group(rest);
        if nodes.is_empty() {
            break;
        }
        groups.push(nodes);
        match shaft(after) {
            Some(after) => rest = after,
            None => break,
        }
    }
    let pairs = groups
        .windows(2)
        .flat_map(|pair| pair[0].iter().flat_map(|from: &String| pair[1].iter().map(|to| (from.clone(), to.clone()))));
    pairs.collect()
}

/// Nodes joined with `&`, and what follows them.
fn node_group(text: &str) -> (Vec<String>, &str) {
    let mut nodes = Vec::new();
    let mut rest = text.trim_start();
    loop {
        let end = rest
            .char_indices()
            .find(|(at, character)| {
                !(character.is_alphanumeric()
                    || matches!(character, '_' | '.')
                    || (*character == '-' && !rest[at + 1..].starts_with(['-', '.', '>'])))
            })
            .map_or(rest.len(), |(at, _)| at);
        if end == 0 {
            return (nodes, rest);
        }
        nodes.push(rest[..end].to_owned());
        rest = after_shape(&rest[end..]).trim_start();
        match rest.strip_prefix('&') {
            Some(more) => rest = more.trim_start(),
            None => return (nodes, rest),
        }
    }
}

/// Skips a node's shape with its text (`[…]`, `(…)`, `{…}`, `>…]`) and its class (`:::name`).
fn after_shape(text: &str) -> &str {
    let mut rest = text;
    let close = match rest.chars().next() {
        Some('[' | '>') => Some(']'),
        Some('(') => Some(')'),
        Some('{') => Some('}'),
        _ => None,
    };
    if let Some(close) = close {
        let body = &rest[1..];
        let quoted = body.find('"').filter(|open| body[..*open].chars().all(|character| "[({/\\".contains(character)));
        let from = quoted.and_then(|open| Some(open + 1 + body[open + 1..].find('"')? + 1)).unwrap_or(0);
        let Some(end) = body[from..].find(close) else { return "" };
        rest = body[from + end..].trim_start_matches([']', ')', '}']);
    }
    match rest.strip_prefix(":::") {
        Some(class) => class.trim_start_matches(|character: char| character.is_alphanumeric() || character == '_'),
        None => rest,
    }
}

/// Skips an arrow with its text, and gives what follows it; `None` where there is no arrow.
fn shaft(text: &str) -> Option<&str> {
    let text = text.trim_start();
    if !["--", "==", "-.", "<--", "<==", "~~~"].iter().any(|start| text.starts_with(start)) || text.starts_with("~~~") {
        return None;
    }
    let is_shaft = |character: char| "-=.<>ox".contains(character);
    let first = text.trim_start_matches(|character: char| "-=.<".contains(character));
    // `-- text -->` has its text between two shafts, `-->|text|` behind one.
    let rest = if let Some(head) = first.strip_prefix('>') {
        head
    } else if first.starts_with(['o', 'x']) && first[1..].starts_with(' ') {
        &first[1..]
    } else if let Some(at) = ["-->", "==>", ".->", "---", "==="].iter().filter_map(|end| first.find(end)).min() {
        first[at..].trim_start_matches(is_shaft)
    } else {
        first
    };
    let rest = rest.trim_start();
    match rest.strip_prefix('|') {
        Some(label) => label.find('|').map(|end| &label[end + 1..]),
        None => Some(rest),
    }
}

/// Warns of each arrow that the `depends_on` lists do not have, and of each dependency that the graph does not draw.
pub fn compare(edges: &[GraphEdge], issues: &[PlannedIssue], diagnostics: &mut Diagnostics) {
    let known = |key: &str| issues.iter().find(|issue| issue.key.as_str() == key);
    let ours = edges.iter().any(|edge| known(&edge.blocker).is_some() || known(&edge.blocked).is_some());
    if !ours {
        return;
    }
    let mut drawn = BTreeSet::new();
    for edge in edges {
        let (blocker, blocked) = (PlanKey::written(&edge.blocker), PlanKey::written(&edge.blocked));
        if !drawn.insert((blocker.clone(), blocked.clone())) {
            continue;
        }
        let unknown = [&edge.blocker, &edge.blocked].into_iter().find(|key| known(key).is_none());
        let (disagrees, help) = match (unknown, known(&edge.blocked)) {
            (None, Some(issue)) if issue.depends_on.contains(&blocker) => continue,
            (Some(unknown), _) => {
                (format!("there is no issue `{unknown}`"), "remove the arrow, or add the issue to the plan".into())
            }
            (None, _) => (
                format!("`{blocked}` does not depend on `{blocker}`"),
                format!(
                    "the lists take precedence: remove the arrow, or add `{blocker}` to `depends_on` of `{blocked}`"
                ),
            ),
        };
        diagnostics.warning(
            "graph-disagrees",
            edge.span.clone(),
            format!("the diagram draws `{blocker} --> {blocked}`, but {disagrees}"),
            help,
        );
    }
    for issue in issues {
        for blocker in &issue.depends_on {
            if !drawn.contains(&(blocker.clone(), issue.key.clone())) {
                diagnostics.warning(
                    "graph-disagrees",
                    issue.spans.depends_on.each.get(blocker).unwrap_or(&issue.span).clone(),
                    format!("`{}` depends on `{blocker}`, but the diagram does not draw it", issue.key),
                    format!("the lists take precedence: add `{blocker} --> {}` to the diagram", issue.key),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(line: &str) -> String {
        arrows(line).iter().map(|(from, to)| format!("{from}>{to}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn every_kind_of_arrow_is_read() {
        for (line, expected) in [
            ("I1 --> I2", "I1>I2"),
            ("  I1-->I2;", "I1>I2"),
            ("I1 --> I2 --> I3", "I1>I2 I2>I3"),
            ("I1 & I2 --> I3 & I4", "I1>I3 I1>I4 I2>I3 I2>I4"),
            ("I1[Mount (the) scope] -->|then| I2{\"a ] b\"}", "I1>I2"),
            ("I1 -- then --> I2", "I1>I2"),
            ("I1 -.-> I2 ==> I3", "I1>I2 I2>I3"),
            ("I1 --- I2", "I1>I2"),
            ("T-001 ---> T-002:::late --> T-003", "T-001>T-002 T-002>T-003"),
            ("I1((round)) --x I2", "I1>I2"),
            ("I1[only a node]", ""),
            ("%% I1 --> I2", ""),
            ("subgraph one", ""),
            ("classDef gate fill:#fff", ""),
        ] {
            assert_eq!(drawn(line), expected, "{line}");
        }
    }
}
