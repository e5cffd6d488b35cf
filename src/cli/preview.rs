//! `preview`: what an apply would change. Nothing here can write.

use anyhow::Result;

use super::args::{PreviewArgs, PreviewFormat};
use super::environment::variable;
use super::exit::Exit;
use super::findings::report_findings;
use super::{output, repository};
use crate::app::plans;
use crate::app::preview::{Compared, compare};
use crate::plan::settings::Overrides;
use crate::render;
use crate::render::issue_links::IssueLinks;
use crate::report::preview::Preview;

/// Shows what an apply would do.
pub(super) async fn run(args: &PreviewArgs) -> Result<Exit> {
    let plans = report_findings(plans::load(&args.plans.plans, &Overrides::from(&args.settings))?)?;
    if plans::has_errors(&plans) {
        return Ok(Exit::Failed);
    }
    let snapshot = repository::observe_for(&plans, &args.target, &args.trust).await?;
    let compared = compare(&plans, &snapshot).await?;
    match args.format {
        PreviewFormat::Text => {
            let texts: Vec<String> = compared.iter().map(|it| render::text::render(&it.diff)).collect();
            output::styled(&texts.join("\n"))?;
        }
        PreviewFormat::Markdown => {
            let links = links(args.target.repo.as_deref());
            let pages: Vec<String> =
                compared.iter().map(|it| render::markdown::render(&it.preview(), &links)).collect();
            output::plain(&pages.join("\n"))?;
        }
        PreviewFormat::Json => {
            let previews: Vec<Preview<'_>> = compared.iter().map(Compared::preview).collect();
            output::plain(&render::json::previews(&previews)?)?;
        }
    }
    let refused = compared.iter().any(Compared::is_refused);
    let pending = compared.iter().any(|compared| !compared.diff.is_empty());
    Ok(match (refused, pending && args.exit_code) {
        (true, _) => Exit::Failed,
        (_, true) => Exit::Pending,
        _ => Exit::Done,
    })
}

/// The links in a preview as markdown. It may end up in a comment, so that the links are those of one.
pub(super) fn links(repository: Option<&str>) -> IssueLinks {
    let server = variable("GITHUB_SERVER_URL").unwrap_or_else(|| "https://github.com".into());
    repository.map(|name| IssueLinks::for_comment(&server, name)).unwrap_or_default()
}
