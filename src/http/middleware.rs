//! What happens around every handler.

pub mod cross_site;
pub mod edge;
pub mod patience;
pub mod security_headers;
