//! Weights mean what they say: masks are subsets, whole numbers are copies, and the order of rows means nothing.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use conformance::task::{evaluate, evidence_keeps_its_word, prepare, values, weights_are_copies};
use proptest::prelude::*;
use sdk::{Evidence, Mode};

/// A task whose items can be copied: writes the files of a task with so many copies of each item.
trait World {
    const ID: &'static str;
    const PARAMS: &'static [(&'static str, &'static str)] = &[];

    /// The truth and the submission, each as a list of rows.
    fn rows(&self, copies: &[u8]) -> (Vec<String>, Vec<String>);

    fn join(rows: &[String]) -> String {
        rows.concat()
    }

    fn len(&self) -> usize;

    fn evidence(&self, copies: &[u8]) -> Evidence {
        let (truth, submission) = self.rows(copies);
        self.evaluate(&Self::join(&truth), &Self::join(&submission))
    }

    fn evaluate(&self, truth: &str, submission: &str) -> Evidence {
        let family = heldout_speech::evaluators();
        let prepared = prepare(&family, Self::ID, &[("main", truth)], Self::PARAMS, Mode::Strict).unwrap();
        let evidence = evaluate(prepared.as_ref(), submission).unwrap();
        evidence_keeps_its_word(prepared.as_ref(), &evidence);
        evidence
    }

    fn check(&self, counts: &[u8]) {
        weights_are_copies(&counts[..self.len()], |copies| self.evidence(copies));
        let (truth, mut submission) = self.rows(&vec![1; self.len()]);
        let in_order = self.evaluate(&Self::join(&truth), &Self::join(&submission));
        submission.reverse();
        let reversed = self.evaluate(&Self::join(&truth), &Self::join(&submission));
        assert_eq!(values(&reversed), values(&in_order), "the order of rows");
    }
}

/// The items with a name of their own for every copy.
fn copied<'t, T>(items: &'t [T], copies: &'t [u8]) -> impl Iterator<Item = (String, &'t T)> {
    let named = items.iter().zip(copies).enumerate();
    named.flat_map(|(item, (one, copies))| (0..*copies).map(move |copy| (format!("i{item}c{copy}"), one)))
}

type Pair = (Vec<&'static str>, Vec<&'static str>);

struct Rows(Vec<Pair>);

impl World for Rows {
    const ID: &'static str = "asr";

