//! Programs of EvalAI and Codabench bundles, really run: what they expect holds, what they must not do does not work.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use heldout_sandbox::contracts::codabench::{Predicted, Program, Scored, Task};
use heldout_sandbox::contracts::evalai::{Evaluation, EvaluationScript, Finished, SubmissionMetadata};
use heldout_sandbox::contracts::{ContractError, FailureCode, ProgramFailure};
use heldout_sandbox::environment::{Builder, Environment, EnvironmentError, Wishes};
use heldout_sandbox::{Confinement, End, Limit, Limits, Sandbox};
use support::{PYTHON, Sandboxes, open_to_others, small_limits};

/// Writes files below a folder that programs may be shown.
fn write(folder: &Path, files: &[(&str, &str)]) -> PathBuf {
    fs::create_dir_all(folder).unwrap();
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder.to_owned()
}

/// A sandbox, an empty environment in it, and a folder for a bundle.
struct Stage<'s> {
    sandbox: &'s Sandbox,
    environment: Environment,
    folder: tempfile::TempDir,
}

impl<'s> Stage<'s> {
    fn new(sandbox: &'s Sandbox) -> Self {
        let folder = tempfile::tempdir().unwrap();
        open_to_others(folder.path());
        let builder = Builder::new(folder.path().join("environments"), PYTHON);
        let wishes = Wishes { requirements: String::new(), constraints: String::new() };
        let environment = builder.environment(sandbox, &wishes, &|| false).unwrap();
        Self { sandbox, environment, folder }
    }

    fn write(&self, name: &str, files: &[(&str, &str)]) -> PathBuf {
        write(&self.folder.path().join(name), files)
    }

    /// Evaluates a submission with a script that has this `main.py`.
    fn evaluate(&self, main: &str) -> Result<Finished, ContractError> {
        self.evaluate_within(main, &small_limits())
    }

    fn evaluate_within(&self, main: &str, limits: &Limits) -> Result<Finished, ContractError> {
        let number = fs::read_dir(self.folder.path()).unwrap().count();
        let scripts = [
            ("__init__.py", "from .main import evaluate\n"),
            ("main.py", main),
            ("counting.py", "ONE = 1\n"),
        ];
        let scripts = self.write(&format!("scripts-{number}"), &scripts);
        let files =
            self.write(&format!("files-{number}"), &[("annotation.json", "[1, 2]"), ("7f3a.tsv", "1\t2")]);
        let (annotation, submission) = (files.join("annotation.json"), files.join("7f3a.tsv"));
        let splits = ["train_split".to_owned(), "test_split".to_owned()];
        let metadata =
            SubmissionMetadata { id: 17, method_name: "ours".to_owned(), ..SubmissionMetadata::default() };
        let script =
            EvaluationScript { folder: &scripts, challenge: 3, environment: &self.environment, limits };
        let evaluation = Evaluation {
            annotation: Some(&annotation),
            submission: &submission,
            phase: "dev",
            splits: &splits,
            metadata: &metadata,
        };
        script.evaluate(&self.sandbox.room().unwrap(), &evaluation, &|| false)
    }
}

