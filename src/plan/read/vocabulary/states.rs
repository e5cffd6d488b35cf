//! What means done, in words and glyphs.

use std::sync::LazyLock;

use super::lexicon::{Lexicon, Words, each};

static KNOWN: LazyLock<Lexicon<bool>> = LazyLock::new(|| Lexicon::new(&[(true, DONE), (false, OPEN)]));

pub(super) const DONE: &[Words] = &[
    (
        "en",
        "done, completed, complete, closed, finished, shipped, merged, resolved, fixed, released, delivered, \
             implemented, x, yes, 100%",
    ),
    ("de", "erledigt, fertig, abgeschlossen, umgesetzt, behoben"),
    ("es", "hecho, hecha, completado, completada, terminado, terminada"),
    ("pt", "concluído, concluída, concluido, feito, entregue"),
    ("fr", "terminé, terminée, fait, livré"),
    ("ru", "готово, выполнено, сделано, завершено"),
    ("zh", "完成, 已完成"),
    ("ja", "完了, 済"),
    ("ko", "완료, 완료됨"),
    ("nl", "klaar, afgerond"),
];

pub(super) const OPEN: &[Words] = &[
    (
        "en",
        "open, todo, to do, planned, pending, in progress, in-progress, started, not started, doing, wip, \
             blocked, review, in review, next, backlog, deferred, cancelled, incomplete, partial, partially \
             complete, active, upcoming, ready, inc",
    ),
    ("de", "offen, geplant, in arbeit"),
    ("es", "pendiente, en progreso, en curso"),
    ("pt", "pendente, em andamento, planejado"),
    ("fr", "à faire, en cours, prévu"),
    ("ru", "в работе, запланировано"),
    ("zh", "进行中, 未开始, 待办"),
    ("ja", "未着手, 進行中"),
    ("ko", "진행 중, 대기, 예정"),
];

/// Whether a status means that it is done.
pub fn is_done(status: &str) -> bool {
    let status = status.trim().trim_matches(['*', '_', '`', '~']);
    if let Some((done, _)) = glyph(status) {
        return done;
    }
    let words = status.trim_matches(|character: char| !character.is_alphanumeric() && character != '%').to_lowercase();
    let first = words.split([' ', ',', '(', '-', '–', '—', ':', '。', '.', ';', '/']).next().unwrap_or_default();
    KNOWN.get(first) == Some(true) || words == "100%"
}

/// Whether a status is one that is known, or says nothing.
pub fn is_known(status: &str) -> bool {
    let status = status.trim().trim_matches(['*', '_', '`', '~']);
    let words = status.trim_matches(|character: char| !character.is_alphanumeric()).to_lowercase();
    let is_open = |word: &str| {
        words.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|character: char| character.is_alphanumeric()))
    };
    words.is_empty()
        || glyph(status).is_some()
        || is_done(status)
        || words.starts_with("not ")
        || words.starts_with(|character: char| character.is_ascii_digit())
        || each(OPEN).any(is_open)
        || crate::plan::read::field_line::is_none(status)
}

/// The state that a text gives in front, in brackets, a code span or before a dash (`[Done] Bake`), and the rest.
pub fn leading_state(text: &str) -> Option<(bool, &str)> {
    let (word, rest) = match text.chars().next()? {
        '[' => text[1..].split_once(']')?,
        '`' => text[1..].split_once('`')?,
        _ => {
            let end = text.find([' ', ':']).unwrap_or(text.len());
            let (word, rest) = text.split_at(end);
            let is_shouted = word.len() > 3 && word.chars().all(char::is_uppercase);
            let after = rest.trim_start().strip_prefix(['-', '–', '—', ':']).filter(|it| it.starts_with(' '));
            (word, after.filter(|_| is_shouted)?)
        }
    };
    let word = word.trim().to_lowercase();
    let done = KNOWN.get(&word).filter(|done| !done || word != "x")?;
    Some((done, rest.trim_start_matches([' ', ':', '-', '–', '—'])))
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
        for status in
            ["Done", "✅ Complete", "`done`", "COMPLETED (2024)", "erledigt", "완료", "100%", "**完了。** 次へ"]
        {
            assert!(is_done(status), "{status}");
        }
        for status in ["In progress", "🚧 In Progress", "Not done", "☐", "", "Planned", "undone", "Incomplete"] {
            assert!(!is_done(status), "{status}");
        }
    }

    #[test]
    fn a_state_may_stand_in_front() {
        assert_eq!(leading_state("[Done] Bake"), Some((true, "Bake")));
        assert_eq!(leading_state("[In-progress] Bake"), Some((false, "Bake")));
        assert_eq!(leading_state("FIXED — Bake"), Some((true, "Bake")));
        assert_eq!(leading_state("[API] Bake"), None);
        assert_eq!(leading_state("Done things"), None);
    }
}
