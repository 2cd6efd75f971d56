//! Predicted segments that are no stretch of a video: they end before they start, or start before 0.

use sdk::primitives::segment::Segment;
use sdk::{Code, Fault, JsonReader, Mode, Param, ParamKind, ParamValue, Params};

use crate::matching::NanRule;

/// The name of the parameter.
const NAME: &str = "out_of_range_segments";

/// What becomes of a segment that is out of range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OutOfRange {
    /// It is a fault.
    Refuse,
    /// It is kept; reversed it overlaps nothing and is a false positive.
    Miss,
    /// It is kept and overlaps as the public code computes it.
    AsPublicCode,
}

impl OutOfRange {
    const CHOICES: [(&str, Self); 3] =
        [("refuse", Self::Refuse), ("miss", Self::Miss), ("as_public_code", Self::AsPublicCode)];

    /// The choice of an organizer; the reference mode always follows the public code.
    pub(crate) fn of(params: &Params, mode: Mode) -> Self {
        let chosen = Self::CHOICES.iter().find(|(name, _)| params.text(NAME) == Some(name));
        match (mode, chosen) {
            (Mode::Strict, Some((_, choice))) => *choice,
            (Mode::Strict, None) => Self::Refuse,
            (Mode::Reference, _) => Self::AsPublicCode,
        }
    }

    /// The parameter.
    pub(crate) fn param(default: Self) -> Param {
        let name_of =
            |choice: Self| Self::CHOICES.iter().find(|(_, one)| *one == choice).map_or("", |(name, _)| name);
        Param::new(
            NAME,
            ParamKind::Choice { choices: Self::CHOICES.iter().map(|(name, _)| (*name).to_owned()).collect() },
            ParamValue::Text(name_of(default).to_owned()),
            "what becomes of a segment that ends before it starts, or starts before 0: `refuse` makes it a fault; `miss` \
             keeps it, and reversed it overlaps nothing; `as_public_code` keeps it, and a reversed one whose length and \
             that of a true segment of the video cancel out (0 / 0) is a true positive",
        )
    }

    /// When an overlap of 0 / 0 matches.
    pub(crate) fn nan_rule(self, mode: Mode) -> NanRule {
        match (mode, self) {
            (Mode::Reference, _) => NanRule::Always,
            (Mode::Strict, Self::AsPublicCode) => NanRule::ForReversed,
            (Mode::Strict, Self::Refuse | Self::Miss) => NanRule::Never,
        }
    }

    /// Records a segment that is out of range as a fault, where it is one.
    pub(crate) fn look_at(self, reader: &mut JsonReader<'_, '_>, [start, end]: Segment) {
        if self != Self::Refuse {
            return;
        }
        if end < start {
            refuse_reversed(reader, [start, end]);
        } else if start < 0.0 {
            reader.fault_with(|| {
                Fault::whole(
                    Code::OutOfRange,
                    "the segment starts before the video",
                    "0 <= start <= end",
                    format!("[{start}, {end}]"),
                )
            });
        }
    }
}

/// Records a segment that ends before it starts as a fault.
pub(crate) fn refuse_reversed(reader: &mut JsonReader<'_, '_>, [start, end]: Segment) {
    reader.fault_with(|| {
        let found = format!("[{start}, {end}]");
        Fault::whole(Code::OutOfRange, "the segment ends before it starts", "start <= end", found)
            .hint("a segment is [start, end], both in seconds, not a start and a duration")
    });
}
