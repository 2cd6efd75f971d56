//! The served descriptions of the API are valid by the judgement of somebody else.

use std::process::Command;

use serde_json::Value;
use test_support::{TestDatabase, block_on, python};

use crate::site::Site;

#[test]
fn the_served_descriptions_are_valid() {
    let Some(python) = python("openapi_spec_validator") else { return };
    block_on(async {
        let site = Site::start(TestDatabase::sqlite());
        for name in ["openapi.json", "openapi-evalai.json"] {
            let document = site.get("", &format!("/{name}"));
            let parsed: Value = serde_json::from_str(&document.text).unwrap();
            assert!(parsed["openapi"].as_str().unwrap().starts_with("3.1"), "{}", parsed["openapi"]);
            std::fs::write(site.path(name), &document.text).unwrap();
            let judged = Command::new(&python)
                .args(["-m", "openapi_spec_validator"])
                .arg(site.path(name))
                .output()
                .unwrap();
            assert!(judged.status.success(), "{name}: {}", String::from_utf8_lossy(&judged.stdout));
        }
    });
}
