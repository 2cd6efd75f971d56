//! Container images, really made and taken apart, as the system that programs see.

use std::fs;

use heldout_sandbox::environment::EnvironmentError;
use heldout_sandbox::image::Images;
use heldout_sandbox::{Confinement, Job, Limits, Mount};
use test_support::Engine;

use crate::stage::{Stage, on_each_stage};
use crate::support::{open_to_others, small_limits};

const NAME: &str = "heldout.example/marked:1";

#[test]
fn an_image_is_the_system_that_a_program_sees_within_the_same_walls() {
    let folder = tempfile::tempdir().unwrap();
    open_to_others(folder.path());
    let Some(engine) = Engine::prepare(&folder.path().join("engine")) else { return };
    engine.make(NAME, "first");
    on_each_stage(|stage| {
        let images = images(stage, &engine);
        let built = images.environment(stage.sandbox, NAME, &|| false);
        if stage.sandbox.confinement() != Confinement::Namespaces {
            let refusal = built.unwrap_err().to_string();
            assert!(refusal.contains("install bubblewrap"), "{refusal}");
            return;
        }
        let environment = built.unwrap();
        let image = environment.contents.image.clone().unwrap();
        assert_eq!(image.name, NAME);
        assert!(environment.contents.python.starts_with("3."), "{:?}", environment.contents);
        let record = images.folder.join(format!("{}.json", image.id));
        let made = fs::metadata(&record).unwrap().modified().unwrap();
        assert_eq!(images.environment(stage.sandbox, NAME, &|| false).unwrap(), environment);
        assert_eq!(fs::metadata(&record).unwrap().modified().unwrap(), made);

        let room = stage.sandbox.room().unwrap();
        let output = room.writable("output").unwrap();
        let program = "import os\n\
            def refused(what, *arguments):\n\
            \x20   try: what(*arguments); return False\n\
            \x20   except OSError: return True\n\
            print(open('/etc/mark').read(), os.environ['MARK'], sorted(os.listdir('/')), sorted(os.listdir('/app')))\n\
            print(refused(open, '/usr/new', 'w'), refused(open, '/etc/mark', 'a'), refused(os.mkdir, '/new'),\n\
            \x20   refused(os.chroot, '/app'), refused(os.listdir, '/run/heldout'), os.getuid() != 0)\n\
            open('/app/output/told', 'w').write('here')\n\
            open('/tmp/own', 'w').write('here')\n";
        let job = Job::new(["python3", "-I", "-c", program], small_limits())
            .mount(Mount::writing(&output, "/app/output"));
        let outcome = room.run(&environment.around(job), &|| false).unwrap();
        let said = outcome.stdout.text();
        assert!(outcome.end.is_success(), "{:?} {said} {}", outcome.end, outcome.stderr.text());
        let system = "['app', 'bin', 'dev', 'etc', 'lib', 'lib64', 'proc', 'tmp', 'usr']";
        let walls = if room_has_user(stage) { "True" } else { "False" };
        assert_eq!(
            said.lines().collect::<Vec<_>>(),
            [format!("first first {system} ['output']"), format!("True True True True True {walls}"),]
        );
        assert_eq!(fs::read_to_string(output.join("told")).unwrap(), "here");

        let inside = Stage { sandbox: stage.sandbox, environment, folder: tempfile::tempdir().unwrap() };
        open_to_others(inside.folder.path());
        let finished = inside.evaluate(
            "import os\n\
             def evaluate(*paths, **kwargs):\n\
             \x20   values = {'marked': float(open('/etc/mark').read() == 'first'), 'shell': float(os.path.exists('/bin/sh'))}\n\
             \x20   return {'result': [{'test_split': values}]}\n",
        );
        let metrics = finished.unwrap().evaluated.splits.remove(0).metrics;
        assert_eq!(
            metrics.into_iter().collect::<Vec<_>>(),
            [("marked".to_owned(), 1.0), ("shell".to_owned(), 0.0)]
        );
    });
}

#[test]
fn a_name_that_means_something_else_later_is_another_environment() {
    let folder = tempfile::tempdir().unwrap();
    open_to_others(folder.path());
    let Some(engine) = Engine::prepare(&folder.path().join("engine")) else { return };
    on_each_stage(|stage| {
        if stage.sandbox.confinement() != Confinement::Namespaces {
            return;
        }
        let images = images(stage, &engine);
        let mut digests = Vec::new();
        for mark in ["first", "second"] {
            engine.make(NAME, mark);
            let environment = images.environment(stage.sandbox, NAME, &|| false).unwrap();
            digests.push(environment.contents.digest());
        }
        assert_ne!(digests[0], digests[1]);
    });
}

#[test]
fn what_cannot_be_had_is_said() {
    let folder = tempfile::tempdir().unwrap();
    open_to_others(folder.path());
    let Some(engine) = Engine::prepare(&folder.path().join("engine")) else { return };
    on_each_stage(|stage| {
        if stage.sandbox.confinement() != Confinement::Namespaces {
            return;
        }
        let refused = |images: &Images, name: &str| {
            let refusal = images.environment(stage.sandbox, name, &|| false).unwrap_err();
            assert!(matches!(refusal, EnvironmentError::Building { .. }), "{refusal:?}");
            refusal.to_string()
        };
        let mut images = images(stage, &engine);
        assert!(refused(&images, "heldout.example/absent:1").contains("programs.network"));
        assert!(refused(&images, "--help").contains("no name of an image"));
        images.engine = "/nowhere/engine".into();
        let refusal = images.environment(stage.sandbox, NAME, &|| false).unwrap_err();
        assert!(matches!(refusal, EnvironmentError::Engine(..)), "{refusal:?}");
    });
}

fn images(stage: &Stage<'_>, engine: &Engine) -> Images {
    Images {
        folder: stage.folder.path().join("images"),
        engine: engine.program.clone(),
        network: false,
        limits: Limits { output_files: 100_000, ..Limits::default() },
    }
}

fn room_has_user(stage: &Stage<'_>) -> bool {
    stage.sandbox.probe().root
}
