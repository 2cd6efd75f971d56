//! What a team without skill gains on a public split by asking it often, under each release policy.
//!
//!     cargo run --release -p heldout-ranking --example ladder_attack
//!
//! Labels are coins, so whatever is gained above one half is fitted to the split.
//! The team either votes over random submissions that looked good, or climbs: it changes 1, 16 or 256 answers of its best
//! submission and keeps what looks better. The table shows the attack that gains most, in points, as a mean over repetitions.
#![expect(clippy::print_stdout, reason = "the table is what the example is for")]

use domain::Timestamp;
use heldout_ranking::Refusal;
use heldout_ranking::draws::Key;
use heldout_ranking::release::{Basis, ReleasePolicy, Scored, TeamRelease};

const REPETITIONS: u64 = 20;
const SIZES: [(usize, usize); 3] = [(1_000, 200), (5_000, 200), (5_000, 1_000)];
const ATTACKS: [Attack; 4] = [Attack::Vote, Attack::Climb(1), Attack::Climb(16), Attack::Climb(256)];

#[derive(Debug, Clone, Copy)]
enum Attack {
    /// Submit coins, and answer with the majority of those that looked better than chance.
    Vote,
    /// Change so many answers at a time.
    Climb(usize),
}

impl std::fmt::Display for Attack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Vote => f.write_str("vote"),
            Self::Climb(answers) => write!(f, "{answers}"),
        }
    }
}

/// A stream of random numbers.
struct Numbers {
    key: Key,
    next: u64,
}

impl Numbers {
    fn number(&mut self) -> u64 {
        self.next += 1;
        self.key.number(self.next)
    }

    fn coins(&mut self, count: usize) -> Vec<bool> {
        (0..count).map(|_| self.number() >> 63 == 1).collect()
    }

    fn below(&mut self, range: usize) -> usize {
        ((u128::from(self.number()) * range as u128) >> 64) as usize
    }
}

/// A leaderboard that answers under a policy.
struct Server {
    labels: Vec<bool>,
    team: TeamRelease,
    /// When everything is asked: these policies do not look.
    at: Timestamp,
    /// The width of the grid that shown values are rounded to, where it is no power of ten.
    grid: Option<f64>,
}

impl Server {
    fn accuracy(&self, answers: &[bool]) -> f64 {
        answers.iter().zip(&self.labels).filter(|(answer, label)| answer == label).count() as f64
            / answers.len() as f64
    }

    /// The value shown after a submission, and whether it is new.
    fn ask(&mut self, answers: &[bool]) -> Result<(f64, bool), Refusal> {
        let units: Vec<f64> = answers
            .iter()
            .zip(&self.labels)
            .map(|(answer, label)| f64::from(u8::from(answer == label)))
            .collect();
        let score = self.accuracy(answers);
        let released =
            self.team.observe(&Scored { score, basis: Some(Basis::Units(&units)), at: self.at })?;
        let value = released.value.unwrap_or(0.5);
        Ok((self.grid.map_or(value, |width| (value / width).round() * width), released.is_new))
    }
}

/// The points above one half that an attack ends with.
fn gain(attack: Attack, server: &mut Server, queries: usize, numbers: &mut Numbers) -> Result<f64, Refusal> {
    let items = server.labels.len();
    let best = match attack {
        Attack::Vote => {
            let mut votes = vec![0_i32; items];
            for _ in 0..queries - 1 {
                let answers = numbers.coins(items);
                let (value, is_new) = server.ask(&answers)?;
                if is_new && value != 0.5 {
                    for (vote, answer) in votes.iter_mut().zip(&answers) {
                        *vote += if *answer == (value > 0.5) { 1 } else { -1 };
                    }
                }
            }
            let tie_breaks = numbers.coins(items);
            votes
                .iter()
                .zip(tie_breaks)
                .map(|(vote, coin)| if *vote == 0 { coin } else { *vote > 0 })
                .collect()
        }
        Attack::Climb(answers) => {
            let mut best = numbers.coins(items);
            let (mut shown, _) = server.ask(&best)?;
            for _ in 1..queries {
                let mut next = best.clone();
                for _ in 0..answers {
                    let item = numbers.below(items);
                    next[item] = !next[item];
                }
                let (value, _) = server.ask(&next)?;
                if value > shown {
                    (best, shown) = (next, value);
                }
            }
            best
        }
    };
    Ok(100.0 * (server.accuracy(&best) - 0.5))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let at = Timestamp::parse("2026-01-01T00:00:00Z")?;
    let policies = |items: usize| {
        [
            ("exact", ReleasePolicy::Exact, None),
            ("3 decimals", ReleasePolicy::Rounded { decimals: 3 }, None),
            ("2 decimals", ReleasePolicy::Rounded { decimals: 2 }, None),
            ("0.5/sqrt n", ReleasePolicy::Exact, Some(0.5 / (items as f64).sqrt())),
            ("eta=.01", ReleasePolicy::LadderFixed { steps: 100 }, None),
            ("z=1", ReleasePolicy::Ladder { z: 1.0 }, None),
            ("z=2", ReleasePolicy::Ladder { z: 2.0 }, None),
            ("z=3", ReleasePolicy::Ladder { z: 3.0 }, None),
        ]
    };
    let names = policies(1).map(|(name, _, _)| format!("{name:>13}")).join("");
    println!("{:>6} {:>8}{names}", "items", "queries");
    for (items, queries) in SIZES {
        print!("{items:>6} {queries:>8}");
        for (_, policy, grid) in policies(items) {
            let mut worst = (f64::NEG_INFINITY, Attack::Vote);
            for attack in ATTACKS {
                let mut sum = 0.0;
                for repetition in 0..REPETITIONS {
                    let seed = repetition * 1_000_003 + (items * queries) as u64;
                    let mut numbers = Numbers { key: Key::from_u64(seed), next: 0 };
                    let labels = numbers.coins(items);
                    let mut server = Server { labels, team: TeamRelease::new(policy, true)?, at, grid };
                    sum += gain(attack, &mut server, queries, &mut numbers)?;
                }
                let mean = sum / REPETITIONS as f64;
                if mean > worst.0 {
                    worst = (mean, attack);
                }
            }
            print!("{:>13}", format!("{:.2} ({})", worst.0, worst.1));
        }
        println!();
    }
    Ok(())
}
