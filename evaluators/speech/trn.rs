//! `asr_trn`: transcripts in the TRN format of NIST, scored as sclite does.

use sdk::roll::{IdIndex, Roll, repeated};
use sdk::text::quoted;
use sdk::{
    AnnotationFaults, Code, Evaluator, Evidence, Fault, Faults, File, Format, Input, Inputs, Items, Limits,
    Manifest, Metric, Mode, Params, Place, Prepared, Schema, SubmissionFaults,
};

use crate::lines::each_line;
use crate::sclite::{Aligner, Network, NetworkError, Options};
use crate::tally::{SCLITE_RULES, Share, Tally, metrics, sclite_reference};

const RULES: &str = "\
- The speaker of an utterance is what stands in its id before the first `-` or `_`.
- Strict mode wants a line for every utterance; in reference mode one without a line is not scored, as in the public \
code.";

/// The evaluator `asr_trn`.
#[derive(Debug)]
pub struct TrnTranscripts {
    manifest: Manifest,
}

impl TrnTranscripts {
    /// The evaluator with its documentation.
    #[expect(clippy::new_without_default, reason = "an evaluator is made once, by name")]
    pub fn new() -> Self {
        let format = |name: &str, description: &str, example: &str| Format {
            name: name.to_owned(),
            media_type: "text/plain".to_owned(),
            optional: false,
            description: description.to_owned(),
            example: example.to_owned(),
        };
        let manifest = Manifest {
            id: "asr_trn".to_owned(),
            version: "1".to_owned(),
            title: "Speech recognition: transcripts (TRN)".to_owned(),
            description: "Every utterance is transcribed; the transcripts are aligned with the true ones, which may offer \
                alternatives, as NIST's sclite does."
                .to_owned(),
            annotations: vec![format(
                "main",
                "TRN: a line per utterance, its words and then its id in parentheses. A choice is written `{ a / b c }`, \
                 nothing `@`; lines that begin with `;;` are comments.",
                ";; two speakers\nput { um / uh / @ } the cup down (anna-1)\ndon't touch it (ben-1)\n",
            )],
            unannotated: Some(Format::unannotated(
                "text/plain",
                "The ids of the utterances, one per line.",
                "anna-1\nben-1\n",
            )),
            submission: format(
                "submission",
                "TRN: a line for every utterance, in any order.",
                "don't touch (ben-1)\nput a cup down (anna-1)\n",
            ),
            metrics: metrics("wer", "utterance"),
            params: Schema(Options::params()),
            item: "utterance".to_owned(),
            resampling_unit: "speaker".to_owned(),
            rules: format!("{SCLITE_RULES}{RULES}"),
            references: vec![sclite_reference()],
        };
        Self { manifest }
    }
}

impl Evaluator for TrnTranscripts {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let options = Options::of(params);
        let read = || {
            let file = annotations.require(Inputs::MAIN)?.single()?;
            match annotations.are_unannotated() {
                true => Utterances::read_ids(file, options),
                false => Utterances::read(file, options),
            }
        };
        let utterances = read().map_err(|faults| AnnotationFaults(faults.of_file(Inputs::MAIN)))?;
        let metrics = self.manifest.metrics.clone();
        Ok(Box::new(PreparedUtterances { utterances, options, mode, metrics }))
    }
}

/// A line of a TRN file.
struct Line<'f> {
    words: &'f str,
    id: &'f str,
    number: u64,
}

/// Calls `read` with every utterance of a TRN file.
fn read_lines<'f>(
    file: &'f File<'_>,
    limits: &Limits,
    faults: &mut Faults,
    mut read: impl FnMut(Line<'f>, &mut Faults),
) -> Result<(), Faults> {
    each_line(file, "TRN", limits, |line, number| match (line.rfind('('), line.rfind(')')) {
        (Some(open), Some(close)) if open < close => {
            read(Line { words: &line[..open], id: &line[open + 1..close], number }, faults);
        }
        _ => faults.push_with(|| {
            let message = "the line does not end with the id of its utterance";
            Fault::whole(Code::WrongShape, message, "words (id)", quoted(line)).at(Place::Line(number))
        }),
    })
}

/// What is wrong with the words of a line.
pub(crate) fn network_fault(error: NetworkError, line: u64, text: &str) -> Fault {
    let fault = Fault::whole(
        Code::WrongShape,
        error.to_string(),
        if error == NetworkError::Choice { "one transcript" } else { "words, { one / another }" },
        quoted(text.trim_ascii()),
    );
    fault.at(Place::Line(line))
}