fn on_each_stage(check: impl Fn(&Stage<'_>)) {
    for sandbox in &Sandboxes::new().all {
        check(&Stage::new(sandbox));
    }
}

fn failure<T: std::fmt::Debug>(result: Result<T, ContractError>) -> ProgramFailure {
    match result.unwrap_err() {
        ContractError::Program(failure) => *failure,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_evaluation_script_is_called_as_evalai_calls_it() {
    on_each_stage(|stage| {
        let finished = stage
            .evaluate(
                "import os, sys\n\
                 from .counting import ONE\n\
                 from . import __path__\n\
                 def evaluate(annotation, submission, phase, **kwargs):\n\
                 \x20   about = kwargs['submission_metadata']\n\
                 \x20   assert __name__ == 'challenge_data.challenge_3.main', __name__\n\
                 \x20   assert open(annotation).read() == '[1, 2]' and submission.endswith('.tsv')\n\
                 \x20   assert open(submission).read() == '1\\t2'\n\
                 \x20   assert len(about) == 29 and about['id'] == 17 and about['method_name'] == 'ours'\n\
                 \x20   print('a word on standard output')\n\
                 \x20   os.write(1, b'{\"result\": \"a word on descriptor 1\"}')\n\
                 \x20   return {'result': [{'train_split': {'F1': ONE, 'Total': 0.5}, 'later': {'F1': 9}},\n\
                 \x20                      {'test_split': {'F1': True}}],\n\
                 \x20           'error': [{'test_split': {'error_F1': 0.25}}],\n\
                 \x20           'submission_result': {'seen': phase, 'odd': {1, 2}}, 'submission_metadata': float('nan')}\n",
            )
            .unwrap();
        let splits = &finished.evaluated.splits;
        assert_eq!(
            (splits.len(), splits[0].split.as_str(), splits[0].metrics["Total"]),
            (2, "train_split", 0.5)
        );
        assert_eq!(
            (splits[0].metrics["F1"], splits[1].metrics["F1"], splits[1].errors["F1"]),
            (1.0, 1.0, 0.25)
        );
        assert_eq!(finished.evaluated.ignored, ["later"]);
        assert_eq!(finished.evaluated.submission_result["seen"], "dev");
        assert!(finished.outcome.stdout.text().contains("a word on descriptor 1"));
        assert!(finished.items.is_none());
    });
}

#[test]
fn scalars_of_numeric_libraries_are_numbers() {
    on_each_stage(|stage| {
        // What numpy's scalars look like from outside: a shape without dimensions and `item()`.
        let finished = stage
            .evaluate(
                "from decimal import Decimal\n\
                 from fractions import Fraction\n\
                 class Scalar:\n\
                 \x20   shape = ()\n\
                 \x20   def __init__(self, value): self.value = value\n\
                 \x20   def item(self): return self.value\n\
                 def evaluate(*paths, **kwargs):\n\
                 \x20   return {'result': [{'test_split': {'a': Scalar(0.5), 'b': Scalar(3), 'c': Decimal('0.1'),\n\
                 \x20                                      'd': Fraction(1, 4)}}]}\n",
            )
            .unwrap();
        let metrics: Vec<f64> = finished.evaluated.splits[0].metrics.values().copied().collect();
        assert_eq!(metrics, [0.5, 3.0, 0.1, 0.25]);
    });
}

#[test]
fn results_that_are_no_numbers_are_refused_by_split_and_metric() {
    on_each_stage(|stage| {
        let refusal = failure(stage.evaluate(
            "def evaluate(*paths, **kwargs):\n\
             \x20   return {'result': [{'test_split': {'mean': float('nan'), 'most': float('inf'), 'good': 1,\n\
             \x20                                      'by_class': {'a': 1}, 'list': [1], 'text': '0.5', 'none': None}},\n\
             \x20                      {'no_split': {'good': 1}}, {'train_split': 3}, 'word']}\n",
        ));
        assert_eq!(refusal.code, FailureCode::UnusableResult);
        for part in [
            "split \"test_split\", metric \"mean\": a finite number is wanted, not NaN",
            "metric \"most\": a finite number is wanted, not infinity",
            "metric \"by_class\": a finite number is wanted, not dict",
            "metric \"list\": a finite number is wanted, not list",
            "metric \"text\"",
            "metric \"none\": a finite number is wanted, not NoneType",
            "split \"no_split\": no such relation between challenge phase and dataset split",
            "\"train_split\" has in \"result\"[2] is of type int",
            "\"result\"[3] is of type str",
        ] {
            assert!(refusal.message.contains(part), "{part:?} is not in {}", refusal.message);
        }
        assert!(!refusal.message.contains("\"good\""), "{}", refusal.message);
    });
}

#[test]
fn a_script_that_fails_says_where() {
    on_each_stage(|stage| {
        let raised = failure(stage.evaluate("def evaluate(*paths, **kwargs): return {}['test_split']\n"));
        assert_eq!(raised.code, FailureCode::Crashed);
        assert!(
            raised.message.contains("KeyError") && raised.message.contains("main.py"),
            "{}",
            raised.message
        );
        let absent = failure(stage.evaluate("import library_that_is_not_there\n"));
        assert_eq!(absent.code, FailureCode::NotLoadable);
        assert!(absent.message.contains("library_that_is_not_there"), "{}", absent.message);
        let nothing = failure(stage.evaluate("def evaluate(*paths, **kwargs): pass\n"));
        assert_eq!(nothing.code, FailureCode::UnusableResult);
        let gone = failure(stage.evaluate("import os\ndef evaluate(*paths, **kwargs): os._exit(0)\n"));
        assert_eq!(gone.code, FailureCode::NoResult);
        let exited = failure(stage.evaluate("import sys\ndef evaluate(*paths, **kwargs): sys.exit(0)\n"));
        assert_eq!(exited.code, FailureCode::Crashed);
        let limits = Limits { wall: Duration::from_secs(1), ..small_limits() };
        let endless = "import time\ndef evaluate(*paths, **kwargs): time.sleep(600)\n";
        let late = failure(stage.evaluate_within(endless, &limits));
        assert_eq!(
            (late.code, late.outcome.unwrap().end),
            (FailureCode::LimitExceeded, End::Limit(Limit::Wall))
        );
        // And the next submission scores.
        let next = stage
            .evaluate("def evaluate(*p, **k): return {'result': [{'test_split': {'F1': 1}}]}\n")
            .unwrap();
        assert_eq!(next.evaluated.splits[0].metrics["F1"], 1.0);
    });
}

#[test]
fn a_package_that_cannot_be_imported_is_found_before_anybody_submits() {
    on_each_stage(|stage| {
        let limits = small_limits();
        let check = |name: &str, text: &str| {
            let scripts = stage.write(name, &[("__init__.py", text)]);
            let script = EvaluationScript {
                folder: &scripts,
                challenge: 1,
                environment: &stage.environment,
                limits: &limits,
            };
            script.import(&stage.sandbox.room().unwrap(), &|| false)
        };
        check("good", "def evaluate(*paths, **kwargs): raise RuntimeError('not called')\n").unwrap();
        let old = failure(check("old", "print 'Python 2'\n"));
        assert!(old.message.contains("SyntaxError"), "{}", old.message);
        let silent = failure(check("silent", ""));
        assert!(silent.message.contains("evaluate"), "{}", silent.message);
    });
}

#[test]
fn pip_in_a_script_installs_nothing_and_its_words_are_no_result() {
    on_each_stage(|stage| {
        let finished = stage
            .evaluate(
                "import os, subprocess, sys\n\
                 os.system(sys.executable + ' -m pip install --retries 0 six')\n\
                 code = subprocess.call([sys.executable, '-m', 'pip', 'install', '--retries', '0', 'six'])\n\
                 def evaluate(*paths, **kwargs): return {'result': [{'test_split': {'code': code}}]}\n",
            )
            .unwrap();
        assert_ne!(finished.evaluated.splits[0].metrics["code"], 0.0);
    });
}

#[test]
fn values_of_every_item_become_evidence() {
    on_each_stage(|stage| {
        let finished = stage
            .evaluate(
                "import json, os\n\
                 def evaluate(*paths, **kwargs):\n\
                 \x20   items = [{'id': 'a', 'group': 'v', 'slices': {'country': 'DE'}, 'values': {'F1': 1, 'wer': [1, 4]}},\n\
                 \x20            {'id': 'b', 'group': 'v', 'values': {'F1': 0, 'wer': [0, 7]}}]\n\
                 \x20   with open(os.environ['HELDOUT_OUTPUT'] + '/items.json', 'w') as file:\n\
                 \x20       json.dump({'version': 1, 'factors': {'wer': 100}, 'items': items}, file)\n\
                 \x20   return {'result': [{'test_split': {'F1': 0.5}}]}\n",
            )
            .unwrap();
        let items = finished.items.unwrap();
        let scores = items.evidence.score_all();
        let score = |name: &str| scores.get(name).and_then(sdk::Score::value).unwrap();
        assert_eq!((score("F1"), score("wer")), (0.5, 100.0 * 1.0 / 11.0));
        let german = items.items.mask("country", "DE").unwrap();
        assert_eq!(items.evidence.score(german.view()).get("F1").and_then(sdk::Score::value), Some(1.0));
        let refusal = failure(stage.evaluate(
            "import os\n\
             def evaluate(*paths, **kwargs):\n\
             \x20   open(os.environ['HELDOUT_OUTPUT'] + '/items.json', 'w').write('{\"items\": [{\"id\": \"a\"}]}')\n\
             \x20   return {'result': [{'test_split': {'F1': 0.5}}]}\n",
        ));
        assert!(
            refusal.message.contains("items.json: ") && refusal.message.contains("\"values\""),
            "{}",
            refusal.message
        );
    });
}

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
        let scorer = Program { folder: &self.scorer, command: Some(&self.command) };
        let (columns, second) = (["accuracy".to_owned()], stage.sandbox.room().unwrap());
        let scored =
            task.score(&second, scorer, Some(&self.reference), &predicted, &columns, &limits, &|| false)?;
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
fn an_environment_is_built_once_and_belongs_to_nobody_who_runs() {
    on_each_stage(|stage| {
        let wheels = stage.folder.path().join("wheels");
        fs::create_dir(&wheels).unwrap();
        make_wheel(&wheels);
        let mut builder = Builder::new(stage.folder.path().join("environments"), PYTHON);
        builder.find_links = vec![wheels.to_string_lossy().into_owned()];
        let wishes = |text: &str, constraint: &str| Wishes {
            requirements: text.to_owned(),
            constraints: constraint.to_owned(),
        };
        let build = |wishes: &Wishes| builder.environment(stage.sandbox, wishes, &|| false);
        let first = build(&wishes("heldout-example\n", "heldout-example==1.5\n")).unwrap();
        assert_eq!(first.contents.packages["heldout-example"], "1.5");
        assert!(first.contents.python.starts_with("3."), "{:?}", first.contents);
        let record = builder.folder.join(format!("{}.json", first.contents.wishes));
        let made = fs::metadata(&record).unwrap().modified().unwrap();
        assert_eq!(build(&wishes("heldout-example\n", "heldout-example==1.5\n")).unwrap(), first);
        assert_eq!(fs::metadata(&record).unwrap().modified().unwrap(), made);
        let refusal = build(&wishes("no-such-package==7\n", "")).unwrap_err();
        assert!(matches!(refusal, EnvironmentError::Building { .. }), "{refusal:?}");
        assert!(refusal.to_string().contains("no-such-package==7"), "{refusal}");
        assert!(!refusal.to_string().contains("Traceback"), "{refusal}");

        let used = Stage { sandbox: stage.sandbox, environment: first, folder: tempfile::tempdir().unwrap() };
        open_to_others(used.folder.path());
        let finished = used
            .evaluate(
                "import heldout_example, os\n\
                 def refused(what):\n\
                 \x20   try: what(); return 0\n\
                 \x20   except OSError: return 1\n\
                 path = heldout_example.__file__\n\
                 def evaluate(*paths, **kwargs):\n\
                 \x20   return {'result': [{'test_split': {'version': heldout_example.VERSION,\n\
                 \x20       'written': refused(lambda: open(path, 'a')), 'removed': refused(lambda: os.remove(path))}}]}\n",
            )
            .unwrap();
        let values: Vec<f64> = finished.evaluated.splits[0].metrics.values().copied().collect();
        assert_eq!(values, [1.0, 1.5, 1.0]);
    });
}

/// A package in the form that pip installs, with one module.
fn make_wheel(folder: &Path) {
    let program = "import sys, zipfile\n\
        for version in ('1.5', '2.0'):\n\
        \x20   name, info = 'heldout_example', 'heldout_example-%s.dist-info/' % version\n\
        \x20   with zipfile.ZipFile('%s/%s-%s-py3-none-any.whl' % (sys.argv[1], name, version), 'w') as wheel:\n\
        \x20       wheel.writestr(name + '.py', 'VERSION = %s\\n' % version)\n\
        \x20       wheel.writestr(info + 'METADATA', 'Metadata-Version: 2.1\\nName: heldout-example\\nVersion: %s\\n' % version)\n\
        \x20       wheel.writestr(info + 'WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')\n\
        \x20       wheel.writestr(info + 'RECORD', '')\n";
    let status = std::process::Command::new(PYTHON).args(["-c", program]).arg(folder).status().unwrap();
    assert!(status.success());
}
