//! The documents about a phase, fetched from a running site and judged by the tools of the field.

use std::process::Command;

use serde_json::{Value, json};
use test_support::{TestDatabase, block_on, python};

use crate::site::{Site, open_phase};

/// What judges the documents, in the folder that they were written to.
const JUDGES: [(&str, &str, &str); 5] = [
    (
        "mlcroissant",
        "import mlcroissant as mlc\n\
         d = mlc.Dataset('croissant.json')\n\
         print(sorted(d.metadata.ctx.issues.errors))\n\
         records = list(d.records('measures'))\n\
         print(len(records) > 10, sorted(set(r['measures/snapshot'].decode() for r in records)) == [open('snapshot').read()])",
        "[]\nTrue True\n",
    ),
    (
        "pyshacl",
        "import pyshacl\n\
         print(pyshacl.validate(open('croissant.json').read(), data_graph_format='json-ld', shacl_graph='shapes.ttl')[0])",
        "True\n",
    ),
    (
        "frictionless",
        // The package names its table by the server's own address, which a judge has to be told to follow.
        "from frictionless import system, validate\n\
         with system.use_context(trusted=True):\n\
         \x20   report = validate('datapackage.json')\n\
         print(report.valid, report.flatten(['type', 'message']))",
        "True []\n",
    ),
    (
        "prov",
        "from prov.model import ProvDocument\n\
         d = ProvDocument.deserialize('prov.json')\n\
         print(sorted(r.get_type().localpart for r in d.get_records()))",
        "['Activity', 'Agent', 'Association', 'Attribution', 'Entity', 'Generation']\n",
    ),
    (
        "datacite",
        "import json\nfrom datacite import schema45\n\
         schema45.validator.validate(json.load(open('datacite.json')))\nprint('valid')",
        "valid\n",
    ),
];

#[test]
fn the_tools_of_the_field_read_what_is_said_of_a_phase() {
    block_on(async {
        let site = Site::start(TestDatabase::sqlite());
        let organizer = site.person("organizer@example.org", "admin");
        let truth = b"id,label\na,x\nb,y\n";
        let path = site.challenge(
            &organizer,
            "described",
            &open_phase("classification_label"),
            &[("main", "truth.csv", truth)],
        );
        let ada = site.person("ada@example.org", "member");
        site.enter(&ada, "described", "ada");
        let documents = format!("/api/v1/{path}/documents");
        let early = site.get("", &format!("{documents}/datapackage.json"));
        assert_eq!(early.status, 404, "there is no public table before a snapshot: {early:?}");
        let snapshot = site.call("POST", &organizer, "/api/v1/challenges/described/snapshots", "{}");
        let snapshot = snapshot.body["id"].as_str().unwrap().to_owned();

        let fetched = |name: &str| {
            let answer = site.get("", &format!("{documents}/{name}"));
            assert_eq!(answer.status, 200, "{name}: {answer:?}\n{}", site.log());
            answer.text
        };
        let names = [
            "croissant.json",
            "datacite.json",
            "prov.json",
            "datapackage.json",
            "datasheet.json",
            "datasheet.md",
        ];
        for name in names {
            std::fs::write(site.path(name), fetched(name)).unwrap();
        }
        std::fs::write(site.path("shapes.ttl"), site.get("", "/ns/framing-shapes.ttl").text).unwrap();
        std::fs::write(site.path("snapshot"), &snapshot).unwrap();
        // The table that the documents list is what its address answers with, byte by byte.
        let record: Value = serde_json::from_str(&fetched("datasheet.json")).unwrap();
        let table = &record["tables"][0];
        let address = table["path"].as_str().unwrap();
        let (_, relative) = address.split_once("/api/").unwrap();
        let file = site.get("", &format!("/api/{relative}"));
        assert_eq!(table["bytes"], json!(file.text.len()));
        assert_eq!(table["sha256"], json!(domain::Digest::of(file.text.as_bytes()).to_string()));
        assert_eq!(record["snapshot"], json!(snapshot));
        let sheet = site.get("", &format!("/{path}/datasheet"));
        assert!(sheet.text.contains("not disclosed"), "{}", sheet.text);
        let card = site.get("", "/challenges/described/report-card");
        assert!(card.text.contains(&snapshot) && card.text.contains("framing version 1"), "{}", card.text);
        for name in names {
            let text = fetched(name);
            assert!(!text.contains("truth.csv") && !text.contains("organizer@"), "{name}: {text}");
        }
        assert_eq!(site.get("", &format!("{documents}/truth.csv")).status, 404);

        for (module, program, wanted) in JUDGES {
            let Some(python) = python(module) else { continue };
            let run =
                Command::new(&python).args(["-c", program]).current_dir(site.path("")).output().unwrap();
            let errors = String::from_utf8_lossy(&run.stderr);
            assert!(run.status.success(), "{module}: {errors}");
            assert_eq!(String::from_utf8_lossy(&run.stdout), wanted, "{module}: {errors}");
        }
    });
}
