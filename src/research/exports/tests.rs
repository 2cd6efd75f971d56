//! The exports, judged by the tools that read them.

use std::path::Path;
use std::process::Command;

use jiff::civil::date;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::record::*;
use super::{croissant, datacite, datapackage, datasheet, parquet, prov, shapes};

const ACTIVITIES: &str = "code,label,icatus,public_instances,public_seconds\n\
    knead_dough,\"knead, shape or roll out dough\",311,4,120.5\nread_book,read a book,841,,\n";
const INSTANCES: &str =
    "instance_id,activity,start_s,end_s\ni1,knead_dough,3.0,17.0\ni2,read_book,5.5,205.0\n";

/// A small record: a made-up task of daily activities.
fn record() -> TaskRecord {
    let text = |text: &str| text.to_owned();
    let site = "https://bench.example.org";
    let at = |path: &str| format!("{site}/{path}");
    let column = |name: &str, kind, references: Option<(&str, &str)>| Column {
        name: text(name),
        description: format!("the {name}"),
        kind,
        references: references.map(|(table, column)| (text(table), text(column))),
    };
    let table = |name: &str, content: &str, key: &str, columns| Table {
        name: text(name),
        description: format!("the public {name}"),
        path: format!("{name}.csv"),
        bytes: content.len() as u64,
        sha256: hex::encode(Sha256::digest(content)),
        held_out: false,
        parquet: Some(format!("{name}.parquet")),
        key: Some(text(key)),
        columns,
    };
    let agent = |id: &str, role: &str, sector: &str, acts_for: Option<&str>| Agent {
        id: at(id),
        label: format!("Example {id}"),
        role: text(role),
        sector: text(sector),
        acts_for: acts_for.map(at),
    };
    TaskRecord {
        site: text(site),
        name: text("daily-moments"),
        title: text("Daily moments"),
        description: text("Find all moments of an activity in a video. The test annotations are held out."),
        url: at("challenges/daily/tasks/moments"),
        license: text("https://creativecommons.org/licenses/by-nc/4.0/"),
        version: text("2.1.0"),
        snapshot: text("s-000042"),
        published: date(2026, 3, 5),
        created: Some(date(2022, 2, 17)),
        citation: text("Example Benchmark Server (2026). Daily moments, snapshot s-000042."),
        keywords: vec![text("egocentric video"), text("daily activities")],
        creators: vec![Organization {
            name: text("Example University"),
            url: text("https://uni.example.org"),
        }],
        publisher: Organization { name: text("Example Benchmark Server"), url: text(site) },
        permitted_purpose: Some(text("research on the benchmark")),
        collection: Collection {
            summary: text("Participants wore cameras; recorded by universities, each under its own board."),
            types: vec![text("Physical data collection")],
            missing: text("Redacted intervals are blank frames."),
            raw: text("Head-mounted cameras."),
            timeframe: Some((date(2019, 9, 1), date(2021, 5, 1))),
            preprocessing: vec![text("Faces were blurred.")],
            manipulation: text("Overlapping segments of one annotator were merged."),
            imputation: text("None."),
        },
        annotation: Annotation {
            protocol: text("Three annotators each choose from a closed list; intentions are not recorded."),
            platforms: vec![text("vendor tool")],
            analysis: vec![text("All passes are kept.")],
            per_item: text("3"),
            demographics: vec![text("not disclosed")],
            machine_tools: vec![],
        },
        statements: Statements {
            use_cases: vec![text("Testing")],
            limitations: vec![text("Care for dependent adults has no label.")],
            biases: vec![text("Diverges from waking time use.")],
            social_impact: text("The task fixes one specification of daily life."),
            sensitive: vec![text("homes")],
            maintenance: text("Withdrawals are processed within 30 days."),
        },
        framing: Framing {
            id: at("framings/moments/3"),
            version: 3,
            unit: text("segment"),
            instance_rule: text("one time window with one label"),
            label_source: text("closed_list"),
            label_count: Some(110),
            perspective: text("third_party_annotator"),
            intent_recorded: Some(false),
            affect_recorded: Some(false),
            temporal_direction: text("past"),
            closed_world: Some(true),
            unscoreable: vec![text("redacted_interval"), text("low_agreement")],
            imagined_user: text("somebody who asks their own past"),
            decided_by: at("agents/lab"),
        },
        exclusions: vec![ExclusionRecord {
            id: at("exclusions/5"),
            what: text("icatus:42"),
            reason: text("unlisted"),
            basis: text("inferred_from_absence"),
            decided_by: None,
        }],
        measures: vec![MeasureRecord {
            id: text("F4.divergence_bits"),
            version: 1,
            value: Some(0.192),
            bounds: Some((0.059, 0.466)),
            unit: text("bit"),
            reference: Some(text("OECD, US, 2019, waking")),
        }],
        mapping: Some(at("mappings/moments-icatus2016/0.1.0")),
        derived_from: vec![at("datasets/daily/versions/2.0.0")],
        activities: vec![Activity {
            id: at("activities/annotate"),
            label: text("Annotation"),
            started: Some(date(2021, 1, 1)),
            ended: None,
            agents: vec![at("agents/vendor")],
        }],
        agents: vec![
            agent("agents/lab", "organizer", "industry_other", None),
            agent("agents/vendor", "annotation_vendor", "industry_other", Some("agents/lab")),
        ],
        tables: vec![
            table(
                "activities",
                ACTIVITIES,
                "code",
                vec![
                    column("code", ColumnKind::Text, None),
                    column("label", ColumnKind::Text, None),
                    column("icatus", ColumnKind::Text, None),
                    column("public_instances", ColumnKind::Integer, None),
                    column("public_seconds", ColumnKind::Number, None),
                ],
            ),
            table(
                "instances",
                INSTANCES,
                "instance_id",
                vec![
                    column("instance_id", ColumnKind::Text, None),
                    column("activity", ColumnKind::Text, Some(("activities", "code"))),
                    column("start_s", ColumnKind::Number, None),
                    column("end_s", ColumnKind::Number, None),
                ],
            ),
        ],
    }
}

