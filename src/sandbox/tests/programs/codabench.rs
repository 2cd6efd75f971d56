//! Codabench's two steps, really run: nothing of a contestant's code reaches the truth or the scores.

use std::fs;
use std::path::{Path, PathBuf};

use heldout_sandbox::contracts::codabench::{Predicted, Program, Scored, Scoring, Task};
use heldout_sandbox::contracts::{ContractError, FailureCode};
use heldout_sandbox::{Confinement, End};

use crate::stage::{Stage, failure, on_each_stage};
use crate::support::small_limits;

/// The parts of a Codabench task, as folders.
struct Parts {
    scorer: PathBuf,
    command: String,
    reference: PathBuf,
    input: PathBuf,
    ingestion: Option<PathBuf>,
    only_during_scoring: bool,
}

const SCORER: &str = "import json, os, sys\n\
    where, output = sys.argv[1:3]\n\
    truth = json.load(open(where + '/ref/truth.json'))\n\
    found = json.load(open(where + '/res/answers.json'))\n\
    right = [float(found.get(name) == value) for name, value in truth.items()]\n\
    json.dump({'accuracy': sum(right) / len(right), 'costs': {'not': 'wanted'}}, open(output + '/scores.json', 'w'))\n";

impl Parts {
    fn new(stage: &Stage<'_>) -> Self {
        Self {
            scorer: stage.write("scorer", &[("score.py", SCORER)]),
            command: "python3 $program/score.py $input $output".to_owned(),
            reference: stage.write("reference", &[("truth.json", "{\"a\": \"CANARY\", \"b\": \"other\"}")]),
            input: stage.write("input", &[("questions.json", "[\"a\", \"b\"]")]),
            ingestion: None,
            only_during_scoring: false,
        }
    }

    fn run(&self, stage: &Stage<'_>, submission: &Path) -> Result<(Scored, End), ContractError> {
        let limits = small_limits();
        let ingestion = self.ingestion.as_deref().map(|folder| Program {
            folder,
            command: Some("python3 $ingestion_program/run.py $input $output"),
        });
        let task = Task {
            environment: &stage.environment,
            ingestion,
            ingestion_only_during_scoring: self.only_during_scoring,
            input_data: Some(&self.input),
        };
        let room = stage.sandbox.room().unwrap();
        let predicted: Predicted = task.predict(&room, submission, &limits, &|| false)?;
        let ran = predicted.submission.as_ref().or(predicted.ingestion.as_ref());
        let end = ran.map_or(End::Exited(0), |outcome| outcome.end);
        let scoring = Scoring {
            program: Program { folder: &self.scorer, command: Some(&self.command) },
            reference: Some(&self.reference),
            columns: &["accuracy".to_owned()],
            limits: &limits,
        };
        let scored = task.score(&stage.sandbox.room().unwrap(), &scoring, &predicted, &|| false)?;
        Ok((scored, end))
    }
}

const ANSWERS: &str = "{\"a\": \"CANARY\", \"b\": \"wrong\"}";

#[test]
fn a_result_submission_is_scored() {
    on_each_stage(|stage| {
        let submission = stage.write("submission", &[("answers.json", ANSWERS), ("deeper/notes.txt", "")]);
        let (scored, _) = Parts::new(stage).run(stage, &submission).unwrap();
        assert_eq!(scored.scores.into_iter().collect::<Vec<_>>(), [("accuracy".to_owned(), 0.5)]);
    });
}

#[test]
fn paths_of_the_contract_are_there_where_mounts_can_be_made() {
    on_each_stage(|stage| {
        let mut parts = Parts::new(stage);
        let fixed =
            SCORER.replace("where, output = sys.argv[1:3]", "where, output = '/app/input', '/app/output'");
        parts.scorer = stage.write("fixed", &[("score.py", &fixed)]);
        let submission = stage.write("submission", &[("answers.json", ANSWERS)]);
        let scored = parts.run(stage, &submission);
        match stage.sandbox.confinement() {
            Confinement::Namespaces => assert_eq!(scored.unwrap().0.scores["accuracy"], 0.5),
            Confinement::Landlock => assert_eq!(failure(scored).code, FailureCode::Crashed),
        }
    });
}