/// The true utterances.
#[derive(Debug, Default)]
struct Utterances {
    items: Items,
    index: IdIndex,
    texts: Vec<Box<str>>,
}

/// The form of an id by which it is found.
fn key(id: &str, options: Options) -> String {
    if options.case_sensitive { id.to_owned() } else { id.to_ascii_lowercase() }
}

impl Utterances {
    fn read(file: &File<'_>, options: Options) -> Result<Self, Faults> {
        let mut utterances = Self::default();
        let (mut ids, mut faults) = (Vec::new(), Faults::new());
        read_lines(file, &Limits::default(), &mut faults, |line, faults| {
            if let Err(error) = Network::parse(line.words, options) {
                faults.push_with(|| network_fault(error, line.number, line.words));
            }
            if utterances.index.add(&key(line.id, options)).is_err() {
                faults.push_with(|| repeated("utterance", line.id).at(Place::Line(line.number)));
                return;
            }
            ids.push(line.id.to_owned());
            utterances.texts.push(line.words.into());
        })?;
        utterances.finish(&ids, faults)
    }

    /// Reads a list of ids, one per line, of which nothing is said.
    fn read_ids(file: &File<'_>, options: Options) -> Result<Self, Faults> {
        let mut utterances = Self::default();
        let (mut ids, mut faults) = (Vec::new(), Faults::new());
        each_line(file, "a list of ids", &Limits::default(), |line, number| {
            let id = line.trim_ascii();
            if utterances.index.add(&key(id, options)).is_err() {
                faults.push_with(|| repeated("utterance", id).at(Place::Line(number)));
                return;
            }
            ids.push(id.to_owned());
            utterances.texts.push("".into());
        })?;
        utterances.finish(&ids, faults)
    }

    fn finish(mut self, ids: &[String], mut faults: Faults) -> Result<Self, Faults> {
        if ids.is_empty() && faults.is_empty() {
            let message = "the annotations have no utterance";
            faults.push(Fault::whole(Code::EmptySubmission, message, "at least one line", "none"));
        }
        self.items = Items::new(ids.iter().map(|id| (id.as_str(), speaker(id))));
        faults.or(self)
    }
}

/// What stands in an id before the first `-` or `_`.
fn speaker(id: &str) -> &str {
    id.split(['-', '_']).next().unwrap_or(id)
}

#[derive(Debug)]
struct PreparedUtterances {
    utterances: Utterances,
    options: Options,
    mode: Mode,
    metrics: Vec<Metric>,
}

impl Prepared for PreparedUtterances {
    fn items(&self) -> &Items {
        &self.utterances.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let truth = &self.utterances;
        let mut tally = Tally::new(truth.items.len());
        let mut faults = Faults::new();
        let mut roll = Roll::new(&truth.index, "utterance");
        let mut aligner = Aligner::default();
        let mut stopped = Ok(());
        read_lines(submission.single()?, limits, &mut faults, |line, faults| {
            let parse = if self.mode == Mode::Strict { Network::parse_line } else { Network::parse };
            let hypothesis = parse(line.words, self.options.of_hypothesis(self.mode));
            if let Err(error) = hypothesis {
                faults.push_with(|| network_fault(error, line.number, line.words));
            }
            let id = key(line.id, self.options);
            let item = roll.call(&id, || Place::Line(line.number), faults);
            let (Some(item), Ok(hypothesis), Ok(())) = (item, hypothesis, stopped) else { return };
            // The truth was parsed once to be accepted.
            let Ok(reference) = Network::parse(&truth.texts[item], self.options) else { return };
            match aligner.align(&reference, &hypothesis, limits) {
                Ok(counts) => tally.put(item, counts),
                Err(reason) => stopped = Err(reason),
            }
        })?;
        stopped.map_err(Faults::from)?;
        let unscored = roll.missing().count() as u64;
        if self.mode == Mode::Strict {
            roll.close(truth.items.ids(), &mut faults);
        }
        faults.or(())?;
        let mut evidence = tally.evidence("wer", Share::Errors);
        if self.mode == Mode::Reference {
            evidence.note("utterances_not_scored", unscored, "utterances without a line are not scored");
        }
        Ok(evidence)
    }
}
