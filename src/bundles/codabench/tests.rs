use bytes::Bytes;
use domain::phase::FinalChoice;

use super::*;
use crate::archive::Part;
use crate::imported::{AnswerKind, Audience, Operation, Origin, Program, TextFormat};

mod v1;
mod v2;

/// Files by their paths.
type Files<'a> = &'a [(&'a str, &'a [u8])];

fn tree(files: &[(&str, &[u8])]) -> FileTree {
    FileTree::of(files.iter().map(|(path, bytes)| ((*path).to_owned(), Bytes::copy_from_slice(bytes))))
}

fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    tree(files).to_zip().unwrap()
}

/// The files that the descriptions below name, and some that only cases with faults do.
fn bundle(config: &str, changes: &[(&str, &[u8])]) -> FileTree {
    let scoring = packed(&[
        ("metadata.yaml", b"command: python3 $program/score.py $input $output\n"),
        ("score.py", b"import helper\nprint('scored')\n"),
        ("helper.py", b""),
    ]);
    let mut files: Vec<(&str, &[u8])> = vec![
        ("competition.yaml", config.as_bytes()),
        ("logo.png", b"\x89PNG"),
        ("terms.md", b"# Terms"),
        ("overview.html", b"<p>Overview</p>"),
        ("empty.md", b" \n"),
        ("scoring_program.zip", &scoring),
        ("ingestion/metadata", b"command: python3 /app/program/ingest.py $input"),
        ("ingestion/ingest.py", b"pass"),
        ("reference/truth.csv", b"1,2"),
        ("input/data.csv", b"1"),
        ("solution/answer.txt", b"1"),
        ("kit.ipynb", b"{}"),
    ];
    files.retain(|(path, _)| changes.iter().all(|(other, _)| other != path));
    files.extend(changes.iter().filter(|(_, bytes)| *bytes != b"absent"));
    tree(&files)
}

fn read_config(config: &str) -> Result<CodabenchRead, Findings> {
    let runtime = Runtime { takes_images: false, otherwise: "python 3.11, numpy 1.26.4".to_owned() };
    read(&bundle(config, &[]), &runtime, Bounds::default())
}

/// The faults of a description with some of its text replaced, and of its files with some replaced.
fn faults(config: &str, changes: &[(&str, &str)], files: &[(&str, &[u8])]) -> String {
    let mut config = config.to_owned();
    for (from, to) in changes {
        assert!(config.contains(from), "{from:?} is not in the bundle");
        config = config.replacen(from, to, 1);
    }
    match read(&bundle(&config, files), &Runtime::default(), Bounds::default()) {
        Err(findings) => findings.faults.iter().map(|fault| format!("{fault}\n")).collect(),
        Ok(_) => String::new(),
    }
}

fn warnings(read: &CodabenchRead) -> String {
    read.findings.warnings.iter().map(|warning| format!("{warning}\n")).collect()
}

#[test]
fn the_version_decides_and_its_absence_is_told() {
    let refused = |config: &str| faults(config, &[], &[]);
    assert!(refused("version: 3\n").contains("A suitable version could not be found for this competition."));
    assert!(refused("title: x\ntasks: [{index: 0}]\n").contains("add `version: 2`"));
    assert!(refused("version: 1.5\ntitle: x\n").contains("HTML pages could not be found in the yaml file"));
    assert!(refused("- a\n").contains("must be a mapping of keys to values, not a list"));
    let none = read(&tree(&[("mine/competition.yaml", b"")]), &Runtime::default(), Bounds::default());
    assert!(
        none.unwrap_err()
            .to_string()
            .contains("competition.yaml is missing from zip, check your folder structure")
    );
}
