//! A document with a margin that shows what each line was read as.

use std::collections::BTreeMap;
use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use crate::plan::Plan;
use crate::plan::read::outline::{Line, Role};
use crate::plan::title::printable;

/// The most characters of a line that are shown.
const WIDTH: usize = 120;

fn style(role: Role) -> Style {
    match role {
        Role::Milestone => AnsiColor::Magenta.on_default().bold(),
        Role::Issue => AnsiColor::Green.on_default().bold(),
        Role::Field | Role::Label | Role::Dependency | Role::Gate => AnsiColor::Cyan.on_default(),
        Role::Skipped => AnsiColor::Yellow.on_default(),
        Role::Group => Style::new().bold(),
        Role::Body | Role::Repeat => Style::new().dimmed(),
    }
}

/// Renders a plan's document line by line, and below it why each kind of line was read as it was.
pub fn render(plan: &Plan) -> String {
    let mut text = String::new();
    let by_line: BTreeMap<usize, &Line> = plan.outline.iter().map(|line| (line.line, line)).collect();
    _ = writeln!(text, "{}: read as `{}`: {}\n", plan.source.name, plan.dialect, plan.why);
    for (number, line) in plan.source.text.lines().enumerate().map(|(at, line)| (at + 1, line)) {
        let found = by_line.get(&number);
        let role = found.map(|line| line.is);
        let name = role.map_or("", Role::name);
        let paint = role.map(style).unwrap_or_default();
        let indent: String = line.chars().take_while(|it| *it == ' ' || *it == '\t').collect();
        let shown: String =
            format!("{}{}", indent.replace('\t', "    "), printable(line)).chars().take(WIDTH).collect();
        let mark = if found.is_some_and(|line| line.warned) { '!' } else { ' ' };
        _ = writeln!(text, "{paint}{name:>10}{paint:#}{mark}{number:>5} │ {shown}");
        if let Some(line) = found.filter(|line| matches!(line.is, Role::Skipped | Role::Repeat) && !line.why.is_empty())
        {
            let dim = Style::new().dimmed();
            _ = writeln!(text, "{:>16} │ {dim}^ {}{dim:#}", "", line.why);
        }
    }
    text
}
