//! The location of a plan's file, and the footer of an issue's body that shows it.

use std::fmt::Write;

use super::PlanId;

const BEGIN: &str = "<sub>From ";
const END: &str = "</sub>";

/// The file that a plan was read from, with a link to the commit if it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanLocation {
    path: String,
    url: Option<String>,
}

impl PlanLocation {
    /// The location of a file, given by its path in the repository. `None` for standard input, and for paths with
    /// characters that could end the code span in which the path is shown.
    pub fn new(path: &PlanId) -> Option<Self> {
        let path = path.as_str();
        let is_plain = |character: char| !character.is_control() && !"`<>\u{2028}\u{2029}".contains(character);
        (path != "-" && path.chars().all(is_plain)).then(|| Self { path: path.to_owned(), url: None })
    }

    /// Adds a link to the file at a commit of a repository.
    #[must_use]
    pub fn at_commit(self, server: &str, repository: &str, commit: &str) -> Self {
        let url = format!("{}/{repository}/blob/{commit}/{}", server.trim_end_matches('/'), encoded(&self.path));
        // The URL comes from the environment. If it could break out of the link, it is not used.
        let is_plain = url.starts_with("https://") || url.starts_with("http://");
        let is_plain =
            is_plain && !url.contains(|it: char| it.is_whitespace() || it.is_control() || "()<>".contains(it));
        Self { url: Some(url).filter(|_| is_plain), ..self }
    }

    /// The footer of an issue whose item begins at this line of the file. `plain=1` makes GitHub show the source with
    /// line numbers.
    pub fn footer(&self, line: usize) -> String {
        let Self { path, url } = self;
        match url {
            Some(url) => format!("{BEGIN}[`{path}`]({url}?plain=1#L{line}){END}"),
            None => format!("{BEGIN}`{path}`{END}"),
        }
    }
}

/// Whether a line was written by [`PlanLocation::footer`].
pub fn is_footer(line: &str) -> bool {
    let shown = line.strip_prefix(BEGIN).and_then(|rest| rest.trim_end().strip_suffix(END));
    shown.is_some_and(|shown| {
        let parts: Vec<&str> = shown.split('`').collect();
        matches!(parts[..], ["", _, ""])
            || matches!(parts[..], ["[", _, link] if link.starts_with("](http") && link.ends_with(')'))
    })
}

/// Percent-encodes a path for a URL.
fn encoded(path: &str) -> String {
    let mut url = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            url.push(char::from(byte));
        } else {
            _ = write!(url, "%{byte:02X}");
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_footer_names_the_file_and_links_to_the_line_if_the_commit_is_known() {
        let location = PlanLocation::new(&PlanId::new("docs/my plan.md")).unwrap();
        assert_eq!(location.footer(12), "<sub>From `docs/my plan.md`</sub>");
        let location = location.at_commit("https://github.com", "a/b", "c0ffee");
        let url = "https://github.com/a/b/blob/c0ffee/docs/my%20plan.md?plain=1#L12";
        assert_eq!(location.footer(12), format!("<sub>From [`docs/my plan.md`]({url})</sub>"));
        assert!(is_footer(&location.footer(12)) && is_footer("<sub>From `a.md`</sub>\r"));
        for other in ["<sub>From afar</sub>", "From `a.md`", "<sub>From `a` and `b`</sub>", "<sub>From `a.md`</sub> x"]
        {
            assert!(!is_footer(other), "{other}");
        }
    }

    #[test]
    fn a_path_or_address_that_could_be_markup_is_not_shown() {
        for path in ["-", "a`b.md", "a<!-- /plan-action -->.md", "a\nb.md"] {
            assert_eq!(PlanLocation::new(&PlanId::new(path)), None, "{path}");
        }
        let location = PlanLocation::new(&PlanId::new("a](x).md")).unwrap();
        assert_eq!(location.clone().at_commit("https://x) [y](z", "a/b", "0").footer(1), "<sub>From `a](x).md`</sub>");
        let linked = location.at_commit("https://github.com", "a/b", "0").footer(1);
        assert_eq!(linked, "<sub>From [`a](x).md`](https://github.com/a/b/blob/0/a%5D%28x%29.md?plain=1#L1)</sub>");
    }
}
