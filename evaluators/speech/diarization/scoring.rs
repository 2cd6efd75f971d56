//! Who speaks when, compared: the diarization error, the Jaccard error, purity and coverage of one recording.

use std::cmp::Ordering;

use sdk::Limits;
use sdk::limits::Stopped;
use sdk::primitives::assignment::{Assigner, AssignmentError};

use super::turns::{Cover, Stretch, Turn};

/// The seconds of a recording by what becomes of them.
///
/// Where two speak at once each second counts twice, and so does a speaker who is said to speak twice at once.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Seconds {
    pub(crate) total: f64,
    pub(crate) correct: f64,
    pub(crate) confusion: f64,
    pub(crate) missed: f64,
    pub(crate) false_alarm: f64,
    /// Seconds in which anybody speaks.
    pub(crate) speech: f64,
    /// Seconds in which somebody speaks on one side and nobody on the other.
    pub(crate) detection_errors: f64,
}

impl Seconds {
    pub(crate) fn errors(&self) -> f64 {
        self.confusion + self.false_alarm + self.missed
    }

    /// The diarization error rate.
    pub(crate) fn error_rate(&self) -> f64 {
        match (self.errors(), self.total) {
            (0.0, 0.0) => 0.0,
            (_, 0.0) => 1.0,
            (errors, total) => errors / total,
        }
    }
}

/// A numerator with its denominator.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Share {
    pub(crate) part: f64,
    pub(crate) whole: f64,
}

/// The turns of a side that are evaluated in part at least, with how many speakers there are; in order, and every speaker
/// has a turn.
struct Side {
    turns: Vec<Turn>,
    speakers: usize,
}

impl Side {
    /// Numbers the speakers who have a turn in what is evaluated, in their order.
    fn of(turns: &[Turn], evaluated: Option<&Cover>) -> Self {
        let is_evaluated =
            |turn: &&Turn| evaluated.is_none_or(|cover| cover.parts_of(turn.stretch).next().is_some());
        let mut turns: Vec<Turn> = turns.iter().filter(is_evaluated).copied().collect();
        let mut speakers: Vec<u32> = turns.iter().map(|turn| turn.speaker).collect();
        speakers.sort_unstable();
        speakers.dedup();
        for turn in &mut turns {
            turn.speaker = speakers.partition_point(|speaker| *speaker < turn.speaker) as u32;
        }
        Self { turns, speakers: speakers.len() }
    }

    /// When each speaker speaks, of what is evaluated.
    fn covers(&self, evaluated: Option<&Cover>) -> Vec<Cover> {
        let mut stretches = vec![Vec::new(); self.speakers];
        for turn in &self.turns {
            stretches[turn.speaker as usize].push(turn.stretch);
        }
        let cover = |stretches| {
            let cover = Cover::of(stretches);
            match evaluated {
                Some(evaluated) => cover.common(evaluated),
                None => cover,
            }
        };
        stretches.into_iter().map(cover).collect()
    }
}

/// Compares one recording after another, in the same memory.
#[derive(Debug, Default)]
pub(crate) struct Judge {
    assigner: Assigner,
    together: Vec<f64>,
}

impl Judge {
    /// The seconds of a recording, after every speaker of the system has been taken for the true one that makes the most
    /// seconds correct. Turns are in order.
    pub(crate) fn seconds(
        &mut self,
        truth: &[Turn],
        system: &[Turn],
        evaluated: Option<&Cover>,
        limits: &Limits,
    ) -> Result<Seconds, Stopped> {
        let (truth, system) = (Side::of(truth, evaluated), Side::of(system, evaluated));
        // The names that the reference gives are numbers for the system and letters for the truth, in whose order of
        // characters the columns stand when assignments tie.
        let (rows, columns) = (order_of_numbers(system.speakers), order_of_letters(truth.speakers));
        self.add_up(&system, &truth, evaluated, limits)?;
        let pairs = self.assign(&rows, &columns, limits)?;
        let mut taken_for = vec![None; system.speakers];
        for (system, truth) in pairs {
            taken_for[system] = Some(truth);
        }
        Ok(count_seconds(&truth, &system, &taken_for, evaluated))
    }

