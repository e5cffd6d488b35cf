//! Other people's text written so that a plan reads it to the letter.

/// A title as a heading has it: what markdown would take for markup is escaped.
pub(super) fn escaped(title: &str) -> String {
    let mut escaped = String::with_capacity(title.len());
    let last = title.len();
    for (at, character) in title.char_indices() {
        let is_markup = matches!(character, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '!' | '|')
            || character == '#' && (at == 0 || at + 1 == last || title[at..].trim_matches('#').is_empty());
        if is_markup {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// Whether it is worth trying to write a title in a heading as it is.
pub(super) fn is_plain_title(title: &str) -> bool {
    !title.contains(['<', '\\']) && !title.ends_with('#')
}

/// A text in a code span.
pub(super) fn code(text: &str) -> String {
    let runs: Vec<usize> = text.split(|it| it != '`').map(str::len).collect();
    let ticks = "`".repeat((1..=runs.len() + 1).find(|count| !runs.contains(count)).unwrap_or(1));
    // One blank at each end is taken off again.
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// A text in a fence that it cannot end.
pub(super) fn fenced(text: &str) -> String {
    let longest = text.split(|it| it != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}markdown\n{text}\n{fence}\n")
}

/// Whether a text can stand below a heading as it is: paragraphs and lists, without anything that could begin or end
/// another part of the plan. Whether it is read as it is has to be tried.
pub(super) fn is_plain_text(text: &str) -> bool {
    let begins = |line: &str| {
        let start = line.trim_start();
        let is_rule = |mark: char| !start.is_empty() && start.chars().all(|it| it == mark || it == ' ');
        start.starts_with(['#', '|', '<', '>', '=', '~', '\t'])
            || start.starts_with("```")
            || ['-', '*', '_', '+'].into_iter().any(is_rule)
            || line.starts_with("    ")
    };
    let has_html = text.contains("<!--") || text.contains("-->") || text.contains("<details") || text.contains("</");
    !has_html && !text.lines().any(begins) && !text.contains("gh issue create") && !text.contains("gh label create")
}
