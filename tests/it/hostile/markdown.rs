//! What a comment or summary may contain once GitHub has rendered it.

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, parse_document};

use super::printed::clean;

/// The HTML tags that plan-action writes.
const TAGS: [&str; 16] = [
    "<details>",
    "<details open>",
    "</details>",
    "<summary>",
    "</summary>",
    "<b>",
    "</b>",
    "<code>",
    "</code>",
    "<br>",
    "<i>",
    "</i>",
    "<del>",
    "</del>",
    "<sub>",
    "</sub>",
];
/// The words that plan-action writes in bold.
const STRONG: [&str; 2] = ["plan-action", "Pending"];

/// Rendered text has no foreign links, mentions, references, headings, images or markup, and every `<details>` is
/// closed.
pub(super) fn harmless(what: &str, markdown: &str) {
    // The marker is not rendered. Paths in it are kept as they are, so that the plan is recognised.
    let shown = match markdown.split_once('\n') {
        Some((marker, rest)) if marker.starts_with("<!-- plan-action-comment ") => rest,
        _ => markdown,
    };
    clean(what, shown);
    let arena = Arena::new();
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.math_dollars = true;
    options.extension.alerts = true;
    let root = parse_document(&arena, markdown, &options);
    let mut page = Page { what, ..Page::default() };
    page.visit(root);
    page.check_words();
    assert!(page.open.is_empty(), "{what}: not closed: {:?}", page.open);
    rows(what, markdown);
}

#[derive(Default)]
struct Page<'w> {
    what: &'w str,
    open: Vec<String>,
    /// The text outside of code, concatenated.
    words: String,
}

impl Page<'_> {
    fn visit<'a>(&mut self, node: &'a AstNode<'a>) {
        let what = self.what;
        match &node.data.borrow().value {
            NodeValue::Text(text) => self.say(text),
            NodeValue::SoftBreak | NodeValue::LineBreak => self.say("\n"),
            NodeValue::HtmlInline(html) => self.tags(html),
            NodeValue::HtmlBlock(html) if html.literal.starts_with("<!-- plan-action-comment ") => {
                let line = html.literal.trim_end();
                assert!(html.literal.lines().count() == 1 && line.ends_with(" -->"), "{what}: {line:?}");
                assert_eq!((line.matches("<!--").count(), line.matches("-->").count()), (1, 1), "{what}: {line:?}");
                assert_eq!(node.data.borrow().sourcepos.start.line, 1, "{what}: a marker below the first line");
            }
            NodeValue::HtmlBlock(html) => self.tags(&html.literal),
            NodeValue::CodeBlock(code) => {
                assert!(["markdown", "diff", "mermaid"].contains(&code.info.as_str()), "{what}: {:?}", code.info);
                if code.info == "mermaid" {
                    mermaid(what, &code.literal);
                }
            }
            NodeValue::Strong => {
                let words = words_of(node);
                assert!(STRONG.iter().any(|own| words.starts_with(own)), "{what}: bold: {words:?}");
            }
            NodeValue::Link(link) => {
                assert!(is_our_link(&link.url, &words_of(node)), "{what}: a link to {}", link.url);
            }
            NodeValue::Heading(heading) => {
                let is_first = heading.level == 3 && words_of(node).starts_with("Plan ");
                assert!(is_first, "{what}: a heading: {:?}", words_of(node));
            }
            NodeValue::Document
            | NodeValue::Paragraph
            | NodeValue::BlockQuote
            | NodeValue::Alert(_)
            | NodeValue::List(_)
            | NodeValue::Item(_)
            | NodeValue::Table(_)
            | NodeValue::TableRow(_)
            | NodeValue::TableCell
            | NodeValue::ThematicBreak
            | NodeValue::Code(_)
            | NodeValue::Escaped => {}
            other => panic!("{what}: markup that is not ours: {other:?}"),
        }
        node.children().for_each(|child| self.visit(child));
        if node.data.borrow().value.block() {
            self.say("\n");
        }
    }

    /// Text outside of code, where GitHub looks for mentions and references.
    fn say(&mut self, words: &str) {
        if self.open.last().is_none_or(|tag| tag != "code") {
            self.words.push_str(words);
        }
    }

    fn tags(&mut self, html: &str) {
        let mut rest = html;
        while let Some((before, after)) = rest.split_once('<') {
            self.say(before);
            let (tag, behind) = after.split_once('>').expect("a whole tag");
            let tag = format!("<{tag}>");
            assert!(TAGS.contains(&tag.as_str()), "{}: markup that is not ours: {tag}", self.what);
            let name = tag.trim_matches(['<', '>', '/']).split(' ').next().unwrap_or_default().to_owned();
            if tag.starts_with("</") {
                assert_eq!(self.open.pop(), Some(name), "{}: {html}", self.what);
            } else if name != "br" {
                self.open.push(name);
            } else {
                self.say("\n");
            }
            rest = behind;
        }
        self.say(rest);
    }

    fn check_words(&self) {
        let words = decoded(&self.words);
        for (at, found) in words.match_indices(['@', '#']) {
            let next = words[at + found.len()..].chars().next().unwrap_or(' ');
            assert!(!next.is_alphanumeric(), "{}: a mention or reference: {:?}", self.what, around(&words, at));
        }
        let lower = words.to_lowercase();
        for (at, _) in lower.match_indices("gh-") {
            let next = lower[at + 3..].chars().next().unwrap_or(' ');
            assert!(!next.is_ascii_digit(), "{}: a reference: {:?}", self.what, around(&lower, at));
        }
        for start in ["://", "www.e"] {
            let at = lower.find(start);
            assert!(at.is_none(), "{}: an address: {:?}", self.what, at.map(|at| around(&lower, at)));
        }
    }
}

