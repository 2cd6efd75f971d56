//! A submission is sent over HTTP, scored by a worker, and then stays, is taken back, or becomes a baseline.

use anyhow::{Context as _, bail};
use app::submissions::baseline::mark_baseline;
use app::submissions::withdraw::withdraw_submission;

use super::super::cast::ORGANIZER;
use super::super::programme::{Edition, PHASE};
use super::super::season::{Fate, Planned};
use super::super::visitor::Visitor;
use super::Filling;

impl Filling<'_, '_> {
    /// Sends a planned submission and sees to what becomes of it.
    pub(super) async fn submit(&mut self, edition: &Edition, planned: &Planned) -> anyhow::Result<()> {
        let account = &self.people.get(planned.login).context("somebody without an account submits")?.account;
        let (site, email, password) = (self.site.clone(), account.email.clone(), account.password.clone());
        let (slug, file_name) = (edition.slug, edition.task.file_name());
        let (method, file) = (planned.method(), planned.file(self.seed, edition));
        let ended = tokio::task::spawn_blocking(move || {
            let visitor = Visitor::sign_in(&site, &email, &password)?;
            visitor.submit(slug, PHASE, file_name, &method, &file)
        })
        .await??;

        match (ended.state.as_str(), planned.breakage) {
            ("scored", None) => self.counts.scored += 1,
            ("invalid", Some(_)) => {
                self.counts.invalid += 1;
                return Ok(());
            }
            (state, breakage) => bail!("a submission ({breakage:?}) to {slug} is {state}"),
        }
        match planned.fate {
            Fate::Stays => {}
            Fate::Withdrawn => {
                let actor = self.person(planned.login).await?;
                let reason = "We trained on clips that we should not have used.";
                withdraw_submission(&self.app, &actor, ended.id, reason).await?;
            }
            Fate::Baseline => {
                let organizer = self.person(ORGANIZER).await?;
                mark_baseline(&self.app, &organizer, ended.id, true).await?;
            }
        }
        Ok(())
    }
}
