//! Where results, messages and questions go.

use std::io::{BufRead, Write};

use indicatif::{ProgressBar, ProgressStyle};

use crate::ClientError;

/// The person or program at the other end of a command.
pub struct Terminal<'a> {
    /// Where answers come from when they are not typed at a terminal.
    pub input: &'a mut dyn BufRead,
    /// Results: what a program would read.
    pub out: &'a mut dyn Write,
    /// Messages: what a person reads meanwhile.
    pub err: &'a mut dyn Write,
    /// Whether a person sits there.
    pub attended: bool,
}

impl Terminal<'_> {
    /// Asks for a line.
    pub(crate) fn ask(&mut self, question: &str) -> Result<String, ClientError> {
        write!(self.err, "{question}")?;
        self.err.flush()?;
        self.line()
    }

    /// Asks for a line that is not shown while it is typed.
    pub(crate) fn ask_secret(&mut self, question: &str) -> Result<String, ClientError> {
        if !self.attended {
            return self.line();
        }
        write!(self.err, "{question}")?;
        self.err.flush()?;
        Ok(console::Term::stderr().read_secure_line()?)
    }

    /// Asks a question that only yes answers.
    pub(crate) fn confirm(&mut self, question: &str) -> Result<bool, ClientError> {
        let answer = self.ask(&format!("{question} [y/N] "))?;
        Ok(matches!(answer.to_lowercase().as_str(), "y" | "yes"))
    }

    fn line(&mut self) -> Result<String, ClientError> {
        let mut line = String::new();
        if self.input.read_line(&mut line)? == 0 {
            return Err(ClientError::NobodyToAsk("the input ended where an answer was expected"));
        }
        Ok(line.trim_end_matches(['\r', '\n']).to_owned())
    }
}

/// A bar for bytes; it is seen at a terminal only.
pub(crate) fn byte_bar(length: u64, what: &str) -> ProgressBar {
    let bar = ProgressBar::new(length);
    let template = "{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_message(what.to_owned());
    bar
}
