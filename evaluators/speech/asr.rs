//! `asr`: transcripts by utterance, scored in words and in characters as jiwer does.

mod manifest;

use std::collections::HashMap;

use sdk::evidence::{Columns, Reducer, Stats};
use sdk::limits::Stopped;
use sdk::roll::{IdIndex, Roll, repeated};
use sdk::texts::{HowMany, read_texts};
use sdk::{
    AnnotationFaults, Code, Evaluator, Evidence, Fault, Faults, File, Input, Inputs, Items, Limits, Manifest,
    Mode, Params, Prepared, SubmissionFaults,
};

use crate::edit::{Editor, Edits, UNKNOWN};
use crate::normalizer::{Normalizer, strip, words};

/// The column of the transcripts.
const TEXT: &str = "text";

/// The evaluator `asr`.
#[derive(Debug)]
pub struct Transcripts {
    manifest: Manifest,
}

impl Transcripts {
    /// The evaluator with its documentation.
    #[expect(clippy::new_without_default, reason = "an evaluator is made once, by name")]
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

impl Evaluator for Transcripts {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        _mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let normalizer = Normalizer::of(params);
        let read = || {
            References::read(
                annotations.require(Inputs::MAIN)?.single()?,
                normalizer,
                annotations.are_unannotated(),
            )
        };
        let references = read().map_err(|faults| AnnotationFaults(faults.of_file(Inputs::MAIN)))?;
        Ok(Box::new(PreparedTranscripts { references, normalizer, manifest: self.manifest.clone() }))
    }
}

/// The true transcripts, as symbols: words, and characters.
#[derive(Debug, Default)]
struct References {
    items: Items,
    index: IdIndex,
    /// The positions of words are their symbols.
    word_symbols: IdIndex,
    character_symbols: Characters,
    words: Vec<u32>,
    word_ends: Vec<usize>,
    /// The transcripts one after the other, without the white space at their ends.
    texts: String,
    text_ends: Vec<usize>,
}

impl References {
    /// Reads the transcripts; where they are left out, they are empty.
    fn read(file: &File<'_>, normalizer: Normalizer, unannotated: bool) -> Result<Self, Faults> {
        let mut references = Self::default();
        let mut faults = Faults::new();
        let limits = Limits::default();
        let how_many = if unannotated { HowMany::Nothing } else { HowMany::One };
        read_texts(file, TEXT, how_many, &limits, &mut faults, |(id, texts, at), faults| {
            if references.index.add(id).is_err() {
                faults.push_with(|| repeated("id", id).at(at.place(id)));
                return;
            }
            references.add(&normalizer.apply(texts.first().map_or("", |text| text)));
        })?;
        if references.index.is_empty() && faults.is_empty() {
            let message = "the annotations have no utterance";
            faults.push(Fault::whole(Code::EmptySubmission, message, "at least one row", "none"));
        }
        references.items = Items::of_index(&references.index);
        faults.or(references)
    }

    fn add(&mut self, text: &str) {
        for word in words(text) {
            let (Ok(symbol) | Err(symbol)) = self.word_symbols.add(word);
            self.words.push(symbol as u32);
        }
        self.texts.push_str(strip(text));
        self.character_symbols.add_all(strip(text));
        self.word_ends.push(self.words.len());
        self.text_ends.push(self.texts.len());
    }

    fn words_of(&self, item: usize) -> &[u32] {
        &self.words[between(&self.word_ends, item)]
    }

    fn text_of(&self, item: usize) -> &str {
        &self.texts[between(&self.text_ends, item)]
    }
}

/// From the end of the item before to the end of an item.
fn between(ends: &[usize], item: usize) -> std::ops::Range<usize> {
    let start = if item == 0 { 0 } else { ends[item - 1] };
    start..ends[item]
}

/// The symbols of characters: a table for the small ones, a map for the others.
#[derive(Debug, Default)]
struct Characters {
    table: Vec<u32>,
    others: HashMap<char, u32>,
    count: u32,
}

/// Characters below this one have a place in the table: the alphabets of Europe and the Near East.
const IN_TABLE: usize = 0x0800;

impl Characters {
    fn add_all(&mut self, text: &str) {
        self.table.resize(IN_TABLE, UNKNOWN);
        for character in text.chars() {
            let slot = match character as usize {
                small if small < IN_TABLE => &mut self.table[small],
                _ => self.others.entry(character).or_insert(UNKNOWN),
            };
            if *slot == UNKNOWN {
                *slot = self.count;
                self.count += 1;
            }
        }
    }

    /// The symbols of a text, in place of what stood there.
    fn symbols(&self, text: &str, into: &mut Vec<u32>) {
        into.clear();
        match self.table.first_chunk::<128>() {
            Some(ascii) if text.is_ascii() => {
                into.extend(text.bytes().map(|byte| ascii[usize::from(byte & 0x7f)]));
            }
            _ => into.extend(text.chars().map(|character| self.symbol(character))),
        }
    }

    fn symbol(&self, character: char) -> u32 {
        let small = (character as usize) < IN_TABLE;
        let found = if small { self.table.get(character as usize) } else { self.others.get(&character) };
        found.copied().unwrap_or(UNKNOWN)
    }
}

#[derive(Debug)]
struct PreparedTranscripts {
    references: References,
    normalizer: Normalizer,
    manifest: Manifest,
}

impl Prepared for PreparedTranscripts {
    fn items(&self) -> &Items {
        &self.references.items
    }

