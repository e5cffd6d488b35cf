//! The access token, and the hosts it may be sent to.

use std::fmt;
use std::net::IpAddr;

use anyhow::{Context, Result, bail, ensure};
use http::Uri;
use secrecy::{ExposeSecret, SecretString};

use crate::model::secret;

/// A token that never appears in `Debug` output, logs or errors.
#[derive(Clone)]
pub struct Token(SecretString);

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(…)")
    }
}

impl Token {
    /// Registers the token as a secret and wraps it. An empty one gives `None`.
    ///
    /// # Errors
    ///
    /// If it contains characters that an HTTP header cannot hold, such as a line break.
    pub fn new(token: &str) -> Result<Option<Self>> {
        secret::register(token);
        let token = token.trim();
        ensure!(
            token.bytes().all(|byte| byte.is_ascii_graphic()),
            "the token has a line break, a space or another invalid character; copy it again, as one line"
        );
        Ok((!token.is_empty()).then(|| Self(SecretString::from(token))))
    }

    /// The token itself, for the request header.
    pub(super) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// The addresses of the API. REST and GraphQL share one host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Api {
    /// The address of the REST API, without a trailing slash.
    pub rest: String,
    /// The address of the GraphQL API.
    pub graphql: String,
    authority: String,
}

impl Api {
    /// The API at an address as in `GITHUB_API_URL`: GitHub's own, or `https://HOST/api/v3` of GitHub Enterprise
    /// Server, whose GraphQL API is at `/api/graphql`.
    ///
    /// # Errors
    ///
    /// If the address is invalid or not HTTPS. Plain HTTP is allowed for loopback addresses.
    pub fn new(rest: &str, graphql: Option<&str>) -> Result<Self> {
        let rest = rest.trim_end_matches('/').to_owned();
        let authority = authority_of(&rest)?;
        let graphql = match (graphql, rest.strip_suffix("/api/v3")) {
            (Some(graphql), _) => graphql.trim_end_matches('/').to_owned(),
            (None, Some(enterprise)) => format!("{enterprise}/api/graphql"),
            (None, None) => format!("{rest}/graphql"),
        };
        if authority_of(&graphql)? != authority {
            bail!("`{graphql}` is another host than `{rest}`; the token goes to one host only");
        }
        Ok(Self { rest, graphql, authority })
    }

    /// Scheme and host, without a path.
    pub(super) fn origin(&self) -> String {
        let scheme = if self.rest.starts_with("https:") { "https" } else { "http" };
        format!("{scheme}://{}", self.authority)
    }

    /// Checks that an address returned by GitHub, such as that of the next page, is on the same host.
    ///
    /// # Errors
    ///
    /// If it is on another host.
    pub fn check(&self, url: &str) -> Result<()> {
        if authority_of(url)? != self.authority {
            bail!("GitHub's answer leads to another host, `{url}`, where the token must not go");
        }
        Ok(())
    }
}

fn authority_of(url: &str) -> Result<String> {
    // First of all, because no message may repeat such an address.
    ensure!(!url.contains('@'), "the API's address has a user in it; the token comes from GITHUB_TOKEN or GH_TOKEN");
    let uri: Uri = url.parse().with_context(|| format!("`{url}` is not an address"))?;
    let host = uri.host().with_context(|| format!("`{url}` names no host"))?;
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let is_loopback = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
    match uri.scheme_str() {
        Some("https") => {}
        Some("http") if is_loopback => {}
        _ => bail!("`{url}` is not HTTPS; the token is sent over HTTPS only"),
    }
    let authority = uri.authority().with_context(|| format!("`{url}` names no host"))?;
    Ok(authority.as_str().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_does_not_show() {
        let token = Token::new(" ghp_secret\n").unwrap().unwrap();
        assert_eq!(format!("{token:?}"), "Token(…)");
        assert_eq!(token.expose(), "ghp_secret");
        assert!(Token::new(" \n").unwrap().is_none());
        for damaged in ["ghp_se\ncret", "ghp_se\r\ncret", "ghp se", "ghp_\u{e9}", "ghp_\u{0}x"] {
            let error = Token::new(damaged).unwrap_err().to_string();
            assert!(error.contains("line break") && !error.contains("ghp"), "{error}");
        }
    }

    #[test]
    fn the_token_only_goes_to_one_https_host() {
        let api = Api::new("https://api.github.com/", None).unwrap();
        assert_eq!(api.graphql, "https://api.github.com/graphql");
        api.check("https://API.github.com/repositories/1/issues?after=x").unwrap();
        for other in ["https://evil.example/", "http://api.github.com/x", "https://api.github.com:444/", "x"] {
            assert!(api.check(other).is_err(), "{other}");
        }
        let enterprise = Api::new("https://git.example/api/v3", None).unwrap();
        assert_eq!(enterprise.graphql, "https://git.example/api/graphql");
        assert!(Api::new("http://git.example/api/v3", None).is_err());
        assert!(Api::new("http://127.0.0.1:8080", None).is_ok());
        assert!(Api::new("http://127.0.0.1.evil.example", None).is_err());
        assert!(Api::new("https://a.example", Some("https://b.example/graphql")).is_err());
    }
}
