//! `heldout completions`: what a shell needs to complete the commands.

use clap::Args;
use clap_complete::Shell;

use crate::io::Io;

/// What `heldout completions` is told.
#[derive(Debug, Clone, Args)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: Shell,
}

pub fn run(args: &CompletionsArgs, mut command: clap::Command, io: &mut Io<'_>) -> anyhow::Result<u8> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "heldout", &mut script);
    io.out.write_all(&script)?;
    Ok(0)
}
