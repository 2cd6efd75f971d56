//! The files of an evaluation on their way from the stores into the sandbox.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use app::App;
use app::challenges::import::{MOST_BYTES, PROGRAM_FILE, ProgramPackage};
use app::scoring::ScoreOrder;
use app::trials::TrialOrder;
use bundles::{Bounds, FileTree};
use bytes::Bytes;
use domain::Digest;
use registry::programs::{PROGRAM_TABLE, Sheet, TRUTH_TABLE};
use sandbox::contracts::evalai::SubmissionMetadata;
use sdk::Inputs;
use storage::phases::{Annotations, AnnotationsTable, Phase};

/// What a program and what is unpacked of it may hold.
const BOUNDS: Bounds = Bounds { bytes: 2 << 30, files: 40_000 };

/// Everything that an evaluation needs, in memory.
pub(super) struct ProgramFiles {
    pub(super) sheet: Sheet,
    pub(super) program: (Digest, Bytes),
    /// The file that the program compares with, and its name.
    pub(super) truth: Option<(String, Bytes)>,
    pub(super) submission: Bytes,
    pub(super) file_name: String,
    /// What the program knows the phase by.
    pub(super) phase: String,
    /// The names of the phase's splits, as the program writes them.
    pub(super) splits: Vec<String>,
    pub(super) told: SubmissionMetadata,
    /// Which tasks of the phase are run, by their places; empty for all.
    pub(super) tasks: Vec<usize>,
}

/// What is submitted.
struct Sent {
    bytes: Bytes,
    file_name: String,
    told: SubmissionMetadata,
    tasks: Vec<usize>,
}

impl ProgramFiles {
    /// For a submission of a team.
    pub(super) async fn read(app: &App, order: &ScoreOrder) -> Result<Self, String> {
        let artifact = order.submission.artifact.ok_or("the submission has no file")?;
        let bytes = app.artifacts.read(artifact, order.phase.limits().upload_bytes).await;
        let sent = Sent {
            bytes: bytes.map_err(|error| error.to_string())?,
            file_name: order.submission.file_name.clone(),
            told: told(order),
            tasks: Vec::new(),
        };
        Self::with(app, &order.phase, &order.annotations, sent).await
    }

    /// For what the organizers submit themselves.
    pub(super) async fn of_trial(app: &App, order: &TrialOrder) -> Result<Self, String> {
        let archive = order.trial.solution.ok_or("nothing is submitted")?;
        let bytes = app.annotations.read(archive, MOST_BYTES).await;
        let told = SubmissionMetadata {
            participant_team_name: order.trial.name.clone(),
            status: "running".to_owned(),
            submitted_at: order.trial.created_at.to_string(),
            ..Default::default()
        };
        let sent = Sent {
            bytes: bytes.map_err(|error| error.to_string())?,
            file_name: "solution.zip".to_owned(),
            told,
            tasks: order.trial.tasks.0.clone(),
        };
        Self::with(app, &order.phase, &order.annotations, sent).await
    }

    async fn with(app: &App, phase: &Phase, annotations: &Annotations, sent: Sent) -> Result<Self, String> {
        let tables = &annotations.tables.0;
        let table = |name: &str| tables.iter().find(|table| table.name == name);
        let read = async |table: &AnnotationsTable| {
            app.annotations.read(table.digest, table.size_bytes).await.map_err(|error| error.to_string())
        };
        let main = table(Inputs::MAIN).ok_or("there is no score sheet")?;
        let sheet = Sheet::read(&read(main).await?).map_err(|faults| faults.to_string())?;
        let program = program_of(app, annotations).await?;
        let truth = match table(TRUTH_TABLE) {
            Some(table) => Some((table.file_name.clone(), read(table).await?)),
            None => None,
        };
        let name = phase.params.0.get("phase").and_then(|phase| phase.as_str());
        Ok(Self {
            program,
            truth,
            submission: sent.bytes,
            file_name: sent.file_name,
            phase: name.unwrap_or(phase.codename.as_str()).to_owned(),
            splits: sheet.splits.clone(),
            sheet,
            told: sent.told,
            tasks: sent.tasks,
        })
    }
}

