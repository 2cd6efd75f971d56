//! `text_generation`: texts against one or several references.

mod manifest;

use ndarray::Array2;
use sdk::evidence::Stats;
use sdk::limits::Stopped;
use sdk::roll::{IdIndex, Roll, repeated};
use sdk::sheet::At;
use sdk::text::quoted;
use sdk::texts::{HowMany, read_texts};
use sdk::{
    AnnotationFaults, Code, Evaluator, Evidence, Fault, Faults, File, Input, Inputs, Items, Limits, Manifest,
    Metric, Mode, Params, Prepared, SubmissionFaults,
};

use crate::cider::{DocumentFrequencies, caption};
use crate::counter::Counter;
use crate::scores::{DEFAULT, SCORES, Score};

/// The parameter that chooses the scores.
const CHOSEN: &str = "scores";

/// The column of the references, and that of the texts of a submission.
const REFERENCES: &str = "references";
const TEXT: &str = "text";

/// How long a text may be, in words and in characters: some scores take the product of the lengths of two texts.
const MOST_WORDS: usize = 5_000;
const MOST_CHARACTERS: usize = 100_000;

/// The evaluator `text_generation`.
#[derive(Debug)]
pub struct TextGeneration {
    manifest: Manifest,
}

impl TextGeneration {
    /// The evaluator with its documentation.
    #[expect(clippy::new_without_default, reason = "an evaluator is made once, by name")]
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

impl Evaluator for TextGeneration {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        _mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let chosen = chosen_scores(params)?;
        let file = annotations.require(Inputs::MAIN).and_then(Input::single);
        let truth = file
            .and_then(|file| References::read(file, annotations.are_unannotated()))
            .map_err(|faults| faults.of_file(Inputs::MAIN))?;
        let frequencies = chosen.iter().any(|(_, score)| *score == Score::Cider).then(|| truth.frequencies());
        let references = truth.number_of_references();
        let metrics = chosen.iter().flat_map(|(name, score)| score.metrics(name, &references)).collect();
        let scores = chosen.into_iter().map(|(_, score)| score).collect();
        Ok(Box::new(PreparedGeneration { truth, scores, frequencies, metrics }))
    }
}

/// The chosen scores in the order in which they are reported; the first that is named ranks.
fn chosen_scores(params: &Params) -> Result<Vec<(&'static str, Score)>, Faults> {
    let names: Vec<&str> = match params.texts(CHOSEN) {
        Some(names) => names.iter().map(String::as_str).collect(),
        None => DEFAULT.to_vec(),
    };
    let mut faults = Faults::new();
    let mut chosen = Vec::new();
    for name in names {
        match SCORES.iter().find(|(known, _)| *known == name) {
            Some(found) => chosen.push(*found),
            None => faults.push_with(|| {
                let known = SCORES.map(|(known, _)| known).join(", ");
                let message = format!("the parameter {CHOSEN:?} names no score {}", quoted(name));
                Fault::whole(Code::InvalidParameter, message, known, quoted(name))
            }),
        }
    }
    if chosen.is_empty() && faults.is_empty() {
        let message = format!("the parameter {CHOSEN:?} names no score");
        faults.push(Fault::whole(Code::InvalidParameter, message, "at least one", "none"));
    }
    faults.or(chosen)
}

/// The true texts.
#[derive(Debug, Default)]
struct References {
    items: Items,
    index: IdIndex,
    texts: String,
    /// Where each text ends, and where the texts of each item end among them.
    text_ends: Vec<usize>,
    item_ends: Vec<usize>,
}

impl References {
    /// Reads the references; where they are left out, an empty one stands for those of an item.
    fn read(file: &File<'_>, unannotated: bool) -> Result<Self, Faults> {
        let how_many = if unannotated { HowMany::Nothing } else { HowMany::Several };
        let mut references = Self::default();
        let (mut ids, mut faults) = (Vec::new(), Faults::new());
        let limits = Limits::default();
        read_texts(file, REFERENCES, how_many, &limits, &mut faults, |(id, texts, at), faults| {
            if references.index.add(id).is_err() {
                faults.push_with(|| repeated("id", id).at(at.place(id)));
                return;
            }
            if texts.is_empty() && unannotated {
                references.text_ends.push(references.texts.len());
            } else if texts.is_empty() {
                faults.push_with(|| {
                    let message = format!("the id {} has no reference", quoted(id));
                    Fault::whole(Code::WrongShape, message, "at least one reference", "none").at(at.place(id))
                });
            }
            ids.push(id.to_owned());
            for text in texts {
                refuse_long(id, text, at, faults);
                references.texts.push_str(text);
                references.text_ends.push(references.texts.len());
            }
            references.item_ends.push(references.text_ends.len());
        })?;
        if ids.is_empty() && faults.is_empty() {
            let message = "the annotations have no item";
            faults.push(Fault::whole(Code::EmptySubmission, message, "at least one row", "none"));
        }
        references.items = Items::ungrouped(ids);
        faults.or(references)
    }

