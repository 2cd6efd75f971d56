//! Standard input, output and error, as commands are given them.

use std::io::{BufRead, IsTerminal as _, Write};

/// Where a command reads and writes.
pub struct Io<'a> {
    /// Standard input.
    pub input: &'a mut dyn BufRead,
    /// Results: what a program would read.
    pub out: &'a mut dyn Write,
    /// Messages: what a person reads meanwhile.
    pub err: &'a mut dyn Write,
    /// Whether a person sits there.
    pub attended: bool,
}

impl Io<'_> {
    /// Runs a command with those of the process.
    pub fn of_process<T>(work: impl FnOnce(&mut Io<'_>) -> T) -> T {
        let attended = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        let (mut input, mut out) = (std::io::stdin().lock(), std::io::stdout().lock());
        // Not locked: progress bars and the log write there too.
        let mut err = std::io::stderr();
        work(&mut Io { input: &mut input, out: &mut out, err: &mut err, attended })
    }
}