    fn metrics(&self) -> &[sdk::Metric] {
        &self.manifest.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let truth = &self.references;
        let mut columns = vec![[0; COLUMNS]; truth.items.len()];
        let mut faults = Faults::new();
        let mut roll = Roll::new(&truth.index, "id");
        let mut comparison = Comparison::new(truth);
        let mut stopped = Ok(());
        read_texts(
            submission.single()?,
            TEXT,
            HowMany::One,
            limits,
            &mut faults,
            |(id, texts, at), faults| {
                let item = roll.call(id, || at.place(id), faults);
                if let (Some(item), Ok(())) = (item, stopped) {
                    match comparison.compare(item, &self.normalizer.apply(&texts[0]), limits) {
                        Ok(row) => columns[item] = row,
                        Err(reason) => stopped = Err(reason),
                    }
                }
            },
        )?;
        stopped.map_err(Faults::from)?;
        roll.close(truth.items.ids(), &mut faults);
        faults.or(())?;
        Ok(evidence(columns))
    }
}

/// Compares hypotheses with their references.
struct Comparison<'t> {
    truth: &'t References,
    words: Editor,
    characters: Editor,
    reference: Vec<u32>,
    hypothesis: Vec<u32>,
}

impl<'t> Comparison<'t> {
    fn new(truth: &'t References) -> Self {
        Self {
            truth,
            words: Editor::new(truth.word_symbols.len()),
            characters: Editor::new(truth.character_symbols.count as usize),
            reference: Vec::new(),
            hypothesis: Vec::new(),
        }
    }

    /// The columns of an item.
    fn compare(&mut self, item: usize, text: &str, limits: &Limits) -> Result<[u32; COLUMNS], Stopped> {
        let truth = self.truth;
        self.hypothesis.clear();
        self.hypothesis.extend(
            words(text).map(|word| truth.word_symbols.find(word).map_or(UNKNOWN, |symbol| symbol as u32)),
        );
        let words = self.words.count(truth.words_of(item), &self.hypothesis, limits)?;
        truth.character_symbols.symbols(truth.text_of(item), &mut self.reference);
        truth.character_symbols.symbols(strip(text), &mut self.hypothesis);
        let characters = self.characters.count(&self.reference, &self.hypothesis, limits)?;
        let errors = words.errors();
        let others = [words.hypothesis(), words.hits + errors, u64::from(errors > 0), 1];
        let mut row = [0; COLUMNS];
        row[..PER_UNIT].copy_from_slice(&unit_columns(&words));
        row[PER_UNIT..2 * PER_UNIT].copy_from_slice(&unit_columns(&characters));
        row[2 * PER_UNIT..].copy_from_slice(&others.map(small));
        Ok(row)
    }
}

/// The columns of words; those of characters follow in the same order.
const HITS: u32 = 0;
const SUBSTITUTIONS: u32 = 1;
const DELETIONS: u32 = 2;
const INSERTIONS: u32 = 3;
const ERRORS: u32 = 4;
const REFERENCE: u32 = 5;
const PER_UNIT: usize = 6;
const HYPOTHESIS: u32 = 2 * PER_UNIT as u32;
const ALIGNED: u32 = HYPOTHESIS + 1;
const WRONG: u32 = HYPOTHESIS + 2;
const ONE: u32 = HYPOTHESIS + 3;
const COLUMNS: usize = ONE as usize + 1;

/// A count of words or characters: no file that is read holds so many that it would not fit.
fn small(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn unit_columns(edits: &Edits) -> [u32; PER_UNIT] {
    let Edits { hits, substitutions, deletions, insertions } = *edits;
    [hits, substitutions, deletions, insertions, edits.errors(), edits.reference()].map(small)
}

/// The metrics, in the order of the manifest, with what each is made of.
fn reducers() -> [(&'static str, Reducer); 17] {
    let total = |column| Reducer::Total { column };
    let rate =
        |unit: u32| Reducer::OverAtLeastOne { numerator: unit + ERRORS, denominator: unit + REFERENCE };
    let characters = PER_UNIT as u32;
    [
        ("wer", rate(0)),
        ("cer", rate(characters)),
        ("mer", Reducer::ErrorRate { errors: ERRORS, total: ALIGNED }),
        ("wil", Reducer::InformationLost { hits: HITS, reference: REFERENCE, hypothesis: HYPOTHESIS }),
        ("wip", Reducer::InformationPreserved { hits: HITS, reference: REFERENCE, hypothesis: HYPOTHESIS }),
        ("sentence_error_rate", Reducer::Quotient { numerator: WRONG, denominator: ONE }),
        ("words", total(REFERENCE)),
        ("errors", total(ERRORS)),
        ("hits", total(HITS)),
        ("substitutions", total(SUBSTITUTIONS)),
        ("deletions", total(DELETIONS)),
        ("insertions", total(INSERTIONS)),
        ("characters", total(characters + REFERENCE)),
        ("char_hits", total(characters + HITS)),
        ("char_substitutions", total(characters + SUBSTITUTIONS)),
        ("char_deletions", total(characters + DELETIONS)),
        ("char_insertions", total(characters + INSERTIONS)),
    ]
}

fn evidence(columns: Vec<[u32; COLUMNS]>) -> Evidence {
    let columns = Columns::of_counts((columns.len(), COLUMNS), columns.into_flattened());
    let mut evidence = Evidence::new(columns.nrows());
    let (names, reducers): (Vec<_>, Vec<_>) = reducers().into_iter().unzip();
    let block = evidence.block(Stats { columns, reducers });
    for (output, name) in names.into_iter().enumerate() {
        evidence.metric(name, 1.0, block.output(output));
    }
    evidence
}
