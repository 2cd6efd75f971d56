//! Who submits what, and when: the season as it will have been.

use domain::Timestamp;
use serde_json::{Value, json};

use super::cast::{Group, group};
use super::generate::{Breakage, Predictor, Random};
use super::programme::{Edition, Entry, days_before};

/// One submission.
pub(crate) struct Planned {
    /// Who sends it.
    pub(crate) login: &'static str,
    /// For which team.
    pub(crate) group: &'static Group,
    /// When.
    pub(crate) at: Timestamp,
    attempt: usize,
    skill: f64,
    /// What is wrong with the file, if something is.
    pub(crate) breakage: Option<Breakage>,
    /// What becomes of it once it is scored.
    pub(crate) fate: Fate,
}

/// What becomes of a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It stays.
    Stays,
    /// Its team takes it back.
    Withdrawn,
    /// The organizers show it as a baseline.
    Baseline,
}

/// Teams begin that many days after a phase has opened.
const HEAD_START: i64 = 8;

/// The submissions of an edition in the order of their time.
pub(crate) fn season(seed: u64, edition: &Edition, today: Timestamp) -> Vec<Planned> {
    let mut planned: Vec<Planned> = edition
        .entries
        .iter()
        .enumerate()
        .flat_map(|(number, entry)| of_team(seed, edition, today, number, entry))
        .collect();
    planned.sort_by_key(|planned| planned.at);
    planned
}

fn of_team(seed: u64, edition: &Edition, today: Timestamp, number: usize, entry: &Entry) -> Vec<Planned> {
    let Some(group) = group(entry.group) else { return Vec::new() };
    let mut random = Random::named(seed, &["season", edition.slug, entry.group]);
    let begins = days_before(today, edition.opens - HEAD_START);
    let ends = days_before(today, edition.closes.max(0));
    let span = ends.seconds_since(begins);
    let breakages = edition.task.breakages();
    let attempts = entry.attempts;
    (0..attempts)
        .map(|attempt| {
            let share = (attempt as f64 + random.between(0.1, 0.9)) / attempts as f64;
            let progress = attempt as f64 / attempts.max(2).saturating_sub(1) as f64;
            let luck = random.between(-0.03, 0.03);
            // Every second team sends one file that is wrong.
            let breaks = attempts > 1 && number.is_multiple_of(2) && attempt == number / 2 % attempts;
            let fate = match (attempts, number, attempt) {
                (1, _, _) => Fate::Baseline,
                (_, 3, 1) if edition.is_running() => Fate::Withdrawn,
                _ => Fate::Stays,
            };
            Planned {
                login: group.members[attempt % group.members.len()],
                group,
                at: begins.plus_seconds((span * share) as i64),
                attempt,
                skill: entry.first_skill + (entry.last_skill - entry.first_skill) * progress + luck,
                breakage: breaks.then(|| breakages[(number / 2 + attempt) % breakages.len()]),
                fate,
            }
        })
        .collect()
}

impl Planned {
    /// The file.
    pub(crate) fn file(&self, seed: u64, edition: &Edition) -> Vec<u8> {
        let predictor = Predictor { seed, team: self.group.name, attempt: self.attempt, skill: self.skill };
        match self.breakage {
            Some(how) => edition.task.broken(&predictor, how),
            None => edition.task.predict(&predictor),
        }
    }

    /// What the team says about its method.
    pub(crate) fn method(&self) -> Value {
        let version = self.attempt + 1;
        let project = self.group.name.to_lowercase().replace(' ', "-");
        let code =
            if self.attempt % 2 == 1 { format!("https://code.example/{project}") } else { String::new() };
        let paper =
            if self.attempt == 2 { format!("https://papers.example/{project}.pdf") } else { String::new() };
        json!({
            "name": format!("{} {version}", self.group.method),
            "description": STEPS[self.attempt % STEPS.len()],
            "code_url": code,
            "paper_url": paper,
        })
    }
}

const STEPS: [&str; 4] = [
    "Features of a frozen video encoder, and a small head on top.",
    "The same encoder, fine-tuned; longer context around every clip.",
    "Two models that disagree are asked again at a higher frame rate.",
    "An average of the last three checkpoints.",
];

#[cfg(test)]
mod tests {
    use super::super::programme::programme;
    use super::*;

    #[test]
    fn a_season_is_large_enough_and_within_its_windows() {
        let today = Timestamp::parse("2026-05-31T12:00:00Z").unwrap();
        let editions = programme(1);
        let mut running = 0;
        let (mut broken, mut withdrawn, mut baselines) = (0, 0, 0);
        for edition in &editions {
            let phase = edition.phase(today).unwrap();
            for planned in season(1, edition, today) {
                assert!(planned.at > phase.opens_at && Some(planned.at) < phase.closes_at);
                assert!(planned.at <= today);
                running += usize::from(edition.is_running());
                broken += usize::from(planned.breakage.is_some());
                withdrawn += usize::from(planned.fate == Fate::Withdrawn && planned.breakage.is_none());
                baselines += usize::from(planned.fate == Fate::Baseline);
            }
        }
        assert!(running >= 60, "{running} submissions to running challenges");
        assert!((6..20).contains(&broken), "{broken} broken files");
        assert!(withdrawn >= 1 && baselines == editions.len());
    }
}
