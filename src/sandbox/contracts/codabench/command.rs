//! The command in a program's metadata: found, its variables replaced, cut into words as a shell would, without a shell.

use std::path::Path;

use super::small_file;
use crate::folder::FolderError;

/// Why there is no command.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The metadata cannot be read as YAML.
    #[error("{0}: {1}")]
    Metadata(&'static str, String),
    /// The file cannot be read.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A quotation is not closed.
    #[error("the command {0:?} has a quotation mark without a partner")]
    Quotation(String),
    /// There are no words.
    #[error("the command is empty")]
    Empty,
}

/// Who runs a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Submission,
    Ingestion,
    IngestionDuringScoring,
    Scoring,
}

/// The command that the metadata of an unpacked program names.
///
/// `None` if there is no metadata; `Some(None)` if it names no command.
pub fn command_of_program(folder: &Path) -> Result<Option<Option<String>>, CommandError> {
    for name in ["metadata.yaml", "metadata"] {
        let Some(bytes) = small_file(folder, name)? else { continue };
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Some(None));
        }
        let metadata = bundles::yaml::parse(name, &bytes)
            .map_err(|findings| CommandError::Metadata(name, findings.to_string()))?;
        let command = metadata.root.get("command").and_then(bundles::yaml::Node::text);
        return Ok(Some(command.map(str::to_owned)));
    }
    Ok(None)
}

/// Replaces the variables, one after the other as Codabench does.
pub(super) fn substituted(command: &str, role: Role, place: &dyn Fn(&str) -> String) -> String {
    let ingestion = matches!(role, Role::Ingestion | Role::IngestionDuringScoring);
    let input = if ingestion { "/app/input_data" } else { "/app/input" };
    let program =
        if role == Role::IngestionDuringScoring { "/app/ingestion_program" } else { "/app/program" };
    let predictions =
        if matches!(role, Role::Submission | Role::Ingestion) { "/app/output" } else { "/app/input/res" };
    let variables = [
        // Longer than a variable that it begins with.
        ("$input_data", "/app/input_data"),
        ("$input", input),
        ("$output", "/app/output"),
        ("$program", program),
        ("$ingestion_program", "/app/program"),
        ("$hidden", "/app/input/ref"),
        ("$shared", "/app/shared"),
        ("$submission_program", "/app/ingested_program"),
        ("$tmp", "/app/output"),
        ("$predictions", predictions),
    ];
    variables.iter().fold(command.to_owned(), |text, (name, path)| {
        if text.contains(name) { text.replace(name, &place(path)) } else { text }
    })
}

/// Cuts a command into words: quotation marks and backslashes as in a shell, and nothing else of one.
pub fn words_of(command: &str) -> Result<Vec<String>, CommandError> {
    let words = shlex::split(command).ok_or_else(|| CommandError::Quotation(command.to_owned()))?;
    if words.is_empty() { Err(CommandError::Empty) } else { Ok(words) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(command: &str, role: Role) -> String {
        substituted(command, role, &|path| path.to_owned())
    }

    #[test]
    fn variables_mean_what_they_mean_to_who_runs() {
        let command =
            "python3 $program/run.py $input $output $hidden $predictions $submission_program $shared $tmp";
        assert_eq!(
            replaced(command, Role::Scoring),
            "python3 /app/program/run.py /app/input /app/output /app/input/ref /app/input/res /app/ingested_program \
             /app/shared /app/output"
        );
        let ingestion = replaced("$program $ingestion_program $input $predictions", Role::Ingestion);
        assert_eq!(ingestion, "/app/program /app/program /app/input_data /app/output");
        let during = replaced("$program $ingestion_program $predictions", Role::IngestionDuringScoring);
        assert_eq!(during, "/app/ingestion_program /app/program /app/input/res");
    }

    #[test]
    fn words_are_cut_without_a_shell() {
        assert_eq!(
            words_of("python3 'a b' \"c\" d\\ e ; rm && $HOME").unwrap(),
            ["python3", "a b", "c", "d e", ";", "rm", "&&", "$HOME"]
        );
        assert!(matches!(words_of("python3 'a"), Err(CommandError::Quotation(_))));
        assert!(matches!(words_of("  "), Err(CommandError::Empty)));
    }

    #[test]
    fn metadata_may_be_absent_silent_or_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        assert_eq!(command_of_program(folder.path()).unwrap(), None);
        write("metadata", "description: nothing to run\n");
        assert_eq!(command_of_program(folder.path()).unwrap(), Some(None));
        write("metadata.yaml", "command: python3 $program/score.py $input $output\n");
        let command = "python3 $program/score.py $input $output".to_owned();
        assert_eq!(command_of_program(folder.path()).unwrap(), Some(Some(command)));
        write("metadata.yaml", "command: !!python/object/apply:os.system [id]\n");
        assert!(matches!(command_of_program(folder.path()), Err(CommandError::Metadata("metadata.yaml", _))));
    }
}