    /// The sum over true speakers of their Jaccard errors, and how many speakers there are.
    pub(crate) fn jaccard(
        &mut self,
        truth: &[Turn],
        system: &[Turn],
        evaluated: Option<&Cover>,
        limits: &Limits,
    ) -> Result<Share, Stopped> {
        let (truth, system) = (Side::of(truth, evaluated), Side::of(system, evaluated));
        let (rows, columns) = (order_of_letters(truth.speakers), order_of_numbers(system.speakers));
        self.add_up(&truth, &system, evaluated, limits)?;
        let pairs = self.assign(&rows, &columns, limits)?;
        let (truth_covers, system_covers) = (truth.covers(evaluated), system.covers(evaluated));
        let mut errors = vec![1.0; truth.speakers];
        for (speaker, other) in pairs {
            let (one, other) = (&truth_covers[speaker], &system_covers[other]);
            let both = one.common(other).duration();
            let either = Cover::of(one.stretches().iter().chain(other.stretches()).copied()).duration();
            errors[speaker] = ((other.duration() - both) + (one.duration() - both)) / either;
        }
        Ok(Share { part: errors.iter().sum(), whole: truth.speakers as f64 })
    }

    /// Pairs of a row's and a column's speaker who speak together the longest, as positions in the sides.
    ///
    /// `row_order` and `column_order` are the orders of the speakers in the matrix, which matter where assignments tie.
    fn assign(
        &mut self,
        row_order: &[u32],
        column_order: &[u32],
        limits: &Limits,
    ) -> Result<Vec<(usize, usize)>, Stopped> {
        let width = column_order.len();
        let together = &self.together;
        let at = |row: usize, column: usize| {
            together[row_order[row] as usize * width + column_order[column] as usize]
        };
        self.assigner.fill(row_order.len(), width, |row, column| -at(row, column));
        let pairs = match self.assigner.solve(limits) {
            Ok(pairs) => pairs,
            Err(AssignmentError::Stopped(stopped)) => return Err(stopped),
            // Durations are finite.
            Err(AssignmentError::NotANumber | AssignmentError::Infeasible) => &[],
        };
        let positive = pairs.iter().filter(|(row, column)| at(*row, *column) > 0.0);
        let names = positive.map(|(row, column)| (row_order[*row] as usize, column_order[*column] as usize));
        Ok(names.collect())
    }

    /// Adds up how long each two speakers speak together, turn by turn in the order of the rows' turns.
    fn add_up(
        &mut self,
        rows: &Side,
        columns: &Side,
        evaluated: Option<&Cover>,
        limits: &Limits,
    ) -> Result<(), Stopped> {
        self.together.clear();
        self.together.resize(rows.speakers * columns.speakers, 0.0);
        let mut reach = f64::NEG_INFINITY;
        // The latest end up to each turn, by which those that are over are passed.
        let reaches: Vec<f64> = columns
            .turns
            .iter()
            .map(|turn| {
                reach = reach.max(turn.stretch.end);
                reach
            })
            .collect();
        let mut work = 0_u32;
        for turn in &rows.turns {
            let first = reaches.partition_point(|reach| *reach <= turn.stretch.begin);
            let others = columns.turns[first..].iter();
            for other in others.take_while(|other| other.stretch.begin < turn.stretch.end) {
                if let Some(common) = turn.stretch.common(other.stretch) {
                    let cell = turn.speaker as usize * columns.speakers + other.speaker as usize;
                    match evaluated {
                        Some(cover) => {
                            for part in cover.parts_of(common) {
                                self.together[cell] += part.duration();
                            }
                        }
                        None => self.together[cell] += common.duration(),
                    }
                }
                work += 1;
                if work.is_multiple_of(1 << 16) {
                    limits.check()?;
                }
            }
        }
        Ok(())
    }
}

