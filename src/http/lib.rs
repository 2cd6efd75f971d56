//! HTTP: the API and the pages. Translation only; every decision is made in `app`.

pub mod extract;
pub mod metrics;
pub mod middleware;
pub mod openapi;
pub mod problem;
