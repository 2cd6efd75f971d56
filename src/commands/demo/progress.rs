//! How far the filling is: a bar for people, lines for logs.

use std::cell::RefCell;
use std::io::Write;

use indicatif::{ProgressBar, ProgressStyle};

/// Tells how far things are.
pub(crate) struct Progress<'a> {
    bar: ProgressBar,
    /// What is told where no bar can be drawn.
    lines: RefCell<&'a mut dyn Write>,
}

impl<'a> Progress<'a> {
    /// Progress over that many steps; the bar is at the terminal, or there is none.
    pub(crate) fn over(steps: usize, lines: &'a mut dyn Write) -> Self {
        let bar = ProgressBar::new(steps as u64);
        if let Ok(style) = ProgressStyle::with_template("{wide_msg} [{bar:30}] {pos}/{len}") {
            bar.set_style(style.progress_chars("=> "));
        }
        Self { bar, lines: RefCell::new(lines) }
    }

    /// Says what is done now.
    pub(crate) fn stage(&self, what: &str) -> std::io::Result<()> {
        if self.bar.is_hidden() {
            return writeln!(self.lines.borrow_mut(), "{what}");
        }
        self.bar.set_message(what.to_owned());
        Ok(())
    }

    /// One step is done.
    pub(crate) fn step(&self) {
        self.bar.inc(1);
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