/// Whether a link leads to the page of the run or to an issue of the repository. Links in comments go through GitHub's
/// redirect.
fn is_our_link(url: &str, words: &str) -> bool {
    if url.starts_with("https://github.com/stars/observatory/actions/runs/") {
        return true;
    }
    let issues =
        ["https://github.com/stars/observatory/issues/", "https://redirect.github.com/stars/observatory/issues/"];
    let number = issues.iter().find_map(|start| url.strip_prefix(start));
    number.is_some_and(|it| it.bytes().all(|it| it.is_ascii_digit()) && words == format!("#\u{200b}{it}"))
}

/// Words without entities, which GitHub decodes before it looks for mentions.
fn decoded(html: &str) -> String {
    let mut parts = html.split("&#");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |words, part| {
        match part.split_once(';').and_then(|(code, rest)| Some((code.parse().ok()?, rest))) {
            Some((code, rest)) => words + &char::from_u32(code).unwrap_or(' ').to_string() + rest,
            None => words + "&#" + part,
        }
    })
}

fn around(text: &str, at: usize) -> &str {
    &text[text.floor_char_boundary(at.saturating_sub(30))..text.ceil_char_boundary((at + 30).min(text.len()))]
}

fn words_of<'a>(node: &'a AstNode<'a>) -> String {
    let words = node.descendants().filter_map(|node| match &node.data.borrow().value {
        NodeValue::Text(text) => Some(text.to_string()),
        _ => None,
    });
    words.collect()
}

/// Every row of a table has as many cells as its header.
fn rows(what: &str, markdown: &str) {
    let mut head = None;
    for line in markdown.lines() {
        let cells = line.matches('|').count();
        head = line.starts_with("| ").then(|| head.unwrap_or(cells));
        assert!(head.is_none_or(|head| head == cells), "{what}: a row of other cells: {line}");
    }
}

/// A mermaid diagram consists only of our own lines, and its labels end where they should.
fn mermaid(what: &str, text: &str) {
    for line in text.lines().skip(1).map(str::trim_start) {
        let is_ours = match line.split_once("[\"") {
            Some((name, label)) => {
                let name = name.strip_prefix("subgraph ").unwrap_or(name);
                let label = label.strip_suffix("\"]").expect("a label that ends");
                let may_stand = |it: char| it.is_alphanumeric() || " .,/+-#;\u{200b}".contains(it) || !it.is_ascii();
                name.bytes().all(|byte| byte.is_ascii_alphanumeric()) && label.chars().all(may_stand)
            }
            None => ["classDef ", "class ", "end", "i"].iter().any(|start| line.starts_with(start)),
        };
        assert!(is_ours, "{what}: mermaid: {line:?}");
    }
}

#[test]
fn foreign_markup_in_a_page_is_detected() {
    for bad in [
        "@grace",
        "#1",
        "GH-1",
        "x https://evil.example",
        "<script>",
        "[a](b)",
        "[#1](https://github.com/stars/observatory/issues/1)",
        "[other](https://github.com/stars/observatory/issues/1)",
        "## Plan",
        "### a",
        "![a](b)",
        "# a",
        "<details>",
        "</b>",
        "**a**",
        "_a_",
        "~~a~~",
        "$a$",
        "a\u{202e}",
        "a\n<!-- plan-action-comment {} -->",
        "```sh\n```",
        "| a | b |\n| --- | --- |\n| c | d | e |",
        "<b>@grace</b>",
    ] {
        let found = std::panic::catch_unwind(|| harmless("test", bad));
        assert!(found.is_err(), "{bad:?} passes");
    }
    harmless(
        "test",
        "### Plan <code>@grace #1</code>: x &#35;&#8203;1\n\n[#&#8203;1](https://redirect.github.com/stars/observatory/issues/1)\n\n| a | b |\n| --- | --- |\n| c | d |\n",
    );
}