/// The purity of clusters: for each the longest time that it shares with one of the classes, of its whole time.
pub(crate) fn purity(
    classes: &[Turn],
    clusters: &[Turn],
    evaluated: Option<&Cover>,
    limits: &Limits,
) -> Result<Share, Stopped> {
    let covers = |turns| Side::of(turns, evaluated).covers(evaluated);
    let (classes, clusters) = (covers(classes), covers(clusters));
    let mut share = Share::default();
    for cluster in &clusters {
        let mut largest = 0.0_f64;
        for class in &classes {
            limits.check()?;
            largest = largest.max(cluster.common(class).duration());
        }
        share.part += largest;
        share.whole += cluster.duration();
    }
    Ok(share)
}

/// What is not evaluated near the turns of the truth: so many seconds on each side of every beginning and end.
pub(crate) fn collars(truth: &[Turn], collar: f64) -> Cover {
    let times = truth.iter().flat_map(|turn| [turn.stretch.begin, turn.stretch.end]);
    Cover::of(times.map(|time| Stretch { begin: time - collar, end: time + collar }))
}

/// Where two turns overlap.
pub(crate) fn overlaps(turns: &[Turn]) -> Cover {
    let mut overlaps = Vec::new();
    let mut reach: Option<f64> = None;
    for turn in turns {
        let Stretch { begin, end } = turn.stretch;
        if let Some(reach) = reach {
            overlaps.push(Stretch { begin, end: end.min(reach) });
        }
        reach = Some(reach.map_or(end, |reach| reach.max(end)));
    }
    Cover::of(overlaps)
}

/// Somebody begins or ends to speak.
#[derive(Clone, Copy)]
struct Change {
    time: f64,
    is_truth: bool,
    /// The true speaker, or the one whom the speaker of the system is taken for.
    speaker: Option<usize>,
    begins: bool,
}

fn count_seconds(
    truth: &Side,
    system: &Side,
    taken_for: &[Option<usize>],
    evaluated: Option<&Cover>,
) -> Seconds {
    let mut changes = Vec::with_capacity(2 * (truth.turns.len() + system.turns.len()));
    let mut add = |turn: &Turn, is_truth, speaker| {
        changes.push(Change { time: turn.stretch.begin, is_truth, speaker, begins: true });
        changes.push(Change { time: turn.stretch.end, is_truth, speaker, begins: false });
    };
    truth.turns.iter().for_each(|turn| add(turn, true, Some(turn.speaker as usize)));
    system.turns.iter().for_each(|turn| add(turn, false, taken_for[turn.speaker as usize]));
    changes.sort_by(|one, other| one.time.total_cmp(&other.time));

    let mut seconds = Seconds::default();
    // How often each true speaker speaks now, by the truth and by the system.
    let mut now = vec![[0_u32; 2]; truth.speakers];
    let (mut speaking, mut correct) = ([0_u32; 2], 0_u32);
    let mut time = changes.first().map_or(0.0, |change| change.time);
    for change in changes {
        if change.time.total_cmp(&time) == Ordering::Greater {
            let stretch = Stretch { begin: time, end: change.time };
            match evaluated {
                Some(cover) => {
                    for part in cover.parts_of(stretch) {
                        seconds.add(part.duration(), speaking, correct);
                    }
                }
                None if !stretch.is_empty() => seconds.add(stretch.duration(), speaking, correct),
                None => {}
            }
            time = change.time;
        }
        let side = usize::from(!change.is_truth);
        let count = |number: &mut u32| *number = if change.begins { *number + 1 } else { *number - 1 };
        count(&mut speaking[side]);
        if let Some(speaker) = change.speaker {
            let before = now[speaker][0].min(now[speaker][1]);
            count(&mut now[speaker][side]);
            correct = correct + now[speaker][0].min(now[speaker][1]) - before;
        }
    }
    seconds
}

