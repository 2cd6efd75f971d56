//! EvalAI's evaluation scripts, really run.

use std::time::Duration;

use heldout_sandbox::contracts::FailureCode;
use heldout_sandbox::contracts::evalai::EvaluationScript;
use heldout_sandbox::{End, Limit, Limits};

use crate::stage::{failure, on_each_stage};
use crate::support::small_limits;

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
