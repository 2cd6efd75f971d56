//! Reads a submission: the scores of all verbs and nouns, and maybe of a hundred actions, of every segment.

use sdk::archive;
use sdk::roll::repeated;
use sdk::text::quoted;
use sdk::{Code, Fault, Faults, Input, JsonReader, Limits, Read, Slot, Stop};

use super::ranking::{self, ABSENT, Products};
use super::{Challenge, PreparedEpic, Ranks, Settings, Truth};
use crate::roll::{Call, Roll, complete, unknown};

/// The name of the file in an archive.
const IN_ARCHIVE: &str = "test.json";

/// The challenges of this format with the evaluators that read them.
const CHALLENGES: [(&str, &str); 3] =
    [("action_recognition", "epic_c1"), ("action_anticipation", "epic_c3"), ("action_detection", "epic_c2")];

impl Challenge {
    /// The value of the field `challenge`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Recognition => CHALLENGES[0].0,
            Self::Anticipation => CHALLENGES[1].0,
        }
    }
}

/// Reads a submission and ranks the truth of every segment.
pub(super) fn read(
    task: &PreparedEpic,
    submission: &Input<'_>,
    limits: &Limits,
) -> Result<Vec<Ranks>, Faults> {
    let text = archive::single(submission, IN_ARCHIVE, limits)?;
    let mut roll = Roll::new(&task.segments.ids, "segment");
    let mut reading = Reading {
        task,
        ranks: vec![[ABSENT; 3]; task.segments.truths.len()],
        verbs: Scores::new(task.settings.verbs),
        nouns: Scores::new(task.settings.nouns),
        actions: Vec::new(),
        with_actions: None,
        products: Products::default(),
    };
    let read = JsonReader::read(&text, limits, |reader| reading.whole(reader, &mut roll));
    complete(read, &roll).map(|()| reading.ranks)
}

/// The scores of all classes of one segment.
struct Scores {
    values: Vec<f64>,
    seen: Vec<bool>,
}

struct Reading<'t> {
    task: &'t PreparedEpic,
    ranks: Vec<Ranks>,
    verbs: Scores,
    nouns: Scores,
    /// Verb, noun and score of the actions of one segment, in the order of the file.
    actions: Vec<(u32, u32, f64)>,
    /// Whether the first segment has actions, and so all must.
    with_actions: Option<bool>,
    products: Products,
}

