//! Small truths: for every evaluator two that differ only in what is held out.

mod classification;
mod detection;
mod forecasting;
mod pose;
mod recognition;
mod regression;
mod retrieval;
mod segmentation;
mod social;
mod speech;
mod temporal;
mod text;
mod tracking;

/// A truth and its twin.
pub(crate) struct Truth {
    /// The evaluators that read it.
    pub(crate) evaluators: &'static [&'static str],
    /// Parameters that are not left at their defaults.
    pub(crate) params: &'static [(&'static str, &'static str)],
    /// The main table.
    pub(crate) main: &'static str,
    /// The main table of the twin: the same items and the same classes, other labels and times.
    pub(crate) twin: &'static str,
    /// A word that stands in both, and that no contestant may learn.
    ///
    /// There is none where all that is held out is which item has which of the public classes.
    pub(crate) canary: Option<&'static str>,
}

/// The word that stands in most truths.
const CANARY: Option<&str> = Some("zanzibar");

/// Every truth; an evaluator may have several with different parameters.
pub(crate) fn all() -> impl Iterator<Item = &'static Truth> {
    let families = [
        temporal::TRUTHS,
        classification::TRUTHS,
        detection::TRUTHS,
        segmentation::TRUTHS,
        retrieval::TRUTHS,
        regression::TRUTHS,
        recognition::TRUTHS,
        tracking::TRUTHS,
        forecasting::TRUTHS,
        social::TRUTHS,
        pose::TRUTHS,
        speech::TRUTHS,
        text::TRUTHS,
    ];
    families.into_iter().flatten()
}
