//! Phases that a program of their organizers scores: the program is run in the sandbox, and its numbers are judged here.
//!
//! There is no other way to run one: where no sandbox holds, the evaluation fails and says what to install.

mod files;
mod result;
mod run;
mod trial;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use app::scoring::ScoreOrder;
use app::settings::ProgramSettings;
use app::{Code, Outcome};
use sandbox::environment::{Builder, SCIENTIFIC};
use sandbox::image::Images;
use sandbox::{Limits, Probe, Sandbox, Settings};
use storage::jobs::LeasedJob;
use storage::phases::Phase;

use self::files::ProgramFiles;
pub(crate) use self::run::Made;
use self::run::{NOT_BUILT, Run, RunFailure};
pub(crate) use self::trial::run_trials;
use crate::Shared;
use crate::evaluate::{Ended, conclude_program, failed};
use crate::leases::StopFlag;

/// How many runs of its full length an evaluation may come to: two steps for every task.
const MOST_STEPS: u32 = 40;

/// How long everything around the runs may take; an environment may have to be built first.
const PATIENCE: Duration = Duration::from_secs(3600);

/// What runs programs on this machine, or why nothing does.
#[derive(Debug)]
pub struct Programs {
    sandbox: Result<Sandbox, String>,
    builder: Builder,
    /// What gives images their files, if the operator has named an engine.
    images: Option<Images>,
    folder: PathBuf,
    /// What programs without requirements are run with.
    standard: &'static str,
}

impl Programs {
    /// Finds out what holds on this machine.
    ///
    /// `child` with `arguments` is this program again, for the steps of a run that are processes of their own.
    /// Takes about as long as ten short processes.
    pub fn open(settings: &ProgramSettings, child: PathBuf, arguments: Vec<String>) -> Self {
        let folder = absolute(&settings.folder);
        let mut own = Settings::new(child, folder.join("rooms"));
        own.child_arguments = arguments;
        own.users = settings.first_user..settings.first_user.saturating_add(settings.users);
        let probe = Probe::take(&own, &settings.python);
        let sandbox = std::fs::create_dir_all(&folder)
            .map_err(|error| format!("{}: {error}", folder.display()))
            .and_then(|()| Sandbox::new(own, probe).map_err(|error| error.to_string()));
        let mut builder = Builder::new(folder.join("environments"), &settings.python);
        builder.network = settings.network;
        builder.find_links.clone_from(&settings.find_links);
        builder.index = Some(settings.index.clone()).filter(|index| !index.is_empty());
        let engine = Some(&settings.container_engine).filter(|engine| !engine.as_os_str().is_empty());
        let images = engine.map(|engine| Images {
            folder: folder.join("images"),
            engine: engine.clone(),
            network: settings.network,
            limits: builder.limits.clone(),
        });
        let standard = if settings.standard_packages { SCIENTIFIC } else { "" };
        Self { sandbox, builder, images, folder, standard }
    }

    /// What holds, in a sentence, or what to do about it.
    pub fn describe(&self) -> Result<String, &str> {
        match &self.sandbox {
            Ok(sandbox) => Ok(sandbox.confinement().to_string()),
            Err(why) => Err(why),
        }
    }
}

fn absolute(folder: &std::path::Path) -> PathBuf {
    std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned())
}

/// Whether a program scores a phase.
pub(crate) fn is_scored_by_program(order: &ScoreOrder) -> bool {
    order.phase.evaluator == registry::programs::PROGRAM
}

/// Runs the program of a phase on the submission of a job.
pub(crate) async fn evaluate_program(
    shared: &Shared,
    job: &LeasedJob,
    order: &ScoreOrder,
    stop: &StopFlag,
) -> Outcome<Ended> {
    let app = &shared.app;
    let started_at = app.now();
    let Some(programs) = shared.programs.clone() else {
        return Ok(failed("programs_not_run_here", "this worker was started without a sandbox", false));
    };
    if let Err(why) = &programs.sandbox {
        return Ok(failed("no_sandbox", why, false));
    }
    match app::trials::environment_of(app, order.annotations.id).await? {
        // Building takes minutes, and what holds them up is said where the submission is shown.
        Some(environment) if environment.is_live() => {
            return Ok(Ended::PutOff { detail: "the environment of the program is being built" });
        }
        Some(environment) if environment.failure.as_deref() == Some(NOT_BUILT) => {
            return Ok(failed(NOT_BUILT, &environment.detail.unwrap_or_default(), true));
        }
        _ => {}
    }
    let prepared = match shared.prepared.get(app, &order.phase, &order.annotations, &order.splits).await {
        Ok(prepared) => prepared,
        Err(failure) if failure.code == Code::Unavailable => return Err(failure),
        Err(failure) => return Ok(failed("annotations", &format!("{failure:?}"), false)),
    };
    let files = match ProgramFiles::read(app, order).await {
        Ok(files) => files,
        Err(why) => return Ok(failed("artifact", &why, false)),
    };
    let limits = limits_of(shared, &order.phase);
    let wall = limits.wall;
    let run = Run { limits, files, prepared, stop: stop.clone() };
    let begun = Instant::now();
    let thread = tokio::task::spawn_blocking(move || run.finish(&programs));
    let outcome = tokio::select! {
        joined = thread => match joined {
            Ok(outcome) => outcome,
            Err(error) => return Ok(failed("panicked", &error.to_string(), false)),
        },
        // Building an environment the first time takes its own time; the sandbox ends whatever goes on beyond.
        () = tokio::time::sleep(wall * MOST_STEPS + PATIENCE) => {
            stop.raise();
            return Ok(failed("time_limit", "the evaluation went on beyond every limit", true));
        }
        () = shared.stop.cancelled() => {
            stop.raise();
            return Ok(Ended::Stopped);
        }
    };
    let took = begun.elapsed().as_secs_f64();
    let ended = match outcome {
        Ok(found) => conclude_program(shared, job, order, started_at, found).await,
        Err(RunFailure::Stopped) => Ended::Stopped,
        Err(RunFailure::Failed { code, detail, is_final }) => failed(code, &detail, is_final),
    };
    (shared.observer)(&order.phase.evaluator, ended.name(), took);
    Ok(ended)
}

/// What a step of a phase's program may use.
fn limits_of(shared: &Shared, phase: &Phase) -> Limits {
    let (limits, settings) = (phase.limits(), &shared.app.settings.worker);
    let wall = Duration::from_secs(u64::from(limits.seconds).min(settings.evaluation_seconds));
    Limits {
        memory: (u64::from(limits.memory_mib) << 20).min(settings.evaluation_bytes),
        wall,
        cpu: wall.saturating_mul(2),
        ..Limits::default()
    }
}
