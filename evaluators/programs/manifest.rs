//! What is documented of the two evaluators.

use sdk::params::{Param, ParamKind, Schema};
use sdk::{Format, Manifest, Metric, Reference};

use crate::{PROGRAM, PROGRAM_TABLE, REMOTE, TRUTH_TABLE};

const SHEET: &str = "{\"metrics\": [{\"name\": \"accuracy\", \"label\": \"Accuracy\", \"higher_is_better\": true, \
                     \"decimals\": 2}],\n \"splits\": [\"dev_split\", \"test_split\"]}\n";

pub(crate) fn program() -> Manifest {
    let description = "A worker runs the program of the table `program` in its sandbox for every submission.";
    let mut manifest = manifest(PROGRAM, "A program of the organizers, run by this server", description);
    manifest.annotations.extend([
        table(PROGRAM_TABLE, "application/zip", true, "Everything that runs.", "PK"),
        table(TRUTH_TABLE, "application/octet-stream", true, "What the program compares with.", "{}"),
    ]);
    manifest.params = Schema(vec![
        Param::optional(
            "contract",
            ParamKind::Choice { choices: ["evalai", "codabench"].map(str::to_owned).to_vec() },
            "What the program expects around it.",
        ),
        Param::optional("phase", ParamKind::Text, "What the program knows the phase by."),
    ]);
    manifest
}

pub(crate) fn remote() -> Manifest {
    let description = "Machines of the organizers take submissions from the queue of the challenge and report their \
                       scores; nothing that they compare with is on this server.";
    manifest(REMOTE, "A program of the organizers, run by themselves", description)
}

fn table(name: &str, media_type: &str, optional: bool, description: &str, example: &str) -> Format {
    Format {
        name: name.to_owned(),
        media_type: media_type.to_owned(),
        optional,
        description: description.to_owned(),
        example: example.to_owned(),
    }
}

fn manifest(id: &str, title: &str, description: &str) -> Manifest {
    let mut score = Metric::fraction("score", "What the program says it is.");
    (score.minimum, score.maximum) = (None, None);
    let sheet = "The score sheet: the metrics, and splits or items.";
    Manifest {
        id: id.to_owned(),
        version: "1".to_owned(),
        title: title.to_owned(),
        description: description.to_owned(),
        annotations: vec![table("main", "application/json", false, sheet, SHEET)],
        unannotated: None,
        submission: table(
            "submission",
            "application/octet-stream",
            false,
            "Whatever the program reads.",
            "{}",
        ),
        metrics: vec![score],
        params: Schema(Vec::new()),
        item: "item".to_owned(),
        resampling_unit: "item".to_owned(),
        rules: "A score is the number that the program returned; only finite numbers are taken.".to_owned(),
        references: vec![Reference {
            title: "EvalAI: evaluation scripts".to_owned(),
            url: "https://evalai.readthedocs.io/en/latest/evaluation_scripts.html".to_owned(),
        }],
    }
}