    fn rows(&self, copies: &[u8]) -> (Vec<String>, Vec<String>) {
        let row = |name: &str, words: &[&str]| {
            format!("{{\"id\": \"{name}\", \"text\": \"{}\"}}\n", words.join(" "))
        };
        copied(&self.0, copies).map(|(name, (truth, other))| (row(&name, truth), row(&name, other))).unzip()
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

struct Trn(Vec<Pair>);

impl World for Trn {
    const ID: &'static str = "asr_trn";

    fn rows(&self, copies: &[u8]) -> (Vec<String>, Vec<String>) {
        let rows = copied(&self.0, copies).map(|(name, (truth, other))| {
            let truth = format!("{{ um / @ }} {} ({name})\n", truth.join(" "));
            (truth, format!("{} ({name})\n", other.join(" ")))
        });
        rows.unzip()
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

struct Ctm(Vec<Pair>);

impl World for Ctm {
    const ID: &'static str = "asr_stm";
    const PARAMS: &'static [(&'static str, &'static str)] = &[("silent_ends", "ignored")];

    fn rows(&self, copies: &[u8]) -> (Vec<String>, Vec<String>) {
        let (mut truth, mut submission) = (Vec::new(), vec![";; words\n".to_owned()]);
        for (name, (words, others)) in copied(&self.0, copies) {
            truth.push(format!("{name} 1 s 0 9 {}\n", words.join(" ")));
            submission
                .extend(others.iter().enumerate().map(|(at, word)| format!("{name} 1 {at}.1 0.2 {word}\n")));
        }
        (truth, submission)
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

struct Clips(Vec<Pair>);

impl World for Clips {
    const ID: &'static str = "ego4d_transcription";

    fn rows(&self, copies: &[u8]) -> (Vec<String>, Vec<String>) {
        let rows = copied(&self.0, copies).map(|(name, (words, others))| {
            let text = words.join(" ");
            let truth = format!(
                r#""{name}": [{{"channel": "1", "speaker": "s", "tb": 0, "te": 9, "txt": "{text}"}}]"#
            );
            let word = |(at, word): (usize, &&str)| {
                format!(r#"{{"channel": "1", "tb": {at}.5, "dur": 0.2, "word": "{word}"}}"#)
            };
            let words: Vec<String> = others.iter().enumerate().map(word).collect();
            (truth, format!("\"{name}\": [{}]", words.join(",")))
        });
        rows.unzip()
    }

    fn join(rows: &[String]) -> String {
        format!("{{{}}}", rows.join(","))
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

/// Turns of the truth and of the system: begin, duration and speaker as small numbers.
type Turns = (Vec<(u8, u8, u8)>, Vec<(u8, u8, u8)>);

struct Rttm(Vec<Turns>);

impl World for Rttm {
    const ID: &'static str = "diarization";

    fn rows(&self, copies: &[u8]) -> (Vec<String>, Vec<String>) {
        let (mut truth, mut submission) = (Vec::new(), vec![";; turns\n".to_owned()]);
        for (name, (turns, others)) in copied(&self.0, copies) {
            let line = |(begin, duration, speaker): &(u8, u8, u8)| {
                let (begin, duration) = (f64::from(*begin) / 4.0, f64::from(*duration) / 4.0);
                format!("SPEAKER {name} 1 {begin} {duration} <NA> <NA> s{speaker} <NA> <NA>\n")
            };
            truth.extend(turns.iter().map(line));
            submission.extend(others.iter().map(line));
        }
        (truth, submission)
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

struct Persons(Vec<Turns>);

impl World for Persons {
    const ID: &'static str = "ego4d_diarization";

    fn rows(&self, copies: &[u8]) -> (Vec<String>, Vec<String>) {
        let rows = copied(&self.0, copies).map(|(name, (turns, others))| {
            let clip = |turns: &[(u8, u8, u8)]| {
                let segment = |(begin, duration, speaker): &(u8, u8, u8)| {
                    let (begin, end) = (f64::from(*begin) / 4.0, f64::from(begin + duration) / 4.0);
                    format!(r#"{{"start_time": {begin}, "end_time": {end}, "person": "{speaker}"}}"#)
                };
                let segments: Vec<String> = turns.iter().map(segment).collect();
                let persons =
                    format!(r#"[{{"person_id": "x", "voice_segments": [{}]}}]"#, segments.join(","));
                format!(
                    r#"{{"video_uid": "{name}", "clips": [{{"clip_uid": "{name}", "persons": {persons}}}]}}"#
                )
            };
            (clip(turns), clip(others))
        });
        rows.unzip()
    }

    fn join(rows: &[String]) -> String {
        format!(r#"{{"videos": [{}]}}"#, rows.join(","))
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

fn words() -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(prop::sample::select(vec!["a", "b", "c", "um", "d"]), 0..7)
}

fn pairs() -> impl Strategy<Value = Vec<Pair>> {
    prop::collection::vec((words(), words()), 1..6)
}

fn turns() -> impl Strategy<Value = Vec<Turns>> {
    let side = || prop::collection::vec((0..40_u8, 1..12_u8, 0..4_u8), 1..8);
    prop::collection::vec((side(), side()), 1..5)
}

fn counts() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(0..4_u8, 6)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn transcripts(pairs in pairs(), counts in counts()) {
        Rows(pairs.clone()).check(&counts);
        Trn(pairs.clone()).check(&counts);
        Ctm(pairs.clone()).check(&counts);
        Clips(pairs).check(&counts);
    }

    #[test]
    fn diarization(turns in turns(), counts in counts()) {
        Rttm(turns.clone()).check(&counts);
        Persons(turns).check(&counts);
    }
}
