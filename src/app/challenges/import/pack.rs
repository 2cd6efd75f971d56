//! Everything that runs for a phase as one archive: what a worker unpacks.

use bundles::FileTree;
use bundles::imported::{Environment, ImportedPhase, Program};
use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// The file of the archive that says what is in it.
pub const PROGRAM_FILE: &str = "program.json";

/// What an archive holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramPackage {
    /// The text of a `requirements.txt`, with what the program would install by itself; absent for the standard set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requirements: Option<String>,
    /// The container image that the bundle asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// The tasks of Codabench, in the folders `tasks/0`, `tasks/1`, ...: `scoring`, and where they are there
    /// `ingestion`, `input_data`, `reference_data`. Empty where there is the folder `package` with an `evaluate`.
    #[serde(default)]
    pub tasks: Vec<PackedTask>,
}

/// A task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackedTask {
    /// Its name.
    pub name: String,
    /// Whether ingestion runs beside the scoring only.
    pub ingestion_while_scoring: bool,
}

/// Packs what scores a phase; the same files always become the same bytes.
pub(super) fn pack(program: &Program, environment: &Environment, phase: &ImportedPhase) -> Option<Bytes> {
    let mut files = Vec::new();
    let mut add = |folder: String, tree: &FileTree| {
        files.extend(tree.iter().map(|(path, bytes)| (format!("{folder}/{path}"), bytes.clone())));
    };
    let mut package = ProgramPackage {
        requirements: requirements(environment),
        image: environment.image.clone(),
        tasks: vec![],
    };
    match program {
        Program::Evaluate { package, .. } => add("package".to_owned(), package),
        Program::Commands { tasks } => {
            for (number, task) in phase.tasks.iter().filter_map(|place| tasks.get(*place)).enumerate() {
                let folder = format!("tasks/{number}");
                add(format!("{folder}/scoring"), &task.scoring.files);
                let ingestion = task.ingestion.as_ref().map(|ingestion| &ingestion.files);
                let parts = [
                    ("ingestion", ingestion),
                    ("input_data", task.input_data.as_ref()),
                    ("reference_data", task.reference_data.as_ref()),
                ];
                for (name, part) in parts {
                    part.into_iter().for_each(|part| add(format!("{folder}/{name}"), part));
                }
                package.tasks.push(PackedTask {
                    name: task.name.clone(),
                    ingestion_while_scoring: task.is_ingestion_while_scoring,
                });
            }
        }
    }
    files.push((PROGRAM_FILE.to_owned(), serde_json::to_vec(&package).ok()?.into()));
    FileTree::of(files).to_zip().ok().map(Bytes::from)
}

fn requirements(environment: &Environment) -> Option<String> {
    let stated = environment.requirements.as_deref().unwrap_or_default();
    let lines: Vec<&str> = stated.lines().chain(environment.installs.iter().map(String::as_str)).collect();
    let text = lines.join("\n");
    (!text.trim().is_empty()).then_some(text)
}
