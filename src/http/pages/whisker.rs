//! A score with its interval as a dot on a line, on the scale of its board.

use app::leaderboards::BoardRow;

/// The length of the scale, in the units of the drawing.
const LENGTH: f64 = 120.0;

/// What is left free at each end, for half a dot.
const MARGIN: f64 = 5.0;

/// One row's drawing, in the units of its view box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Whisker {
    /// Where the interval begins.
    pub(super) from: String,
    /// Where it ends.
    pub(super) to: String,
    /// Where the score stands.
    pub(super) at: String,
}

/// The scale that all rows of a board share.
#[derive(Debug, Clone, Copy)]
pub(super) struct BoardScale {
    least: f64,
    most: f64,
}

impl BoardScale {
    /// From the least to the greatest that any row reaches; nothing where no row has an interval.
    pub(super) fn of(rows: &[BoardRow]) -> Option<Self> {
        let reached = || rows.iter().filter_map(reach);
        let least = reached().map(|[from, _, at]| from.min(at)).reduce(f64::min)?;
        let most = reached().map(|[_, to, at]| to.max(at)).reduce(f64::max)?;
        (least < most).then_some(Self { least, most })
    }

    /// The drawing of a row that has an interval.
    pub(super) fn whisker(self, row: &BoardRow) -> Option<Whisker> {
        let [from, to, at] = reach(row)?.map(|value| self.place(value));
        Some(Whisker { from, to, at })
    }

    fn place(self, value: f64) -> String {
        let share = (value - self.least) / (self.most - self.least);
        format!("{:.1}", MARGIN + share * (LENGTH - 2.0 * MARGIN))
    }
}

/// The ends of the interval, and the score.
fn reach(row: &BoardRow) -> Option<[f64; 3]> {
    let interval = row.statistics.as_ref()?.interval?;
    let at = row.scores.first().copied().flatten()?;
    Some([interval.lower, interval.upper, at])
}

#[cfg(test)]
mod tests {
    use super::BoardScale;

    #[test]
    fn the_ends_of_the_scale_are_the_ends_of_the_drawing() {
        let scale = BoardScale { least: -1.0, most: 3.0 };
        assert_eq!([-1.0, 1.0, 3.0].map(|value| scale.place(value)), ["5.0", "60.0", "115.0"]);
    }
}