fn public() -> PublicRecord {
    PublicRecord::new(record()).unwrap()
}

fn faults(change: impl FnOnce(&mut TaskRecord)) -> Vec<String> {
    let mut changed = record();
    change(&mut changed);
    PublicRecord::new(changed).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn held_out_files_are_never_listed() {
    let found = faults(|record| record.tables[1].held_out = true);
    assert_eq!(found, ["tables/instances/held_out must be false: a held-out file is never listed"]);
}

#[test]
fn a_divergence_without_bounds_is_not_published() {
    assert!(faults(|record| record.measures[0].bounds = None)[0].contains("nothing without them"));
    assert!(faults(|record| record.measures[0].bounds = Some((0.5, 0.1)))[0].contains("in order"));
}

#[test]
fn records_are_checked_whole() {
    let found = faults(|record| {
        record.name = "daily moments".into();
        record.version = "2.1".into();
        record.framing.unit = "segmnt".into();
        record.exclusions[0].reason = "unlistd".into();
        record.tables[0].sha256 = "00".into();
        record.tables[1].columns[1].references = Some(("activities".into(), "id".into()));
        record.tables[0].path = "../truth.csv".into();
        record.activities[0].agents = vec!["https://bench.example.org/agents/nobody".into()];
        record.collection.timeframe = Some((date(2021, 1, 2), date(2021, 1, 1)));
    });
    assert_eq!(found.len(), 9, "{found:#?}");
    assert!(
        found.contains(&"framing/unit must be a code of framing.unit; did you mean \"segment\"?".to_owned())
    );
}

#[test]
fn coded_values_are_addresses() {
    let written = croissant(&public());
    assert_eq!(written["fr:taskFraming"]["fr:perspective"]["@id"], "fr:third_party_annotator");
    assert_eq!(written["@context"]["fr"], "https://bench.example.org/ns/framing#");
    assert_eq!(written["rai:dataCollectionTimeframe"], written["rai:dataCollectionTimeFrame"]);
    assert_eq!(written.get("rai:machineAnnotationTools"), None, "what is empty is not written");
}

#[test]
fn a_datasheet_says_what_is_not_disclosed_and_carries_no_markup() {
    let mut changed = record();
    changed.annotation.protocol = "<script>alert(1)</script> [x](y)\n# not a heading".into();
    let sheet = datasheet(&PublicRecord::new(changed).unwrap());
    assert!(sheet.contains("- **Machines:** not disclosed"));
    assert!(sheet.contains("decided by nobody on record"));
    assert!(sheet.contains("&lt;script&gt;alert(1)&lt;/script&gt; \\[x\\](y) # not a heading"));
    assert!(!sheet.contains("\n# not"));
}

/// Writes the record and its files to a folder, and runs a program of the tools in it; what it prints.
fn judged(python: &Path, program: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let json = |value: Value| serde_json::to_string_pretty(&value).unwrap();
    let record = public();
    write("activities.csv", ACTIVITIES);
    write("instances.csv", INSTANCES);
    for (table, file) in record.tables.iter().zip([ACTIVITIES, INSTANCES]) {
        let written = parquet(&table.columns, file.as_bytes()).unwrap();
        std::fs::write(folder.path().join(table.parquet.as_ref().unwrap()), written).unwrap();
    }
    write("croissant.json", &json(croissant(&record)));
    write("datapackage.json", &json(datapackage(&record)));
    write("prov.json", &json(prov(&record)));
    write("datacite.json", &json(datacite(&record)));
    write("shapes.ttl", &shapes::shapes(&record.site));
    let run = Command::new(python).args(["-c", program]).current_dir(folder.path()).output().unwrap();
    let errors = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{}\n{errors}", String::from_utf8_lossy(&run.stdout));
    String::from_utf8(run.stdout).unwrap()
}

#[test]
fn mlcroissant_reads_the_record_and_its_files() {
    let Some(python) = test_support::python("mlcroissant") else { return };
    let printed = judged(
        &python,
        "import mlcroissant as mlc\n\
         d = mlc.Dataset('croissant.json')\n\
         print(sorted(d.metadata.ctx.issues.errors), sorted(d.metadata.ctx.issues.warnings))\n\
         print([len(list(d.records(s.uuid))) for s in d.metadata.record_sets])\n\
         print(d.metadata.to_json()['rai:dataCollection'][:12])",
    );
    assert_eq!(printed, "[] []\n[2, 2]\nParticipants\n");
}

#[test]
fn our_terms_satisfy_our_shapes_and_planted_faults_do_not() {
    let Some(python) = test_support::python("pyshacl") else { return };
    let printed = judged(
        &python,
        "import json, pyshacl\n\
         def conforms(change):\n\
         \x20   record = json.load(open('croissant.json'))\n\
         \x20   change(record)\n\
         \x20   return pyshacl.validate(json.dumps(record), data_graph_format='json-ld', shacl_graph='shapes.ttl')[0]\n\
         print(conforms(lambda record: None))\n\
         untold = {'@id': 'fr:not_disclosed'}\n\
         print(conforms(lambda record: record['fr:taskFraming'].update({'fr:wearerIntentRecorded': untold, 'fr:perspective': untold})))\n\
         framing = lambda record: record['fr:taskFraming']\n\
         print([conforms(change) for change in [\n\
         \x20   lambda record: record.pop('license'),\n\
         \x20   lambda record: record.update(name='daily moments'),\n\
         \x20   lambda record: framing(record).pop('fr:decidedBy'),\n\
         \x20   lambda record: framing(record).update({'fr:perspective': 'camera_wearer'}),\n\
         \x20   lambda record: framing(record).update({'fr:unitOfActivity': {'@id': 'fr:day'}}),\n\
         \x20   lambda record: record['fr:exclusion'][0].pop('fr:basis'),\n\
         \x20   lambda record: record['fr:measure'][0].pop('fr:snapshot'),\n\
         ]])",
    );
    assert_eq!(printed, "True\nTrue\n[False, False, False, False, False, False, False]\n");
}

#[test]
fn the_published_shapes_accept_the_record() {
    let (Some(python), Some(shared)) = (test_support::python("pyshacl"), test_support::shared_folder())
    else {
        return;
    };
    let shapes = shared.join("data/framing/framing-shapes.ttl");
    let printed = judged(
        &python,
        &format!(
            "import pyshacl\n\
             print(pyshacl.validate(open('croissant.json').read(), data_graph_format='json-ld', shacl_graph={:?})[0])",
            shapes.display()
        ),
    );
    assert_eq!(printed, "True\n");
}

#[test]
fn frictionless_validates_the_package_with_its_keys() {
    let Some(python) = test_support::python("frictionless") else { return };
    let printed = judged(
        &python,
        "from frictionless import validate\n\
         report = validate('datapackage.json')\n\
         print(report.valid, report.flatten(['type', 'message']))\n\
         text = open('instances.csv').read()\n\
         open('instances.csv', 'w').write(text.replace('read_book', 'read_bock'))\n\
         print(sorted(set(error[0] for error in validate('datapackage.json').flatten(['type']))))",
    );
    assert_eq!(printed, "True []\n['foreign-key', 'hash-count']\n");
}

#[test]
fn frictionless_reads_the_same_rows_from_parquet() {
    let Some(python) = test_support::python("pyarrow") else { return };
    let printed = judged(
        &python,
        "from frictionless import Package\n\
         package = Package('datapackage.json')\n\
         print(sorted(package.resource_names))\n\
         rows = lambda name: [row.to_dict() for row in package.get_resource(name).read_rows()]\n\
         print([rows(name) == rows(name + '-parquet') for name in ['instances', 'activities']], rows('activities')[1]['public_instances'])\n\
         print('bytes' in package.get_resource('instances-parquet').to_descriptor())",
    );
    assert_eq!(
        printed,
        "['activities', 'activities-parquet', 'instances', 'instances-parquet']\n[True, True] None\nFalse\n"
    );
}

#[test]
fn prov_reads_the_provenance() {
    let Some(python) = test_support::python("prov") else { return };
    let printed = judged(
        &python,
        "from prov.model import ProvDocument\n\
         d = ProvDocument.deserialize('prov.json')\n\
         print(len(d.get_records()))\n\
         vendor = [r for r in d.get_records() if str(r.identifier) == 'rec:agent2'][0]\n\
         print(sorted(str(t) for t in vendor.get_asserted_types()))",
    );
    // The task, its source, an activity, two agents; one derivation, generation, association and delegation, two attributions.
    assert_eq!(printed, "11\n['prov:Organization']\n");
}

#[test]
fn datacite_accepts_the_metadata() {
    let Some(python) = test_support::python("datacite") else { return };
    let printed = judged(
        &python,
        "import json\nfrom datacite import schema45\n\
         schema45.validator.validate(json.load(open('datacite.json')))\nprint('valid')",
    );
    assert_eq!(printed, "valid\n");
}
