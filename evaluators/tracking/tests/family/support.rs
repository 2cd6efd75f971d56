//! Small tasks.

use std::borrow::Cow;

use conformance::task::{Values, codes, evaluate_input, values};
use sdk::{Faults, File, Input, Inputs, Mode, Params, Prepared};

/// A folder of files, as text.
pub(crate) fn tree<'a>(files: &[(&'a str, &'a str)]) -> Input<'a> {
    let file = |(name, text): &(&'a str, &'a str)| File {
        name: Cow::Borrowed(*name),
        bytes: Cow::Borrowed(text.as_bytes()),
    };
    Input::tree(files.iter().map(file).collect())
}

/// An evaluator of the family that has read its annotations.
pub(crate) fn try_prepare(
    id: &str,
    main: Input<'_>,
    params: &[(&str, &str)],
    mode: Mode,
) -> Result<Box<dyn Prepared>, Faults> {
    let family = heldout_tracking::evaluators();
    let evaluator = family.iter().find(|evaluator| evaluator.manifest().id == id).unwrap();
    let params = Params::from_pairs(&evaluator.manifest().params, params.iter().copied()).unwrap();
    evaluator.prepare(&Inputs::main_only(main), &params, mode).map_err(|faults| faults.0)
}

/// The same for annotations that are right.
pub(crate) fn prepare(id: &str, main: Input<'_>, params: &[(&str, &str)], mode: Mode) -> Box<dyn Prepared> {
    try_prepare(id, main, params, mode).unwrap()
}

/// The codes of the faults of a submission; none if it is accepted.
pub(crate) fn refusals(prepared: &dyn Prepared, submission: &Input<'_>) -> Vec<&'static str> {
    evaluate_input(prepared, submission).err().map_or(Vec::new(), |faults| codes(&faults))
}

/// The values of a submission that is accepted.
pub(crate) fn scores(prepared: &dyn Prepared, submission: &Input<'_>) -> Values {
    values(&evaluate_input(prepared, submission).unwrap())
}

/// A text as a single file.
pub(crate) fn file(text: &str) -> Input<'_> {
    Input::file("file", text.as_bytes())
}
