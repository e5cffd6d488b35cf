//! Issue numbers as links. A number by itself (`#12`) or a plain link in a comment makes GitHub add "mentioned this" to the
//! issue's timeline, and one preview would do so to every issue of a plan.

use super::escape::{code, title};

/// The server whose `redirect` host [`IssueLinks::for_comment`] uses.
const GITHUB: &str = "https://github.com";
/// Links through this host leave no backlink. GitHub documents it under "Avoiding backlinks to linked references":
/// <https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls#avoiding-backlinks-to-linked-references>.
/// Neither Enterprise Server nor Enterprise Cloud with data residency has it.
const REDIRECT: &str = "https://redirect.github.com";

/// Where the issues of a repository are found; without an address, numbers are shown without links.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IssueLinks {
    issues: Option<String>,
    /// The repository, where numbers by themselves would be taken for those of another one.
    repository: Option<String>,
}

impl IssueLinks {
    /// Links for a comment: through GitHub's redirect, so that they leave no trace in the issues. On other servers, numbers
    /// are not linked.
    pub fn for_comment(server: &str, repository: &str) -> Self {
        if is_github(server) { Self::new(REDIRECT, repository) } else { Self::default() }
    }

    /// Links for a job summary. Only issues, pull requests and their comments leave backlinks: the source of GitHub's
    /// `cross-referenced` event is always an issue (`timeline-cross-referenced-event` in its REST description). So a summary links
    /// directly, on every server.
    pub fn for_summary(server: &str, repository: &str) -> Self {
        Self::new(server, repository)
    }

    /// Addresses come from the environment: one that could end a link is not used.
    fn new(server: &str, repository: &str) -> Self {
        let server = server.trim_end_matches('/');
        let is_plain = |it: &str, other: &str| it.chars().all(|it| it.is_ascii_alphanumeric() || other.contains(it));
        let host = server.strip_prefix("https://").or_else(|| server.strip_prefix("http://"));
        let is_server = host.is_some_and(|host| !host.is_empty() && is_plain(host, ".-:"));
        let is_repository = repository.matches('/').count() == 1 && is_plain(repository, "._-/");
        let issues = (is_server && is_repository).then(|| format!("{server}/{repository}/issues"));
        Self { issues, repository: None }
    }

    /// The same links, for readers in another repository: numbers are written `OWNER/NAME#12`.
    #[must_use]
    pub fn from_elsewhere(self, repository: &str) -> Self {
        Self { repository: Some(repository.to_owned()), ..self }
    }

    /// A number as markdown. The zero-width space keeps GitHub from seeing a reference where there is no link.
    pub fn number(&self, number: u64) -> String {
        let repository = self.repository.as_deref().map(title).unwrap_or_default();
        match &self.issues {
            Some(issues) => format!("[{repository}#&#8203;{number}]({issues}/{number})"),
            None => format!("{repository}#&#8203;{number}"),
        }
    }
}

fn is_github(server: &str) -> bool {
    server.trim_end_matches('/').eq_ignore_ascii_case(GITHUB)
}

/// Logins as code: GitHub notifies nobody who is named in code.
pub fn logins<'l>(logins: impl IntoIterator<Item = &'l str>) -> String {
    logins.into_iter().map(|login| code(&format!("@{login}"))).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_links_through_the_redirect_and_a_summary_directly() {
        let comment = IssueLinks::for_comment("https://github.com/", "a/b");
        assert_eq!(comment.number(7), "[#&#8203;7](https://redirect.github.com/a/b/issues/7)");
        let summary = IssueLinks::for_summary("https://ghe.example", "a/b");
        assert_eq!(summary.number(7), "[#&#8203;7](https://ghe.example/a/b/issues/7)");
    }

    #[test]
    fn without_a_plain_address_there_is_no_link() {
        for links in [
            IssueLinks::for_comment("https://ghe.example", "a/b"),
            IssueLinks::for_summary("https://x/) [y](", "a/b"),
            IssueLinks::for_summary("javascript:x", "a/b"),
            IssueLinks::for_summary("https://github.com", "a/b)"),
            IssueLinks::for_summary("https://github.com", "plan.json"),
        ] {
            assert_eq!(links.number(7), "#&#8203;7");
        }
    }
}