#[test]
fn a_code_submission_predicts_and_never_sees_the_truth() {
    on_each_stage(|stage| {
        let parts = Parts::new(stage);
        let code = format!(
            "import json, os, sys\n\
             place, output = sys.argv[1:3]\n\
             assert json.load(open(place + '/questions.json')) == ['a', 'b']\n\
             for top in ('/app', '{reference}', '{scorer}', '/input', os.path.dirname('{reference}')):\n\
             \x20   for folder, _, files in os.walk(top):\n\
             \x20       for name in files:\n\
             \x20           if b'CANARY' in open(os.path.join(folder, name), 'rb').read() and name != 'predict.py':\n\
             \x20               sys.exit('found the truth in ' + folder)\n\
             try:\n\
             \x20   open('{scorer}/score.py', 'w')\n\
             \x20   sys.exit('replaced the scorer')\n\
             except OSError: pass\n\
             json.dump({{'a': 'guess', 'b': 'other'}}, open(output + '/answers.json', 'w'))\n\
             open(output + '/scores.json', 'w').write('{{\"accuracy\": 1}}')\n\
             open(output + '/scores.txt', 'w').write('accuracy: 1')\n\
             open(output + '/score.py', 'w').write('raise SystemExit(9)')\n",
            reference = parts.reference.display(),
            scorer = parts.scorer.display(),
        );
        let metadata = "command: python3 $program/predict.py $input $output\n";
        let submission = stage.write("submission", &[("metadata", metadata), ("predict.py", &code)]);
        let (scored, end) = parts.run(stage, &submission).unwrap();
        assert_eq!(end, End::Exited(0));
        assert_eq!(scored.scores["accuracy"], 0.5);
        assert_eq!(fs::read_to_string(parts.scorer.join("score.py")).unwrap(), SCORER);
    });
}

#[test]
fn an_ingestion_program_runs_the_submission() {
    on_each_stage(|stage| {
        let mut parts = Parts::new(stage);
        let ingestion = "import json, os, sys\n\
                         place, output = sys.argv[1:3]\n\
                         sys.path.insert(0, os.environ.get('INGESTED', '/app/ingested_program'))\n\
                         import model\n\
                         questions = json.load(open(place + '/questions.json'))\n\
                         json.dump({name: model.answer(name) for name in questions}, open(output + '/answers.json', 'w'))\n\
                         sys.exit(1)\n";
        parts.ingestion = Some(stage.write("ingestion", &[("run.py", ingestion)]));
        // Metadata without a command: the submission itself does nothing.
        let submission =
            [("metadata", "description: code\n"), ("model.py", "def answer(name): return 'CANARY'\n")];
        let submission = stage.write("submission", &submission);
        let scored = parts.run(stage, &submission);
        match stage.sandbox.confinement() {
            // Its code 1 does not matter.
            Confinement::Namespaces => {
                let (scored, end) = scored.unwrap();
                assert_eq!((scored.scores["accuracy"], end), (0.5, End::Exited(1)));
            }
            Confinement::Landlock => assert_eq!(failure(scored).code, FailureCode::Crashed),
        }
    });
}

#[test]
fn an_ingestion_program_beside_the_scorer_sees_neither_truth_nor_scores() {
    on_each_stage(|stage| {
        if stage.sandbox.confinement() == Confinement::Landlock {
            return;
        }
        let mut parts = Parts::new(stage);
        let ingestion = "import os, sys, time\n\
                         seen = os.path.exists('/app/input/ref')\n\
                         open('/app/output/scores.json', 'w').write('{\"accuracy\": 1}')\n\
                         open('/app/shared/seen.half', 'w').write(repr((seen, os.listdir('/app/ingested_program'))))\n\
                         os.rename('/app/shared/seen.half', '/app/shared/seen')\n";
        parts.ingestion = Some(stage.write("ingestion", &[("run.py", ingestion)]));
        parts.only_during_scoring = true;
        let waiting = "import os, time\n\
                       while not os.path.exists('/app/shared/seen'): time.sleep(0.01)\n\
                       seen = open('/app/shared/seen').read()\n\
                       good = seen.startswith('(False') and 'answers.json' in seen\n\
                       open('/app/output/scores.txt', 'w').write('accuracy: %s\\n' % (0.25 if good else 0))\n";
        parts.scorer = stage.write("waiting", &[("score.py", waiting)]);
        let submission = stage.write("submission", &[("answers.json", ANSWERS)]);
        assert_eq!(parts.run(stage, &submission).unwrap().0.scores["accuracy"], 0.25);
    });
}