/// The archive of a version's program; an error where its organizers have not brought it yet.
pub(super) async fn program_of(app: &App, annotations: &Annotations) -> Result<(Digest, Bytes), String> {
    let table = annotations.tables.0.iter().find(|table| table.name == PROGRAM_TABLE);
    let table = table.ok_or("the organizers have not uploaded the program yet")?;
    let bytes = app.annotations.read(table.digest, table.size_bytes).await;
    Ok((table.digest, bytes.map_err(|error| error.to_string())?))
}

/// A submission as the programs of EvalAI are told of it. Numbers stand for our ids and say nothing else.
fn told(order: &ScoreOrder) -> SubmissionMetadata {
    let number = |id: uuid::Uuid| u64::try_from(id.as_u128() & ((1 << 53) - 1)).unwrap_or(0);
    let submission = &order.submission;
    let method = &submission.method.0;
    SubmissionMetadata {
        id: number(submission.id.0),
        participant_team: number(submission.team_id.0),
        participant_team_name: order.team_name.clone(),
        challenge_phase: number(submission.phase_id.0),
        created_by: number(submission.submitted_by.0),
        status: "running".to_owned(),
        submitted_at: submission.received_at.unwrap_or(submission.created_at).to_string(),
        method_name: method.name.clone(),
        method_description: method.description.clone(),
        project_url: method.project_url.clone(),
        publication_url: method.paper_url.clone(),
        is_public: submission.visibility == domain::split::Visibility::Public,
        is_baseline: submission.is_baseline,
        submission_metadata: Some(serde_json::Value::Object(submission.attributes.0.clone())),
        ..Default::default()
    }
}

/// The program unpacked, once for all evaluations; nobody changes it afterwards.
pub(super) fn unpacked(
    folder: &Path,
    digest: Digest,
    archive: &[u8],
) -> Result<(PathBuf, ProgramPackage), String> {
    let shown = |error: io::Error| error.to_string();
    let place = folder.join("unpacked").join(digest.to_string());
    if !place.is_dir() {
        let tree = FileTree::from_zip("program.zip", archive, BOUNDS).map_err(|faults| faults.to_string())?;
        let parent = folder.join("unpacked");
        fs::create_dir_all(&parent).map_err(shown)?;
        open_to_others(&parent).map_err(shown)?;
        // Two that unpack at once do not meet: whoever is second finds the place taken and uses it.
        let half = tempfile::Builder::new().prefix("half-").tempdir_in(&parent).map_err(shown)?;
        open_to_others(half.path()).map_err(shown)?;
        write_tree(half.path(), &tree).map_err(shown)?;
        let half = half.keep();
        if let Err(error) = fs::rename(&half, &place) {
            let _ = fs::remove_dir_all(&half);
            if !place.is_dir() {
                return Err(error.to_string());
            }
        }
    }
    let about = fs::read(place.join(PROGRAM_FILE)).map_err(shown)?;
    let package = serde_json::from_slice(&about).map_err(|error| format!("{PROGRAM_FILE}: {error}"))?;
    Ok((place, package))
}

/// Writes a tree so that the user of a run can read it.
pub(super) fn write_tree(folder: &Path, tree: &FileTree) -> io::Result<()> {
    for (path, bytes) in tree.iter() {
        let mut parent = folder.to_owned();
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
        for part in folders.split('/').filter(|part| !part.is_empty()) {
            parent.push(part);
            if !parent.is_dir() {
                fs::create_dir(&parent)?;
                open_to_others(&parent)?;
            }
        }
        write_file(&parent.join(name), bytes)?;
    }
    Ok(())
}

/// Writes a file so that the user of a run can read it.
pub(super) fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::write(path, bytes)?;
    // Scripts that commands name directly must be executable.
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

fn open_to_others(folder: &Path) -> io::Result<()> {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

/// A submission as a folder: an archive unpacked, any other file alone.
pub(super) fn submission_tree(name: &str, bytes: &Bytes) -> Result<FileTree, String> {
    if sdk::archive::is_zip(bytes) {
        return FileTree::from_zip("the submission", bytes, BOUNDS).map_err(|faults| faults.to_string());
    }
    Ok(FileTree::of([(plain_name(name), bytes.clone())]))
}

/// The name of a file, without what could lead anywhere.
pub(super) fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|letter| !letter.is_control()).take(120).collect();
    if plain.trim_matches('.').is_empty() { "submission".to_owned() } else { plain }
}
