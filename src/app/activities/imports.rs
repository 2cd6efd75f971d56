//! What all imports have in common: who may, how long reading may take, and how faults are told.

use domain::{Actor, Scope, UserId};
use research::imports::limits;
use sdk::Limits;
use sdk::fault::{Fault, Faults, Place};

use crate::App;
use crate::authority::verified_person;
use crate::failure::{Failure, FieldError, Outcome};

/// How long reading one table may take.
const SECONDS: i64 = 10;

/// Who puts a record of the site on record: anybody with a proven address, or nobody but the program itself.
pub(crate) fn recorder(actor: &Actor) -> Outcome<Option<UserId>> {
    match actor {
        Actor::System => Ok(None),
        Actor::Anonymous | Actor::Person(_) => Ok(Some(verified_person(actor, Scope::Organize)?.user)),
    }
}

/// Reads a table where it keeps no request waiting, within limits of size and time.
pub(crate) async fn read<T: Send + 'static>(
    app: &App,
    bytes: &[u8],
    reader: impl FnOnce(&[u8], &Limits) -> Result<T, Faults> + Send + 'static,
) -> Outcome<T> {
    let (sources, deadline) = (app.sources.clone(), app.now().plus_seconds(SECONDS));
    let limits = limits().stop_when(move || sources.now() >= deadline);
    let bytes = bytes.to_owned();
    let read = tokio::task::spawn_blocking(move || reader(&bytes, &limits));
    read.await.map_err(Failure::internal)?.map_err(|faults| refused(&faults))
}

/// The refusal of a table with faults, each at its line.
pub(crate) fn refused(faults: &Faults) -> Failure {
    let errors: Vec<FieldError> = faults.faults.iter().map(field_error).collect();
    let failure = Failure::invalid_fields(errors);
    match faults.fault_count {
        0 | 1 => failure,
        count => Failure { detail: format!("the file has {count} faults; nothing was recorded"), ..failure },
    }
}

fn field_error(fault: &Fault) -> FieldError {
    let field = match &fault.place {
        Place::Line(line) => format!("line {line}"),
        Place::Pointer(pointer) => pointer.clone(),
        Place::File => "file".to_owned(),
    };
    let hint = fault.hint.as_ref().map_or_else(String::new, |hint| format!(" ({hint})"));
    let told = format!("{}; expected {}, found {}{hint}", fault.message, fault.expected, fault.found);
    FieldError::new(field, told)
}
