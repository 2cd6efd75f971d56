//! Filling a site: people, challenges, teams, and a season of submissions.
//!
//! Organizing goes through the use cases that the API and the pages call, with the person as the actor.
//! Submitting goes over HTTP to the running server, its queue and its workers.

mod organizing;
mod participation;
mod people;
mod public_record;
mod submitting;
mod teams;
mod worked_example;

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::bail;
use app::App;
use app::accounts::records::Affiliation;
use domain::{Timestamp, UserId};
use serde::{Deserialize, Serialize};

use super::cast::{GROUPS, Group, RESEARCHER};
use super::clock::SeasonClock;
use super::folder::{Account, Demo};
use super::programme::{Edition, days_before};
use super::progress::Progress;
use super::season::season;

/// A site that is filled.
pub(crate) struct Filling<'a, 'io> {
    /// The running server's insides.
    pub(crate) app: Arc<App>,
    /// Where it answers.
    pub(crate) site: String,
    /// Its clock.
    pub(crate) clock: Arc<SeasonClock>,
    /// What everything is generated from.
    pub(crate) seed: u64,
    /// The day of the demo: everything is dated back from it.
    pub(crate) today: Timestamp,
    /// Told how far it is.
    pub(crate) progress: &'a Progress<'io>,
    /// Who has an account by now, by login.
    people: BTreeMap<&'static str, Member>,
    counts: Counts,
}

/// Somebody with an account.
struct Member {
    id: UserId,
    account: Account,
    /// The affiliations they have stated, in the order of their stays.
    stated: Vec<Affiliation>,
    /// Whether they have been asked what they consent to.
    has_answered: bool,
}

/// How much a demo holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Counts {
    /// Challenges.
    pub(crate) challenges: usize,
    /// Accounts.
    pub(crate) people: usize,
    /// Teams, each in one challenge.
    pub(crate) teams: usize,
    /// Submissions with scores.
    pub(crate) scored: usize,
    /// Submissions whose file was wrong.
    pub(crate) invalid: usize,
}

/// How many steps the filling of that programme takes.
pub(crate) fn steps(programme: &[Edition]) -> usize {
    let of_edition =
        |edition: &Edition| 1 + edition.entries.iter().map(|entry| 1 + entry.attempts).sum::<usize>();
    programme.iter().map(of_edition).sum()
}

impl<'a, 'io> Filling<'a, 'io> {
    /// A filling of a site that is empty.
    pub(crate) fn new(
        app: Arc<App>,
        site: String,
        clock: Arc<SeasonClock>,
        seed: u64,
        today: Timestamp,
        progress: &'a Progress<'io>,
    ) -> Self {
        Self { app, site, clock, seed, today, progress, people: BTreeMap::new(), counts: Counts::default() }
    }

    /// Fills the site with a programme that ends today.
    pub(crate) async fn run(mut self, programme: &[Edition]) -> anyhow::Result<Demo> {
        for over in programme.iter().filter(|edition| !edition.is_running()) {
            self.open_edition(over).await?;
            self.play(&[over]).await?;
        }
        let running: Vec<&Edition> = programme.iter().filter(|edition| edition.is_running()).collect();
        for edition in &running {
            self.open_edition(edition).await?;
        }
        self.person(RESEARCHER).await?;
        self.play(&running).await?;
        self.study(programme).await?;
        self.record_worked_example().await?;
        self.record_public_challenge().await?;

        self.counts.people = self.people.len();
        let accounts = self.people.into_values().map(|member| member.account).collect();
        Ok(Demo { accounts, counts: self.counts })
    }

    /// Makes an edition, and the teams that take part in it.
    async fn open_edition(&mut self, edition: &Edition) -> anyhow::Result<()> {
        self.progress.stage(&format!("Opening “{}”", edition.title))?;
        self.move_to(days_before(self.today, edition.prepared())).await?;
        self.organize(edition).await?;
        self.progress.step();
        for (number, entry) in edition.entries.iter().enumerate() {
            let hours = 20 * (number as i64 + 1);
            self.move_to(days_before(self.today, edition.opens).plus_seconds(3600 * hours)).await?;
            self.form_team(edition, named(entry.group)?).await?;
            self.progress.step();
        }
        Ok(())
    }

    /// Plays the seasons of editions that run at the same time.
    async fn play(&mut self, editions: &[&Edition]) -> anyhow::Result<()> {
        let mut planned: Vec<_> = editions
            .iter()
            .flat_map(|edition| {
                season(self.seed, edition, self.today).into_iter().map(move |plan| (*edition, plan))
            })
            .collect();
        planned.sort_by_key(|(_, plan)| plan.at);
        self.progress.stage(&format!("Scoring {} submissions", planned.len()))?;
        for (edition, plan) in planned {
            self.move_to(plan.at).await?;
            self.submit(edition, &plan).await?;
            self.progress.step();
        }
        Ok(())
    }

    /// Lets time pass, once the workers have nothing left to do: a job that is under way would seem to be lost.
    async fn move_to(&self, moment: Timestamp) -> anyhow::Result<()> {
        for _ in 0..LOOKS {
            let depth = self.app.db.read(storage::jobs::depth).await?;
            if depth.dead > 0 {
                bail!("{} jobs were given up", depth.dead);
            }
            if depth.waiting + depth.leased == 0 {
                self.clock.move_to(moment);
                return Ok(());
            }
            tokio::time::sleep(PAUSE).await;
        }
        bail!("the workers do not come to an end");
    }
}

/// Between two looks at the queue.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(5);
/// How often the queue is looked at before it counts as stuck: for more than a minute.
const LOOKS: u32 = 20_000;

fn named(group: &str) -> anyhow::Result<&'static Group> {
    match GROUPS.iter().find(|known| known.name == group) {
        Some(known) => Ok(known),
        None => bail!("there is no group {group}"),
    }
}
