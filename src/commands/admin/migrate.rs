//! `heldout admin migrate`: brings the database to the schema of this version, and does nothing else.
//!
//! Every server does the same when it starts; a deployment that wants it done once, before, runs this.

use crate::config::Configuration;
use crate::io::Io;
use crate::wiring;

pub fn run(configuration: &Configuration, io: &mut Io<'_>) -> anyhow::Result<u8> {
    let db = wiring::open_database(&configuration.settings)?;
    wiring::runtime()?.block_on(db.close());
    writeln!(io.out, "the database has the schema of this version")?;
    Ok(0)
}
