//! Environments, really built, from a package made here.

use std::fs;
use std::path::Path;

use heldout_sandbox::environment::{Builder, EnvironmentError, Wishes};

use crate::stage::{Stage, on_each_stage};
use crate::support::{PYTHON, open_to_others};

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
