//! The stylesheet, the mark and the one script, compiled in.
//!
//! Their addresses hold a digest of their content, so that browsers may keep them for good.

use std::sync::LazyLock;

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, web};
use app::Failure;
use domain::Digest;

use crate::problem::Problem;

struct Asset {
    address: String,
    content_type: &'static str,
    content: &'static str,
}

impl Asset {
    fn new(stem: &str, ending: &str, content_type: &'static str, content: &'static str) -> Self {
        let digest = Digest::of(content.as_bytes()).to_string();
        Self { address: format!("/assets/{stem}-{}.{ending}", &digest[..12]), content_type, content }
    }
}

/// The stylesheet of pages, and what figures look like.
const STYLES: &str = concat!(include_str!("../assets/style.css"), include_str!("../../charts/style.css"));

static STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("style", "css", "text/css; charset=utf-8", STYLES));
static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("live", "js", "text/javascript; charset=utf-8", include_str!("../assets/live.js"))
});
static MARK: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("mark", "svg", "image/svg+xml", include_str!("../assets/mark.svg")));

/// The address of the stylesheet.
pub(super) fn style() -> &'static str {
    &STYLE.address
}

/// The address of the script that keeps the state of a submission fresh without loading the page again.
pub(super) fn script() -> &'static str {
    &SCRIPT.address
}

/// The address of the mark.
pub(super) fn mark() -> &'static str {
    &MARK.address
}

/// Adds the route of the assets.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config.route("/assets/{name}", web::get().to(read_asset));
}

async fn read_asset(name: web::Path<String>) -> Result<HttpResponse, Problem> {
    let address = format!("/assets/{name}");
    let asset = [&*STYLE, &*SCRIPT, &*MARK].into_iter().find(|asset| asset.address == address);
    let asset = asset.ok_or_else(Failure::not_found)?;
    Ok(HttpResponse::Ok()
        .content_type(asset.content_type)
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(asset.content))
}