impl Seconds {
    fn add(&mut self, duration: f64, [truth, system]: [u32; 2], correct: u32) {
        let times = |count: u32| duration * f64::from(count);
        self.total += times(truth);
        self.correct += times(correct);
        self.confusion += times(truth.min(system) - correct);
        self.missed += times(truth.saturating_sub(system));
        self.false_alarm += times(system.saturating_sub(truth));
        self.speech += times(u32::from(truth > 0));
        self.detection_errors += times(u32::from((truth > 0) != (system > 0)));
    }
}

/// The order of 0, 1, 2 ... as texts: 0, 1, 10, 11, ... 2.
fn order_of_numbers(count: usize) -> Vec<u32> {
    in_order_of_names(count, |number| number.to_string())
}

/// The order of A, B, ... Z, AA, AB ... as texts: A, AA, AB, ... B.
fn order_of_letters(count: usize) -> Vec<u32> {
    in_order_of_names(count, |number| {
        let (mut rest, mut name) = (number + 1, Vec::new());
        while rest > 0 {
            rest -= 1;
            name.push(char::from(b'A' + (rest % 26) as u8));
            rest /= 26;
        }
        name.iter().rev().collect()
    })
}

fn in_order_of_names(count: usize, name: impl Fn(u32) -> String) -> Vec<u32> {
    let mut order: Vec<u32> = (0..count as u32).collect();
    order.sort_by_cached_key(|number| name(*number));
    order
}

#[cfg(test)]
mod tests {
    use super::super::turns::in_order;
    use super::*;

    fn turns(turns: &[(f64, f64, u32)]) -> Vec<Turn> {
        let turn = |(begin, end, speaker): &(f64, f64, u32)| Turn {
            stretch: Stretch { begin: *begin, end: *end },
            speaker: *speaker,
        };
        in_order(turns.iter().map(turn).collect())
    }

    #[test]
    fn names_stand_in_the_order_of_texts() {
        assert_eq!(order_of_numbers(12), [0, 1, 10, 11, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert_eq!(order_of_letters(28)[..5], [0, 26, 27, 1, 2]);
        assert_eq!(order_of_letters(2), [0, 1]);
    }

    #[test]
    fn overlaps_are_where_two_speak() {
        let overlaps = overlaps(&turns(&[
            (0.0, 10.0, 0),
            (1.0, 2.0, 1),
            (3.0, 4.0, 1),
            (9.0, 12.0, 0),
            (20.0, 21.0, 0),
        ]));
        let expected = [(1.0, 2.0), (3.0, 4.0), (9.0, 10.0)].map(|(begin, end)| Stretch { begin, end });
        assert_eq!(overlaps.stretches(), expected);
    }

    #[test]
    fn one_speaker_for_two_is_confused_half_of_the_time() {
        let truth = turns(&[(0.0, 5.0, 0), (5.0, 10.0, 1)]);
        let system = turns(&[(0.0, 10.0, 0)]);
        let limits = Limits::default();
        let mut judge = Judge::default();
        let seconds = judge.seconds(&truth, &system, None, &limits).unwrap();
        assert_eq!(
            (seconds.total, seconds.correct, seconds.confusion, seconds.errors()),
            (10.0, 5.0, 5.0, 5.0)
        );
        assert_eq!(judge.jaccard(&truth, &system, None, &limits), Ok(Share { part: 1.5, whole: 2.0 }));
        assert_eq!(purity(&truth, &system, None, &limits), Ok(Share { part: 5.0, whole: 10.0 }));
        assert_eq!(purity(&system, &truth, None, &limits), Ok(Share { part: 10.0, whole: 10.0 }));
    }

    #[test]
    fn a_rate_without_speech_is_zero_or_one() {
        let limits = Limits::default();
        let system = turns(&[(0.0, 5.0, 0)]);
        let rate = |truth: &[Turn], system: &[Turn]| {
            Judge::default().seconds(truth, system, None, &limits).unwrap().error_rate()
        };
        assert_eq!((rate(&[], &[]), rate(&[], &system), rate(&system, &[])), (0.0, 1.0, 1.0));
    }
}
