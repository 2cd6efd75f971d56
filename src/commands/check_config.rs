//! `heldout check-config`: what is in effect, and where each value comes from.

use crate::ConfigArgs;
use crate::io::Io;
use crate::wiring;

pub fn run(args: ConfigArgs, io: &mut Io<'_>) -> anyhow::Result<u8> {
    let configuration = wiring::load(args)?;
    write!(io.out, "{}", configuration.describe())?;
    Ok(0)
}
