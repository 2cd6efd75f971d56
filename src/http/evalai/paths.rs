//! Paths as clients of EvalAI write them: with or without a slash at the end, and with `//` where the host has one.
//!
//! They are read as they should be, without a redirect, which would turn a POST into a GET.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Uri;
use actix_web::http::uri::PathAndQuery;
use actix_web::middleware::Next;

/// Whether a path, in the form that [`normalize`] gives it, is one of this surface.
pub fn is_evalai(path: &str) -> bool {
    path.strip_prefix("/api/").is_some_and(|rest| rest != "v1" && !rest.starts_with("v1/"))
}

/// Puts paths of this surface into one form before they are routed; all others stay as they are.
pub async fn normalize<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    if let Some(path) = normal(request.path())
        && let Some(uri) = with_path(request.uri(), &path)
    {
        request.match_info_mut().get_mut().update(&uri);
        request.head_mut().uri = uri;
    }
    next.call(request).await
}

/// The path in its one form, if it is of this surface and has another.
fn normal(path: &str) -> Option<String> {
    let mut form = String::with_capacity(path.len());
    for part in path.split('/').filter(|part| !part.is_empty()) {
        form.push('/');
        form.push_str(part);
    }
    (is_evalai(&form) && form != path).then_some(form)
}

fn with_path(uri: &Uri, path: &str) -> Option<Uri> {
    let text = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(text).ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_surface_are_put_into_one_form() {
        assert_eq!(normal("/api/jobs/submission/7/").as_deref(), Some("/api/jobs/submission/7"));
        assert_eq!(normal("//api/auth/login").as_deref(), Some("/api/auth/login"));
        assert_eq!(normal("/api//auth///login/").as_deref(), Some("/api/auth/login"));
        for same in
            ["/api/auth/login", "/api/v1/challenges/", "//api/v1/me", "/challenges/", "//", "/api", "/api/"]
        {
            assert_eq!(normal(same), None, "{same}");
        }
    }

    #[test]
    fn the_query_stays() {
        let uri: Uri = "/api/jobs/submission_files/?bucket=a&key=b//c".parse().unwrap();
        let normalized = with_path(&uri, "/api/jobs/submission_files").unwrap();
        assert_eq!(normalized.to_string(), "/api/jobs/submission_files?bucket=a&key=b//c");
    }
}
