//! `--repo`: what a person typed comes in, `OWNER/NAME` on the host of the API goes out.
//!
//! It takes `OWNER/NAME`, the address of a repository as browsers and `git clone` show it, and the name of a git remote.

use std::process::{Command, Stdio};

use super::environment::variable;
use crate::repository::github::is_repository_name;

/// GitHub's own API; an Enterprise Server sets another in `GITHUB_API_URL`.
pub(super) const API: &str = "https://api.github.com";

/// A repository as an address names it.
#[derive(Debug, PartialEq, Eq)]
struct Address {
    host: String,
    name: String,
}

/// Reads the value of `--repo`.
///
/// # Errors
///
/// When it names no repository, or one on another host than the API. The message quotes no address, which may hold a
/// password.
pub(super) fn parse(text: &str) -> Result<String, String> {
    if is_repository_name(text) {
        return Ok(text.to_owned());
    }
    let (what, address) = match address(text) {
        Some(address) => ("it", address),
        None if is_remote_name(text) => ("the remote", remote(text)?),
        None => return Err("write OWNER/NAME, the URL of a repository, or the name of a git remote".into()),
    };
    let expected = web_host(&variable("GITHUB_API_URL").unwrap_or_else(|| API.into()));
    if address.host == expected {
        return Ok(address.name);
    }
    Err(format!(
        "{what} is on {}, but the API in use belongs to {expected}; for GitHub Enterprise Server, set \
         GITHUB_API_URL=https://HOST/api/v3",
        address.host
    ))
}

/// What a name of a remote may be, so that `a/b/c` is not taken for one.
fn is_remote_name(text: &str) -> bool {
    let is_allowed = |it: char| it.is_ascii_alphanumeric() || "-_.".contains(it);
    !text.is_empty() && !text.starts_with(['-', '.']) && text.chars().all(is_allowed)
}

/// The address of a git remote of the current folder's repository. Git only reads its configuration for this.
fn remote(name: &str) -> Result<Address, String> {
    let known = "write OWNER/NAME, or name a remote that `git remote` lists";
    let git = Command::new("git").args(["remote", "get-url", "--", name]).stdin(Stdio::null()).output();
    let found = git.ok().filter(|output| output.status.success());
    let url = found.ok_or_else(|| format!("there is no git remote `{name}` here; {known}"))?.stdout;
    address(String::from_utf8_lossy(&url).trim())
        .ok_or_else(|| format!("the git remote `{name}` is not a repository on GitHub; {known}"))
}

/// Reads `https://HOST/OWNER/NAME.git`, `git@HOST:OWNER/NAME.git` and their relatives.
fn address(text: &str) -> Option<Address> {
    let (host, path) = match text.split_once("://") {
        Some(("https" | "http" | "ssh" | "git", rest)) => rest.split_once('/')?,
        Some(_) => return None,
        None => text.split_once(':').or_else(|| text.split_once('/').filter(|(host, _)| host.contains('.')))?,
    };
    let host = host.rsplit('@').next()?;
    let host = host.split(':').next()?.to_lowercase();
    let host = ["www.", "ssh."].iter().find_map(|start| host.strip_prefix(start)).unwrap_or(&host);
    let name = path.trim_matches('/');
    let name = name.strip_suffix(".git").unwrap_or(name);
    let is_host = !host.is_empty() && host.chars().all(|it| it.is_ascii_alphanumeric() || "-.".contains(it));
    (is_host && is_repository_name(name)).then(|| Address { host: host.to_owned(), name: name.to_owned() })
}

/// The host that people open in a browser, for the address of an API: `github.com` for `https://api.github.com`.
pub(super) fn web_host(api: &str) -> String {
    let rest = api.split_once("://").map_or(api, |(_, rest)| rest);
    let host = rest.split('/').next().unwrap_or(rest);
    let host = host.split(':').next().unwrap_or(host).to_lowercase();
    host.strip_prefix("api.").unwrap_or(&host).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_every_usual_form_are_read() {
        for text in [
            "https://github.com/stars/observatory",
            "https://github.com/stars/observatory.git",
            "https://www.GitHub.com/stars/observatory/",
            "https://x-access-token:secret@github.com/stars/observatory.git",
            "git@github.com:stars/observatory.git",
            "ssh://git@github.com/stars/observatory.git",
            "ssh://git@ssh.github.com:443/stars/observatory.git",
            "github.com/stars/observatory",
        ] {
            let read = address(text);
            let wanted = Address { host: "github.com".into(), name: "stars/observatory".into() };
            assert_eq!(read, Some(wanted), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_not_taken_for_one() {
        for text in
            ["foo", "a/b/c", "../x", "a/b?c", "/", "ftp://github.com/a/b", "https://github.com/a", "C:\\plans", ""]
        {
            assert_eq!(address(text), None, "{text}");
        }
    }

    #[test]
    fn the_host_of_a_repository_follows_from_that_of_the_api() {
        assert_eq!(web_host("https://api.github.com"), "github.com");
        assert_eq!(web_host("https://api.acme.ghe.com/"), "acme.ghe.com");
        assert_eq!(web_host("https://git.example/api/v3"), "git.example");
        assert_eq!(web_host("http://127.0.0.1:8080/x"), "127.0.0.1");
    }
}
