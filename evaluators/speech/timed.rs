//! Words with times, handed to the segments of a recording in the manner of sclite.

use std::ops::Range;

use sdk::{Param, ParamKind, ParamValue, Params};

/// A stretch of a recording with what is said in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Span {
    pub(crate) begin: f64,
    pub(crate) end: f64,
}

/// When a word of a submission is said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Timing {
    pub(crate) begin: f64,
    pub(crate) duration: f64,
}

/// What becomes of segments before the first and behind the last word of a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SilentEnds {
    /// Their words are deletions.
    Deleted,
    /// They are not scored.
    Ignored,
}

impl SilentEnds {
    const NAME: &'static str = "silent_ends";

    pub(crate) fn param(remark: &str) -> Param {
        Param::new(
            Self::NAME,
            ParamKind::Choice { choices: vec!["deleted".to_owned(), "ignored".to_owned()] },
            ParamValue::Text("deleted".to_owned()),
            format!(
                "What becomes of segments that end before the first word of a submission in their recording, or begin \
                 behind the last: their words are `deleted`, or the segments are `ignored` (sclite's option -m ref). \
                 {remark}"
            ),
        )
    }

    pub(crate) fn of(params: &Params) -> Self {
        if params.text(Self::NAME) == Some("ignored") { Self::Ignored } else { Self::Deleted }
    }
}

/// Which words belong to each segment; nothing for a segment that is not scored.
///
/// A word belongs to the first segment that ends behind its middle, and to the last one if there is none such; words are
/// taken in their order, so that none goes back behind another. A recording without words keeps all of its segments.
pub(crate) fn shares(spans: &[Span], words: &[Timing], ends: SilentEnds) -> Vec<Option<Range<usize>>> {
    let outer = words.first().zip(words.last()).filter(|_| ends == SilentEnds::Ignored);
    let mut taken = 0;
    let share = |(position, span): (usize, &Span)| {
        let silent = |(first, last): (&Timing, &Timing)| {
            first.begin >= span.end || last.begin + last.duration <= span.begin
        };
        if outer.is_some_and(silent) {
            return None;
        }
        let start = taken;
        let middle = |word: &Timing| word.begin + word.duration / 2.0;
        taken = if position + 1 == spans.len() {
            words.len()
        } else {
            start + words[start..].iter().take_while(|word| middle(word) < span.end).count()
        };
        Some(start..taken)
    };
    spans.iter().enumerate().map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(spans: &[(f64, f64)]) -> Vec<Span> {
        spans.iter().map(|(begin, end)| Span { begin: *begin, end: *end }).collect()
    }

    fn words(begins: &[f64]) -> Vec<Timing> {
        begins.iter().map(|begin| Timing { begin: *begin, duration: 0.2 }).collect()
    }

    #[test]
    fn a_word_belongs_to_the_first_segment_that_ends_behind_its_middle() {
        let spans = spans(&[(0.0, 1.0), (2.0, 3.0), (5.0, 6.0)]);
        let of = |begins: &[f64]| shares(&spans, &words(begins), SilentEnds::Deleted);
        assert_eq!(of(&[0.1, 0.9, 2.1, 9.0]), [Some(0..1), Some(1..3), Some(3..4)]);
        assert_eq!(of(&[3.1, 0.1]), [Some(0..0), Some(0..0), Some(0..2)]);
        assert_eq!(of(&[]), [Some(0..0), Some(0..0), Some(0..0)]);
    }

    #[test]
    fn silent_ends_may_be_ignored() {
        let spans = spans(&[(0.0, 1.0), (2.0, 3.0), (5.0, 6.0)]);
        let of = |begins: &[f64]| shares(&spans, &words(begins), SilentEnds::Ignored);
        assert_eq!(of(&[2.1]), [None, Some(0..1), None]);
        assert_eq!(of(&[0.1, 5.5]), [Some(0..1), Some(1..1), Some(1..2)]);
        // Between the segments that are left a word may find none.
        assert_eq!(of(&[2.1, 4.0]), [None, Some(0..1), None]);
        assert_eq!(of(&[]), [Some(0..0), Some(0..0), Some(0..0)]);
    }

    #[test]
    fn without_segments_there_is_nothing_to_share() {
        assert_eq!(shares(&[], &words(&[1.0]), SilentEnds::Deleted), []);
    }
}