impl Reading<'_> {
    fn whole(&mut self, reader: &mut JsonReader<'_, '_>, roll: &mut Roll<'_>) -> Result<(), Stop> {
        let (mut version, mut challenge, mut results) = (Slot::default(), Slot::default(), Slot::default());
        let mut levels = ["sls_pt", "sls_tl", "sls_td"].map(|name| (name, Slot::default()));
        let object = reader.object(|reader, key| {
            match &**key {
                "version" => version.put(reader.one_of(&["0.2"], Code::UnsupportedVersion)?),
                "challenge" => challenge.put(read_challenge(reader, self.task.challenge)?),
                "results" => results.put(reader.object(|reader, id| {
                    let item = match roll.call(id) {
                        Call::First(item) => Some(item as usize),
                        Call::Again(_) => {
                            reader.fault_with(|| repeated("segment", id));
                            None
                        }
                        Call::Unknown => {
                            reader.fault_with(|| unknown("segment", id));
                            None
                        }
                    };
                    self.segment(reader, item)
                })?),
                other => match levels.iter_mut().find(|(name, _)| *name == other) {
                    Some((_, level)) => level.put(read_level(reader)?),
                    None => reader.skip()?,
                },
            }
            Ok(())
        })?;
        if object.is_some() {
            version.require("version", reader);
            challenge.require("challenge", reader);
            for (name, level) in levels {
                level.require(name, reader);
            }
            results.require("results", reader);
        }
        Ok(())
    }

    fn segment(&mut self, reader: &mut JsonReader<'_, '_>, item: Option<usize>) -> Result<(), Stop> {
        let faults_before = reader.fault_count();
        let (mut verb, mut noun, mut action) = (Slot::default(), Slot::default(), false);
        let object = reader.object(|reader, key| {
            match &**key {
                "verb" => verb.put(self.verbs.read(reader, "verb")?),
                "noun" => noun.put(self.nouns.read(reader, "noun")?),
                "action" => {
                    action = true;
                    self.read_actions(reader)?;
                }
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        if object.is_none() {
            return Ok(());
        }
        verb.require("verb", reader);
        noun.require("noun", reader);
        match (*self.with_actions.get_or_insert(action), action) {
            (true, false) => reader.missing_field("action"),
            (false, true) => reader.fault(
                Code::UnknownField,
                "this segment has actions, but the first one has none",
                "actions in all segments or in none",
                "actions",
            ),
            (_, _) => {}
        }
        if let Some(item) = item.filter(|_| reader.fault_count() == faults_before) {
            self.ranks[item] = self.rank(self.task.segments.truths[item], action);
        }
        Ok(())
    }

    /// The ranks of the truth among the scores that were just read.
    fn rank(&mut self, truth: Truth, has_actions: bool) -> Ranks {
        let (verbs, nouns) = (&self.verbs.values, &self.nouns.values);
        let action = match has_actions {
            true => ranking::of_action(&self.actions, (truth.verb as u32, truth.noun as u32)),
            false => self.products.rank(verbs, nouns, (truth.verb, truth.noun), self.task.settings.actions),
        };
        [action, ranking::of_class(verbs, truth.verb), ranking::of_class(nouns, truth.noun)]
    }

    fn read_actions(&mut self, reader: &mut JsonReader<'_, '_>) -> Result<(), Stop> {
        let Settings { verbs, nouns, actions: wanted } = self.task.settings;
        self.actions.clear();
        let mut count = 0;
        let object = reader.object(|reader, key| {
            count += 1;
            let pair = key
                .split_once(',')
                .and_then(|(verb, noun)| Some((class_of(verb, verbs)?, class_of(noun, nouns)?)));
            match pair {
                Some((verb, noun)) => {
                    if let Some(score) = reader.number_else(Code::WrongType)? {
                        self.actions.push((verb as u32, noun as u32, score));
                    }
                    Ok(())
                }
                None => {
                    let expected =
                        format!("\"verb,noun\" with a verb below {verbs} and a noun below {nouns}");
                    unknown_class(reader, "action", key, expected);
                    reader.skip()
                }
            }
        })?;
        if object.is_some() && count != wanted {
            let message = format!("there are not {wanted} actions");
            reader.fault(Code::WrongShape, message, format!("{wanted} actions"), format!("{count} actions"));
        }
        Ok(())
    }
}

impl Scores {
    fn new(classes: usize) -> Self {
        Self { values: vec![0.0; classes], seen: vec![false; classes] }
    }

    /// Reads the scores of all classes, `{"0": 0.1, "1": ...}`.
    fn read(&mut self, reader: &mut JsonReader<'_, '_>, task: &str) -> Read<()> {
        self.seen.fill(false);
        let classes = self.values.len();
        let object = reader.object(|reader, key| match class_of(key, classes) {
            Some(class) => {
                self.seen[class] = true;
                if let Some(score) = reader.number_else(Code::WrongType)? {
                    self.values[class] = score;
                }
                Ok(())
            }
            None => {
                unknown_class(reader, task, key, format!("a class from \"0\" to \"{}\"", classes - 1));
                reader.skip()
            }
        })?;
        if object.is_some() {
            for (class, _) in self.seen.iter().enumerate().filter(|(_, seen)| !**seen) {
                reader.fault_with(|| {
                    let message = format!("the {task} {class} has no score");
                    let (expected, found) =
                        (format!("a score for each of {classes} {task}s"), "none for this one");
                    Fault::whole(Code::MissingField, message, expected, found)
                });
            }
        }
        Ok(object)
    }
}

/// The class that a key names, written as a plain number.
fn class_of(key: &str, classes: usize) -> Option<usize> {
    let plain = key.len() == 1 || !key.starts_with('0');
    let digits = key.bytes().all(|byte| byte.is_ascii_digit());
    // Eight digits and more are beyond every task.
    if !(plain && digits && (1..8).contains(&key.len())) {
        return None;
    }
    let class = key.bytes().fold(0, |class, byte| class * 10 + usize::from(byte - b'0'));
    (class < classes).then_some(class)
}

fn unknown_class(reader: &mut JsonReader<'_, '_>, task: &str, key: &str, expected: String) {
    reader.fault_with(|| {
        let found = quoted(key);
        Fault::whole(Code::UnknownLabel, format!("{found} is no {task} of this task"), expected, found)
    });
}

fn read_challenge(reader: &mut JsonReader<'_, '_>, challenge: Challenge) -> Read<()> {
    let Some(found) = reader.string()? else {
        return Ok(None);
    };
    if found == challenge.name() {
        return Ok(Some(()));
    }
    reader.fault_with(|| {
        let wanted = format!("{:?}", challenge.name());
        let message = format!("the file is meant for the challenge {}", quoted(&found));
        let fault = Fault::whole(Code::WrongChallenge, message, wanted, quoted(&found));
        match CHALLENGES.iter().find(|(name, _)| *name == found) {
            Some((_, evaluator)) => fault.hint(format!("{evaluator} reads it")),
            None => fault,
        }
    });
    Ok(None)
}

/// Reads a level of supervision.
fn read_level(reader: &mut JsonReader<'_, '_>) -> Read<()> {
    let Some(level) = reader.integer()? else {
        return Ok(None);
    };
    if (0..=5).contains(&level) {
        return Ok(Some(()));
    }
    reader.fault_with(|| {
        let message = format!("there is no level of supervision {level}");
        Fault::whole(Code::OutOfRange, message, "a level from 0 to 5", level.to_string())
    });
    Ok(None)
}
