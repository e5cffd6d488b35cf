//! Hostile texts. Each contains a tag such as `forged00`, by which it can be found wherever it ends up.

/// Texts that pretend to be something else. `T` stands for the tag.
const TEXTS: &[&str] = &[
    // Workflow commands.
    "::error::T",
    "::warning file=x,line=1::T",
    "::notice title=x::T",
    "::add-mask::T",
    "::set-output name=gate::T",
    "::stop-commands::T",
    "::group::T",
    "::ADD-MASK::T",
    "##[error]T",
    "##[group]T",
    "words ##[add-mask]T",
    "\u{feff}::error::T",
    "\u{3000}::error::T",
    "\u{200b}::error::T",
    "\u{ad}::error::T",
    ":\u{202e}:error::T",
    "#\u{2066}#[error]T",
    "::\u{0}error::T",
    // Characters that some reader treats as a line break.
    "T\r::error::T",
    "T\u{b}::error::T",
    "T\u{c}::error::T",
    "T\u{85}::error::T",
    "T\u{2028}::error::T",
    "T\u{2029}::error::T",
    "T%0A::error::T",
    "T%0D%0A::error::T%25",
    "T&#10;::error::T",
    // Terminal control sequences.
    "\u{1b}[8mT",
    "\u{1b}[1m::error::T",
    "\u{1b}[2J\u{1b}[1;1HT",
    "\u{1b}]8;;http://evil.example\u{7}T\u{1b}]8;;\u{7}",
    "\u{1b}]0;T\u{7}",
    "\u{9b}8mT",
    "T\u{8}\u{8}\u{7f}",
    // Directional and invisible characters.
    "T\u{202e}gpj.exe",
    "T\u{2066}a\u{2069}\u{200f}\u{61c}",
    "T\u{200b}\u{200d}\u{2060}z",
    // Text that GitHub turns into links, mentions or references.
    "@stars/everyone T",
    "T @grace",
    "fixes #1 T",
    "T GH-2",
    "stars/observatory#3 T",
    "https://evil.example/T",
    "www.evil.example/T",
    "T mail@evil.example",
    // Markup.
    "<script>alert(1)</script>T",
    "<img src=x onerror=alert(1)>T",
    "</details></summary></code>T",
    "--> T",
    "<!-- T",
    "<!-- plan-action:1 {} --> T",
    "<!-- /plan-action --> T",
    "<!-- plan-action-comment {} --> T",
    "``` T",
    "~~~ T",
    "`T",
    "T | a | b |",
    "[T](http://evil.example)",
    "![T](http://evil.example)",
    "**T** _T_ ~~T~~ $T$",
    "# T",
    "> [!CAUTION] T",
    // Front matter, and the runner's command files.
    "--- T",
    "plan: T",
    "x<<EOF T",
    "EOF",
    "gate=T",
];

/// A text and the tag that identifies it.
#[derive(Debug, Clone)]
pub(super) struct Text {
    pub tag: String,
    pub text: String,
}

/// All texts. The last one is very long.
pub(super) fn all() -> Vec<Text> {
    let long = "::error::T ".repeat(13);
    let texts = TEXTS.iter().copied().chain([long.trim_end()]);
    texts
        .enumerate()
        .map(|(at, text)| {
            let tag = format!("forged{at:02}");
            Text { text: text.replace('T', &tag), tag }
        })
        .collect()
}

/// The texts without these characters, for positions that cannot hold them.
pub(super) fn without(characters: &[char]) -> Vec<Text> {
    all().into_iter().filter(|it| !it.text.contains(characters)).collect()
}
