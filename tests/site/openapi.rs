//! The served description of the API is valid by the judgement of somebody else.

use std::process::Command;

use serde_json::Value;
use test_support::{TestDatabase, block_on, python};

use crate::site::Site;

#[test]
fn the_served_description_is_valid() {
    let Some(python) = python("openapi_spec_validator") else { return };
    block_on(async {
        let site = Site::start(TestDatabase::sqlite());
        let document = site.get("", "/openapi.json");
        let parsed: Value = serde_json::from_str(&document.text).unwrap();
        assert!(parsed["openapi"].as_str().unwrap().starts_with("3.1"), "{}", parsed["openapi"]);
        std::fs::write(site.path("openapi.json"), &document.text).unwrap();
        let judged = Command::new(python)
            .args(["-m", "openapi_spec_validator"])
            .arg(site.path("openapi.json"))
            .output()
            .unwrap();
        assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stdout));
    });
}
