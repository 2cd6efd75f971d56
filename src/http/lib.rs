//! HTTP: the API and the pages. Translation only; every decision is made in `app`.

pub mod api;
mod caching;
pub mod evalai;
pub mod extract;
pub mod metrics;
pub mod middleware;
pub mod openapi;
pub mod pages;
pub mod problem;
pub mod server;
