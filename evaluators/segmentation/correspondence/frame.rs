//! The frames in which masks are compared: the longer side has 480 pixels.

use std::collections::BTreeSet;

use sdk::Mode;

use super::annotations::Takes;
use crate::mask::Mask;
use crate::rle::Rle;

/// The longer side of a frame.
pub(super) const SIDE: usize = 480;

/// The sizes of frames.
#[derive(Debug)]
pub(super) struct Frames {
    /// Of all cameras, and the square that a padded frame has.
    sizes: BTreeSet<(usize, usize)>,
}

impl Frames {
    /// The sizes that annotations tell.
    pub(super) fn of(takes: &Takes) -> Self {
        let objects = takes.takes.iter().flat_map(|take| &take.objects);
        let known = objects.flat_map(|object| &object.cameras).filter_map(|camera| camera.size);
        let sizes = known.map(|(width, height)| scaled_size(width, height));
        Self { sizes: sizes.chain([(SIDE, SIDE)]).collect() }
    }

    /// Whether frames of some camera have that size, padded to a square or not.
    ///
    /// Which camera does not matter: otherwise an answer would tell where an object was ever seen.
    pub(super) fn has(&self, size: (usize, usize)) -> bool {
        self.sizes.contains(&size)
    }

    /// All sizes, for a message.
    pub(super) fn listed(&self) -> String {
        let sizes = self.sizes.iter().take(6);
        sizes.map(|(width, height)| format!("[{height}, {width}]")).collect::<Vec<_>>().join(", ")
    }
}

/// The size of a frame whose longer side is scaled to [`SIDE`], rounded down as the public code does.
pub(super) fn scaled_size(width: usize, height: usize) -> (usize, usize) {
    let longer = width.max(height) as f64;
    let ratio = 1.0 / longer * SIDE as f64;
    let side = |side: usize| ((side as f64 * ratio) as usize).max(1);
    (side(width), side(height))
}

/// A mask at the size of scoring, every pixel taken from the nearest one up and left.
pub(super) fn scaled(mask: &Rle) -> Rle {
    let (width, height) = scaled_size(mask.width, mask.height);
    let columns = first_at_or_after(mask.width, width);
    let rows = first_at_or_after(mask.height, height);
    let runs = mask.runs().flat_map(|(start, end)| {
        let (first, last) = (start / mask.height, (end - 1) / mask.height);
        let (columns, rows) = (&columns, &rows);
        // A run covers columns whole but for the first and the last one.
        (first..=last).flat_map(move |column| {
            let top = if column == first { start % mask.height } else { 0 };
            let bottom = if column == last { (end - 1) % mask.height + 1 } else { mask.height };
            let run = (rows[top], rows[bottom]);
            (columns[column]..columns[column + 1])
                .filter(move |_| run.0 < run.1)
                .map(move |x| (x * height + run.0, x * height + run.1))
        })
    });
    let mut runs: Vec<(usize, usize)> = runs.collect();
    // Enlarged, a column becomes several: their runs come after one another, and not run after run.
    runs.sort_unstable();
    Rle::of_runs((width, height), runs.into_iter())
}

/// For every place of the source, and for its end, the first place of the target that is taken from there or later.
fn first_at_or_after(source: usize, target: usize) -> Vec<usize> {
    // In the order of operations of the public code, whose rounding decides at the borders.
    let ratio = 1.0 / (target as f64 / source as f64);
    let taken = |place: usize| ((place as f64 * ratio) as usize).min(source - 1);
    let mut first = Vec::with_capacity(source + 1);
    let mut place = 0;
    for at in 0..=source {
        while place < target && taken(place) < at {
            place += 1;
        }
        first.push(place);
    }
    first
}

/// A predicted mask in a frame of the wanted size: as it is, or without the margins that pad the frame to a square.
///
/// A mask of a frame of another camera has no pixel here.
pub(super) fn fitted(predicted: &Rle, (width, height): (usize, usize)) -> Mask {
    let mask = predicted.mask();
    if mask.size() == (width, height) {
        return mask;
    }
    if (predicted.width, predicted.height) != (SIDE, SIDE) {
        return Mask::empty(width, height);
    }
    let (left, top) = ((SIDE - width) / 2, (SIDE - height) / 2);
    let mut cut = Mask::empty(width, height);
    for (start, end) in predicted.runs() {
        for x in start / SIDE..=(end - 1) / SIDE {
            let from = start.max(x * SIDE).max(x * SIDE + top) - x * SIDE;
            let to = end.min((x + 1) * SIDE).min(x * SIDE + top + height).saturating_sub(x * SIDE);
            if (left..left + width).contains(&x) && from < to {
                cut.fill_column_run((x - left) * height + from - top, to - from);
            }
        }
    }
    cut
}

/// The centre of the rectangle around a mask; of an empty one, the centre of the frame.
///
/// For empty masks the public code takes the two coordinates of that centre for each other.
pub(super) fn centre(mask: &Mask, mode: Mode) -> (i64, i64) {
    let (width, height) = mask.size();
    let (x, y) = match (mask.bounds(), mode) {
        (Some(bounds), _) => ((bounds.left + bounds.right) / 2, (bounds.top + bounds.bottom) / 2),
        (None, Mode::Strict) => (width / 2, height / 2),
        // A margin of the height on all sides lies around it there.
        (None, Mode::Reference) => (3 * height / 2 - height, width / 2),
    };
    (x as i64, y as i64)
}