#[test]
fn what_a_scorer_leaves_is_believed_only_as_numbers() {
    on_each_stage(|stage| {
        let mut parts = Parts::new(stage);
        let submission = stage.write("submission", &[("answers.json", ANSWERS)]);
        let mut scored_by = |name: &str, body: &str| {
            let text = format!("import os, sys\nos.chdir(sys.argv[2])\n{body}\n");
            parts.scorer = stage.write(name, &[("score.py", &text)]);
            parts.run(stage, &submission)
        };
        let good = scored_by("text", "open('scores.txt', 'w').write('accuracy: 0.75\\nother: {a: 1}\\n')")
            .unwrap()
            .0;
        assert_eq!(good.scores["accuracy"], 0.75);
        let page = scored_by(
            "page",
            "open('scores.json', 'w').write('{\"accuracy\": \"0.5\"}')\n\
             open('b.html', 'w').write('b'); open('detailed_results.html', 'w').write('the page')",
        );
        let page = page.unwrap().0;
        assert_eq!((page.scores["accuracy"], page.page.as_deref()), (0.5, Some(&b"the page"[..])));
        let none = failure(scored_by("none", "pass"));
        assert_eq!(none.code, FailureCode::NoResult);
        assert!(none.message.contains("Could not find scores file"), "{}", none.message);
        for (name, body, part) in [
            ("nan", "open('scores.json', 'w').write('{\"accuracy\": NaN}')", "accuracy"),
            ("dict", "open('scores.json', 'w').write('{\"accuracy\": {\"a\": 1}}')", "accuracy"),
            ("word", "open('scores.txt', 'w').write('accuracy: high')", "accuracy is no finite number"),
            (
                "tag",
                "open('scores.txt', 'w').write('accuracy: !!python/object/apply:os.system [\"id\"]')",
                "scores.txt",
            ),
            ("link", "os.symlink('/etc/hostname', 'scores.json')", "symbolic links"),
            ("deep", "open('scores.json', 'w').write('[' * 100000)", "scores.json"),
        ] {
            let refusal = failure(scored_by(name, body));
            assert_eq!(refusal.code, FailureCode::UnusableResult, "{name}");
            assert!(refusal.message.contains(part), "{name}: {}", refusal.message);
        }
        assert_eq!(failure(scored_by("crash", "sys.exit(4)")).code, FailureCode::Crashed);
    });
}

#[test]
fn a_submission_that_is_a_hostile_program_fails_alone() {
    on_each_stage(|stage| {
        let parts = Parts::new(stage);
        let metadata = "command: python3 $program/predict.py $output\n";
        let submission =
            |name: &str, code: &str| stage.write(name, &[("metadata", metadata), ("predict.py", code)]);
        let link =
            submission("link", "import os, sys\nos.symlink('/etc/passwd', sys.argv[1] + '/answers.json')\n");
        let error = parts.run(stage, &link).unwrap_err();
        assert!(matches!(error, ContractError::Files(_)), "{error:?}");
        let flood =
            "import sys\nfor n in range(10**6): open(sys.argv[1] + '/%d' % n, 'wb').write(bytes(1 << 20))\n";
        assert_eq!(failure(parts.run(stage, &submission("flood", flood))).code, FailureCode::LimitExceeded);
        let shell = stage.write("shell", &[("metadata", "command: 'echo x && touch /tmp/made'\n")]);
        let (_, end) = match parts.run(stage, &shell) {
            Err(ContractError::Program(failure)) => (0, failure.outcome.unwrap().end),
            other => panic!("{other:?}"),
        };
        // Nothing was made, so the scorer had nothing to read.
        assert_eq!(end, End::Exited(1));
    });
}

#[test]
fn the_scorer_of_the_documentation_gives_evidence() {
    on_each_stage(|stage| {
        if stage.sandbox.confinement() == Confinement::Landlock {
            return;
        }
        let documentation = include_str!("../../contracts/items.md");
        let example = documentation.split("```python").nth(1).unwrap().split("```").next().unwrap();
        let mut parts = Parts::new(stage);
        parts.scorer = stage.write("documented", &[("score.py", example)]);
        let labels = "{\"c1\": {\"label\": \"cook\", \"video\": \"v\", \"country\": \"DE\"},\
                       \"c2\": {\"label\": \"sew\", \"video\": \"v\", \"country\": \"FR\"}}";
        parts.reference = stage.write("labels", &[("labels.json", labels)]);
        let submission = stage.write("submission", &[("predictions.json", "{\"c1\": \"cook\"}")]);
        let scored = parts.run(stage, &submission).unwrap().0;
        let evidence = scored.items.unwrap().evidence;
        let accuracy = evidence.score_all().get("accuracy").and_then(sdk::Score::value);
        assert_eq!((scored.scores["accuracy"], accuracy), (0.5, Some(0.5)));
    });
}
