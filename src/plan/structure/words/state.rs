//! What means done, in words and glyphs.

const DONE: &[&str] = &[
    "done",
    "completed",
    "complete",
    "closed",
    "finished",
    "shipped",
    "merged",
    "resolved",
    "erledigt",
    "fertig",
    "abgeschlossen",
    "hecho",
    "hecha",
    "completado",
    "completada",
    "terminado",
    "terminé",
    "terminée",
    "fait",
    "concluído",
    "concluída",
    "concluido",
    "feito",
    "완료",
    "完了",
    "完成",
    "已完成",
    "готово",
    "выполнено",
    "сделано",
    "x",
    "yes",
    "100%",
];

/// Whether a status means that it is done.
pub fn is_done(status: &str) -> bool {
    let status = status.trim();
    if let Some((done, _)) = glyph(status) {
        return done;
    }
    let words = status.trim_matches(|character: char| !character.is_alphanumeric() && character != '%').to_lowercase();
    let first = words.split([' ', ',', '(', '-', '–', '—', ':']).next().unwrap_or_default();
    DONE.contains(&first) || ["100%"].contains(&words.as_str())
}

/// Glyphs that tell of a state, each with whether it is done.
const GLYPHS: &[(&str, bool)] = &[
    ("✅", true),
    ("☑", true),
    ("✔", true),
    ("✓", true),
    ("🟩", true),
    ("☐", false),
    ("⬜", false),
    ("◻", false),
    ("◽", false),
    ("🔲", false),
    ("🔳", false),
    ("⏳", false),
    ("⌛", false),
    ("🚧", false),
    ("🔄", false),
    ("❌", false),
    ("⏸", false),
    ("⏱", false),
    ("🟡", false),
    ("🟢", false),
    ("🔴", false),
    ("🟠", false),
    ("🔵", false),
    ("⚪", false),
    ("⚫", false),
    ("🏗", false),
    ("🔜", false),
    // What the first two become where UTF-8 was read as Mac Roman or Windows-1252.
    ("‚úÖ", true),
    ("âœ…", true),
];

/// The glyph of a state that a text begins with, and the rest.
pub fn glyph(text: &str) -> Option<(bool, &str)> {
    GLYPHS.iter().find_map(|(glyph, done)| {
        let rest = text.strip_prefix(glyph)?;
        Some((*done, rest.trim_start_matches('\u{fe0f}').trim_start()))
    })
}

/// The glyph of a state that a text ends with, and what stands before it.
pub fn last_glyph(text: &str) -> Option<(bool, &str)> {
    let text = text.trim_end().trim_end_matches('\u{fe0f}');
    GLYPHS.iter().find_map(|(glyph, done)| Some((*done, text.strip_suffix(glyph)?.trim_end())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn done_is_done_in_every_word() {
        for status in ["Done", "✅ Complete", "`done`", "COMPLETED (2024)", "erledigt", "완료", "100%"] {
            assert!(is_done(status), "{status}");
        }
        for status in ["In progress", "🚧 In Progress", "Not done", "☐", "", "Planned", "undone"] {
            assert!(!is_done(status), "{status}");
        }
    }
}