    /// The references of an item.
    fn of(&self, item: usize) -> Vec<&str> {
        let start = if item == 0 { 0 } else { self.item_ends[item - 1] };
        let text = |text: usize| {
            let begin = if text == 0 { 0 } else { self.text_ends[text - 1] };
            &self.texts[begin..self.text_ends[text]]
        };
        (start..self.item_ends[item]).map(text).collect()
    }

    fn frequencies(&self) -> DocumentFrequencies {
        let captions = |item| self.of(item).into_iter().map(caption).collect::<Vec<_>>();
        DocumentFrequencies::of((0..self.items.len()).map(captions))
    }

    /// How many references there are, as in a signature of sacreBLEU: a number, or `var`.
    fn number_of_references(&self) -> String {
        let mut numbers = (0..self.items.len()).map(|item| {
            let start = if item == 0 { 0 } else { self.item_ends[item - 1] };
            self.item_ends[item] - start
        });
        match numbers.next() {
            Some(first) if numbers.all(|number| number == first) => first.to_string(),
            _ => "var".to_owned(),
        }
    }
}

fn refuse_long(id: &str, text: &str, at: At, faults: &mut Faults) {
    let is_long = text.len() > MOST_WORDS
        && (text.split_whitespace().nth(MOST_WORDS).is_some() || text.chars().nth(MOST_CHARACTERS).is_some());
    if is_long {
        faults.push_with(|| {
            let message = format!("the text of the id {} is too long", quoted(id));
            let most = format!("at most {MOST_WORDS} words and {MOST_CHARACTERS} characters");
            Fault::whole(Code::TooLarge, message, most, format!("{} bytes", text.len())).at(at.place(id))
        });
    }
}

#[derive(Debug)]
struct PreparedGeneration {
    truth: References,
    scores: Vec<Score>,
    frequencies: Option<DocumentFrequencies>,
    metrics: Vec<Metric>,
}

impl Prepared for PreparedGeneration {
    fn items(&self) -> &Items {
        &self.truth.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let truth = &self.truth;
        let width = 1 + self.scores.iter().map(|score| score.columns()).sum::<usize>();
        let mut columns = Array2::zeros((truth.items.len(), width));
        let mut faults = Faults::new();
        let mut roll = Roll::new(&truth.index, "id");
        let mut counter = Counter::new(&self.scores, self.frequencies.as_ref());
        let mut row = Vec::with_capacity(width);
        let mut stopped: Result<(), Stopped> = Ok(());
        read_texts(
            submission.single()?,
            TEXT,
            HowMany::One,
            limits,
            &mut faults,
            |(id, texts, at), faults| {
                refuse_long(id, &texts[0], at, faults);
                let item = roll.call(id, || at.place(id), faults);
                let Some(item) = item.filter(|_| stopped.is_ok() && faults.is_empty()) else { return };
                row.clear();
                row.push(1.0);
                stopped = counter.count(&truth.of(item), &texts[0], limits, &mut row);
                for (cell, count) in columns.row_mut(item).iter_mut().zip(&row) {
                    *cell = *count;
                }
            },
        )?;
        stopped.map_err(Faults::from)?;
        roll.close(truth.items.ids(), &mut faults);
        faults.or(())?;
        Ok(self.evidence(columns))
    }
}

impl PreparedGeneration {
    fn evidence(&self, columns: Array2<f64>) -> Evidence {
        let mut evidence = Evidence::new(columns.nrows());
        let (mut reducers, mut factors, mut first) = (Vec::new(), Vec::new(), 1);
        for score in &self.scores {
            for (factor, reducer) in score.reducers(first, 0) {
                reducers.push(reducer);
                factors.push(factor);
            }
            first += score.columns() as u32;
        }
        let block = evidence.block(Stats { columns, reducers });
        for (output, (metric, factor)) in self.metrics.iter().zip(factors).enumerate() {
            evidence.metric(&metric.name, factor, block.output(output));
        }
        evidence
    }
}
