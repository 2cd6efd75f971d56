//! Bundles of other systems: their archives, their YAML, and both descriptions among files of fixed names.

use heldout_bundles::evalai::{self, Door};
use heldout_bundles::yaml::{self, Node, Value};
use heldout_bundles::{Bounds, FileTree, Findings, ImportOptions, Preview, import};

/// Opens arbitrary bytes as an archive, and tells whether they are one; it can be packed, and then opens the same.
pub(crate) fn archive(bytes: &[u8]) -> bool {
    let bounds = Bounds { bytes: 1 << 24, files: 100 };
    match FileTree::from_zip("b.zip", bytes, bounds) {
        Ok(files) => {
            assert!(
                files.len() <= bounds.files && files.size_bytes() <= bounds.bytes,
                "a bundle beyond its bounds"
            );
            for (path, _) in files.iter() {
                assert!(files.file(path).is_some(), "{path:?} is not found by its path");
            }
            let packed = files.to_zip().expect("a small tree can be packed");
            let again = FileTree::from_zip("b.zip", &packed, bounds);
            assert_eq!(again.as_ref(), Ok(&files), "what was packed opens otherwise");
            // What an archive of a bundle is never makes the reader of descriptions fail.
            let _ = import(&files, &ImportOptions { bounds, ..ImportOptions::default() });
            true
        }
        Err(findings) => {
            told(&findings, "b.zip", None);
            false
        }
    }
}

/// Reads arbitrary bytes as YAML, and tells whether they are; every value has a place in the text.
pub(crate) fn yaml(bytes: &[u8]) -> bool {
    match yaml::parse("c.yaml", bytes) {
        Ok(document) => {
            let lines = 1 + bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
            check_places(&document.root, lines);
            true
        }
        Err(findings) => {
            told(&findings, "c.yaml", Some(bytes));
            false
        }
    }
}

fn check_places(node: &Node, lines: usize) {
    let line = node.position.line;
    assert!((1..=lines).contains(&line) && node.position.column >= 1, "line {line} of {lines}");
    match &node.value {
        Value::Scalar(scalar) => {
            let _ = (scalar.flag(), scalar.integer(), scalar.number(), yaml::parse_moment(&scalar.text));
        }
        Value::List(nodes) => nodes.iter().for_each(|node| check_places(node, lines)),
        Value::Map(entries) => entries.iter().for_each(|entry| check_places(&entry.value, lines)),
    }
}

/// Reads an arbitrary `challenge_config.yaml`; what is accepted can be written, and then reads the same.
pub(crate) fn evalai(bytes: &[u8]) -> bool {
    let files = among(evalai::FILE_NAMES[0], bytes);
    description(&files, evalai::FILE_NAMES[0], bytes, true)
}

/// Reads an arbitrary `competition.yaml`; what is accepted can be written as a bundle of EvalAI.
pub(crate) fn codabench(bytes: &[u8]) -> bool {
    let name = heldout_bundles::codabench::FILE_NAME;
    description(&among(name, bytes), name, bytes, false)
}

fn description(files: &FileTree, name: &str, bytes: &[u8], is_evalai: bool) -> bool {
    match import(files, &ImportOptions::default()) {
        Ok(read) => {
            assert!(!Preview::of(&read.challenge, &read.findings).to_string().is_empty());
            let first = evalai::export(&read.challenge).expect("a small bundle can be packed");
            let again = evalai::read(&first.files, Door::Workflow, Bounds::default());
            let again = again.unwrap_or_else(|findings| panic!("what was written is refused: {findings}"));
            let second = evalai::export(&again.imported).expect("a small bundle can be packed");
            assert!(second.files == first.files, "what was written is written otherwise");
            if is_evalai {
                let phases = |challenge: &heldout_bundles::ImportedChallenge| -> Vec<_> {
                    let phases = challenge.phases.iter();
                    phases.map(|phase| (phase.config_id, phase.wire_name.clone(), phase.quota)).collect()
                };
                assert_eq!(phases(&again.imported), phases(&read.challenge));
            }
            true
        }
        Err(findings) => {
            told(&findings, name, Some(bytes));
            false
        }
    }
}

/// The files that descriptions of the corpus name.
fn among(name: &str, description: &[u8]) -> FileTree {
    let files: [(&str, &[u8]); 9] = [
        (name, description),
        ("page.html", b"<p>x</p>"),
        ("page.md", b"x"),
        ("logo.png", b"png"),
        ("truth.json", b"{}"),
        ("script/__init__.py", b"def evaluate(*args, **kwargs): pass\n"),
        ("program/metadata", b"command: python3 $program/score.py $input $output\n"),
        ("program/score.py", b"pass\n"),
        ("data/truth.csv", b"1\n"),
    ];
    FileTree::of(files.map(|(path, bytes)| (path.to_owned(), bytes.to_vec().into())))
}

/// A refused file has faults, each with a message, and a place in the file if it has a place at all.
fn told(findings: &Findings, name: &str, text: Option<&[u8]>) {
    assert!(!findings.faults.is_empty(), "nothing is told of a refused {name}");
    let lines = text.map(|text| 1 + text.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count());
    for fault in &findings.faults {
        assert!(!fault.message.is_empty(), "{fault:?}");
        if let (Some(position), Some(lines)) = (fault.position, lines.filter(|_| fault.file == name)) {
            assert!(
                (1..=lines).contains(&position.line) && position.column >= 1,
                "{fault:?} of {lines} lines"
            );
        }
    }
}
