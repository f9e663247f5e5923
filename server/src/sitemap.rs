//! `/sitemap.xml` and `/robots.txt`: what of the desk can be found from outside; and `/checklists.json`,
//! the checklists for the tools of developers.

use crate::{problem::refusal, server::Server};
use app::pages::open::OPEN_PAGES;
use axum::{
    Router,
    extract::State,
    http::{HeaderName, header},
    response::{IntoResponse, Response},
    routing::get,
};
use casework::{
    Desk, Result, gallery::queries::shown, guides::checklist_pack, queries::agreement,
    support::queries::articles,
};
use url::Url;

/// For how long others may keep them.
const KEPT: (HeaderName, &str) = (header::CACHE_CONTROL, "public, max-age=3600");

/// The routes.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/sitemap.xml", get(sitemap))
        .route("/robots.txt", get(robots))
        .route("/checklists.json", get(checklists))
}

async fn sitemap(State(server): State<Server>) -> Response {
    match open_paths(&server.desk).await {
        Ok(paths) => {
            let kind = (header::CONTENT_TYPE, "application/xml; charset=utf-8");
            ([kind, KEPT], xml(&server.base_url, &paths)).into_response()
        }
        Err(error) => refusal(&error),
    }
}

/// The newest checklists, always as the same bytes; their hash is the entity tag.
async fn checklists(State(server): State<Server>) -> Response {
    match checklist_pack(&server.desk) {
        Ok(pack) => {
            let kind = (header::CONTENT_TYPE, "application/json".to_owned());
            let tag = (header::ETAG, format!("\"{}\"", pack.sha256));
            ([kind, tag], pack.file).into_response()
        }
        Err(error) => refusal(&error),
    }
}

/// The path of every page that is found from outside; a page of two addresses once.
async fn open_paths(desk: &Desk) -> Result<Vec<String>> {
    let mut paths = vec!["/".to_owned()];
    let listed = OPEN_PAGES.iter().map(|(_, path)| *path);
    paths.extend(listed.filter(|path| *path != "/guides").map(str::to_owned));
    let agreements = agreement::in_force(desk).await?.into_iter();
    paths.extend(agreements.map(|one| format!("/agreements/{}/{}", one.kind, one.version.number)));
    let articles = articles(desk).await?.into_iter();
    paths.extend(articles.map(|one| format!("/support/articles/{}", one.slug)));
    let entries = shown(desk).await?.into_iter();
    paths.extend(entries.map(|slug| format!("/gallery/{slug}")));
    Ok(paths)
}

fn xml(base: &Url, paths: &[String]) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for path in paths {
        if let Ok(address) = base.join(path) {
            // Of the signs that XML knows, an address can hold this one alone.
            let address = address.as_str().replace('&', "&amp;");
            xml.push_str("  <url><loc>");
            xml.push_str(&address);
            xml.push_str("</loc></url>\n");
        }
    }
    xml.push_str("</urlset>\n");
    xml
}

/// Everything else lies behind a sign-in, which answers with the page of signing in.
async fn robots(State(server): State<Server>) -> Response {
    let sitemap = server.base_url.join("/sitemap.xml").map_or_else(
        |_| String::new(),
        |address| format!("\nSitemap: {address}\n"),
    );
    let text = format!(
        "User-agent: *\nDisallow: /api/\nDisallow: /do/\nDisallow: /forgot\nDisallow: /sign-in?\nDisallow: /sign-in/\n{sitemap}"
    );
    let kind = (header::CONTENT_TYPE, "text/plain; charset=utf-8");
    ([kind, KEPT], text).into_response()
}
