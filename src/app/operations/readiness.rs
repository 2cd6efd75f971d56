//! Whether the server can do its work now.

use storage::BlobError;

use crate::App;

/// What the server needs, with whether it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Readiness {
    /// The database answers and has the tables of this version.
    pub database: Part,
    /// The artifact store can be written to and read from.
    pub artifacts: Part,
    /// The same of the store of held-out annotations.
    pub annotations: Part,
}

/// One of the things that the server needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// It is there.
    Ready,
    /// It cannot be used; the log says why.
    Unavailable,
    /// It is kept away from this process, which does without.
    Elsewhere,
}

impl Readiness {
    /// Whether everything is there that this process needs.
    pub fn is_ready(&self) -> bool {
        [self.database, self.artifacts, self.annotations].iter().all(|part| *part != Part::Unavailable)
    }
}

/// Tries everything that the server needs.
///
/// The schema was checked when the database was opened; the queue is read here,
/// so that tables that have gone since are noticed.
pub async fn check_readiness(app: &App) -> Readiness {
    let (database, artifacts, annotations) =
        tokio::join!(super::read_queue_load(app), app.artifacts.probe(), app.annotations.probe());
    Readiness {
        database: part("database", database),
        artifacts: part("artifacts", artifacts),
        annotations: match annotations {
            Err(BlobError::Elsewhere) => Part::Elsewhere,
            tried => part("annotations", tried),
        },
    }
}

fn part<T, E: std::fmt::Debug>(name: &str, tried: Result<T, E>) -> Part {
    match tried {
        Ok(_) => Part::Ready,
        Err(error) => {
            tracing::warn!(ready.part = name, error = ?error, "not ready");
            Part::Unavailable
        }
    }
}
