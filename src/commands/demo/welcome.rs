//! What a demo tells when it is ready.

use std::io::{self, Write};
use std::path::Path;

use super::cast::{CONTESTANT, ORGANIZER, RESEARCHER};
use super::folder::{Account, Demo};
use super::programme::{Edition, PHASE};
use super::samples;

/// What there is to tell of.
pub(crate) struct Welcome<'a> {
    /// Where the site is.
    pub(crate) site: &'a str,
    /// The folder as the person has named it.
    pub(crate) folder: &'a Path,
    /// The program as a person in this folder would call it.
    pub(crate) program: &'a str,
    /// The demo.
    pub(crate) demo: &'a Demo,
    /// Its challenges.
    pub(crate) programme: &'a [Edition],
}

impl Welcome<'_> {
    /// Tells it.
    pub(crate) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { site, program, .. } = self;
        let folder = self.folder.display();
        let counts = &self.demo.counts;
        writeln!(out, "\nHeldout is running at {site}\n")?;
        writeln!(
            out,
            "  {} challenges, {} teams, {} people, {} submissions ({} scored, {} with faults)\n",
            counts.challenges,
            counts.teams,
            counts.people,
            counts.scored + counts.invalid,
            counts.scored,
            counts.invalid
        )?;

        writeln!(out, "Sign in there as")?;
        for login in [CONTESTANT, ORGANIZER, RESEARCHER] {
            if let Some(account) = self.account(login) {
                writeln!(out, "  {login:<12} {:<32} password {}", account.email, account.password)?;
            }
        }
        writeln!(out, "  (everybody else is in {folder}/demo.json)\n")?;

        let Some(first) = self.programme.iter().find(|edition| edition.is_running()) else { return Ok(()) };
        let email = self.account(CONTESTANT).map_or("", |account| account.email.as_str());
        let [good, _] = samples::names(first);
        writeln!(out, "Submit a file, in another terminal, as the contestant:")?;
        writeln!(out, "  {program} login --server {site} --email {email}")?;
        writeln!(out, "  {program} submit {folder}/{good} --phase {}/{PHASE} --wait", first.slug)?;
        writeln!(out, "and see the board at {site}/challenges/{}\n", first.slug)?;

        writeln!(out, "More files to submit, good and broken:")?;
        for edition in self.programme.iter().filter(|edition| edition.is_running()) {
            let [good, broken] = samples::names(edition);
            writeln!(out, "  --phase {}/{PHASE}", edition.slug)?;
            writeln!(out, "      {folder}/{good}")?;
            writeln!(out, "      {folder}/{broken}")?;
        }
        writeln!(out, "\nCtrl-C ends it. The data stay in {folder}/, and the next start takes them up again.")
    }

    fn account(&self, login: &str) -> Option<&Account> {
        self.demo.accounts.iter().find(|account| account.email.split('@').next() == Some(login))
    }
}
