//! Masks of one object as bits, 64 pixels to a word: counts, boundaries and dilation work on whole words.

/// The pixels of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mask {
    width: usize,
    height: usize,
    /// Words of a row.
    stride: usize,
    /// Row by row; bit `x % 64` of word `x / 64` is the pixel in column `x`, and bits beyond the width are zero.
    words: Vec<u64>,
}

const BITS: usize = u64::BITS as usize;

impl Mask {
    /// A mask without a pixel.
    pub(crate) fn empty(width: usize, height: usize) -> Self {
        let stride = width.div_ceil(BITS);
        Self { width, height, stride, words: vec![0; stride * height] }
    }

    /// Width and height.
    pub(crate) fn size(&self) -> (usize, usize) {
        (self.width, self.height)
    }

    /// Whether the pixel belongs to the object.
    #[cfg(test)]
    pub(crate) fn has(&self, x: usize, y: usize) -> bool {
        self.words[y * self.stride + x / BITS] >> (x % BITS) & 1 == 1
    }

    /// Adds the pixels of a row from `start` up to but without `end`.
    pub(crate) fn fill_row(&mut self, y: usize, start: usize, end: usize) {
        let row = &mut self.words[y * self.stride..(y + 1) * self.stride];
        let mut at = start;
        while at < end {
            let word = at / BITS;
            let last = end.min((word + 1) * BITS);
            row[word] |= (u64::MAX >> (BITS - (last - at))) << (at % BITS);
            at = last;
        }
    }

    /// Adds the pixels that a run in row order covers, `start` counted from the upper left corner.
    pub(crate) fn fill_run(&mut self, start: usize, length: usize) {
        let (mut at, end) = (start, start + length);
        while at < end {
            let (y, x) = (at / self.width, at % self.width);
            let last = end.min((y + 1) * self.width);
            self.fill_row(y, x, x + last - at);
            at = last;
        }
    }

    /// Adds the pixels that a run in column order covers.
    pub(crate) fn fill_column_run(&mut self, start: usize, length: usize) {
        let (mut at, end) = (start, start + length);
        while at < end {
            let (x, y) = (at / self.height, at % self.height);
            let last = end.min((x + 1) * self.height);
            let bit = 1 << (x % BITS);
            for row in y..y + last - at {
                self.words[row * self.stride + x / BITS] |= bit;
            }
            at = last;
        }
    }

    /// How many pixels there are.
    pub(crate) fn count(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// How many pixels both have, and how many at least one has.
    pub(crate) fn overlap(&self, other: &Self) -> (u64, u64) {
        let pairs = self.words.iter().zip(&other.words);
        pairs.fold((0, 0), |(both, any), (a, b)| {
            (both + u64::from((a & b).count_ones()), any + u64::from((a | b).count_ones()))
        })
    }

    /// The rows that have a pixel, as a range.
    fn rows(&self) -> std::ops::Range<usize> {
        let used = |row: &&[u64]| row.iter().any(|word| *word != 0);
        let mut rows = self.words.chunks_exact(self.stride.max(1));
        let Some(first) = rows.position(|row| used(&row)) else { return 0..0 };
        let last = self.words.chunks_exact(self.stride).rposition(|row| used(&row)).unwrap_or(first);
        first..last + 1
    }

    /// The smallest and largest column and row that have a pixel.
    pub(crate) fn bounds(&self) -> Option<Bounds> {
        let rows = self.rows();
        if rows.is_empty() {
            return None;
        }
        let (mut left, mut right) = (usize::MAX, 0);
        for row in self.words[rows.start * self.stride..rows.end * self.stride].chunks_exact(self.stride) {
            if let Some(word) = row.iter().position(|word| *word != 0) {
                left = left.min(word * BITS + row[word].trailing_zeros() as usize);
            }
            if let Some(word) = row.iter().rposition(|word| *word != 0) {
                right = right.max(word * BITS + BITS - 1 - row[word].leading_zeros() as usize);
            }
        }
        Some(Bounds { left, right, top: rows.start, bottom: rows.end - 1 })
    }

    /// The pixels that differ from the one to the right, below, or both; where there is none, it does not count.
    ///
    /// In the last row only the one to the right counts, in the last column only the one below; the last corner never
    /// is a boundary. So the boundary lies half a pixel up and left of where the object ends.
    pub(crate) fn boundary(&self) -> Self {
        let mut boundary = Self::empty(self.width, self.height);
        let stride = self.stride;
        if self.words.is_empty() {
            return boundary;
        }
        let last_word = (self.width - 1) / BITS;
        let last_bit = 1_u64 << ((self.width - 1) % BITS);
        // The pixel to the right of each pixel of a word.
        let right = |row: &[u64], word: usize| {
            row[word] >> 1 | row.get(word + 1).map_or(0, |next| next << (BITS - 1))
        };
        let rows = self.rows();
        for y in rows.start.saturating_sub(1)..rows.end {
            let row = &self.words[y * stride..(y + 1) * stride];
            let below = self.words.get((y + 1) * stride..(y + 2) * stride);
            for word in 0..stride {
                let own = row[word];
                let mut edge = own ^ right(row, word);
                if let Some(below) = below {
                    edge |= own ^ below[word];
                    edge |= own ^ right(below, word);
                }
                if word == last_word {
                    // Of the last column only the pixel below counts.
                    let differs = below.map_or(0, |below| (own ^ below[word]) & last_bit);
                    edge = edge & (last_bit - 1) | differs;
                }
                boundary.words[y * stride + word] = edge;
            }
        }
        boundary
    }

    /// Whether pixels lie within a distance of pixels of another mask: the pixels of `self` that do, as a count.
    ///
    /// The same as the overlap with the other mask dilated by a disk of that radius.
    pub(crate) fn count_near(&self, other: &Self, radius: usize) -> u64 {
        let dilated = other.dilated(radius);
        self.overlap(&dilated).0
    }

    /// The pixels within a distance of a pixel.
    pub(crate) fn dilated(&self, radius: usize) -> Self {
        let mut dilated = Self::empty(self.width, self.height);
        let rows = self.rows();
        if rows.is_empty() {
            return dilated;
        }
        let stride = self.stride;
        // For every distance of rows, how far the disk reaches to both sides.
        let reach: Vec<usize> = (0..=radius).map(|rows| (radius * radius - rows * rows).isqrt()).collect();
        let (mut widened, mut next) = (vec![0; stride], vec![0; stride]);
        for y in rows {
            let row = &self.words[y * stride..(y + 1) * stride];
            if row.iter().all(|word| *word == 0) {
                continue;
            }
            // From the outermost rows of the disk inwards it only becomes wider.
            widened.copy_from_slice(row);
            let mut width = 0;
            for distance in (0..=radius).rev() {
                while width < reach[distance] {
                    widen(&widened, &mut next);
                    std::mem::swap(&mut widened, &mut next);
                    width += 1;
                }
                let above = y.checked_sub(distance);
                let below = Some(y + distance).filter(|below| *below < self.height && distance > 0);
                for target in above.into_iter().chain(below) {
                    let target = &mut dilated.words[target * stride..(target + 1) * stride];
                    target.iter_mut().zip(&widened).for_each(|(target, word)| *target |= word);
                }
            }
        }
        dilated.clear_beyond_width();
        dilated
    }

    fn clear_beyond_width(&mut self) {
        let used = self.width % BITS;
        if used > 0 {
            let kept = (1 << used) - 1;
            self.words.iter_mut().skip(self.stride - 1).step_by(self.stride).for_each(|word| *word &= kept);
        }
    }
}

/// A row with the neighbours to both sides of every pixel.
fn widen(row: &[u64], widened: &mut [u64]) {
    for word in 0..row.len() {
        let before = if word == 0 { 0 } else { row[word - 1] >> (BITS - 1) };
        let after = row.get(word + 1).map_or(0, |next| next << (BITS - 1));
        widened[word] = row[word] | row[word] << 1 | before | row[word] >> 1 | after;
    }
}

/// The smallest rectangle around an object, its last column and row included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) left: usize,
    pub(crate) right: usize,
    pub(crate) top: usize,
    pub(crate) bottom: usize,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Masks as sets of pixels, in the words of the reference.
    #[derive(Debug, Clone)]
    struct Naive {
        width: usize,
        height: usize,
        pixels: Vec<bool>,
    }

    impl Naive {
        fn at(&self, x: usize, y: usize) -> bool {
            self.pixels[y * self.width + x]
        }

        fn mask(&self) -> Mask {
            let mut mask = Mask::empty(self.width, self.height);
            for (at, _) in self.pixels.iter().enumerate().filter(|(_, pixel)| **pixel) {
                mask.fill_run(at, 1);
            }
            mask
        }

        fn of(width: usize, height: usize, pixel: impl Fn(usize, usize) -> bool) -> Self {
            let pixels = (0..width * height).map(|at| pixel(at % width, at / width)).collect();
            Self { width, height, pixels }
        }

        fn boundary(&self) -> Self {
            let (right, below) = (self.width - 1, self.height - 1);
            Self::of(self.width, self.height, |x, y| {
                let own = self.at(x, y);
                match (x == right, y == below) {
                    (true, true) => false,
                    (true, false) => own != self.at(x, y + 1),
                    (false, true) => own != self.at(x + 1, y),
                    (false, false) => {
                        own != self.at(x + 1, y) || own != self.at(x, y + 1) || own != self.at(x + 1, y + 1)
                    }
                }
            })
        }

        fn dilated(&self, radius: usize) -> Self {
            let near = |a: usize, b: usize| a.abs_diff(b).pow(2);
            Self::of(self.width, self.height, |x, y| {
                let mut all = (0..self.width).flat_map(|x| (0..self.height).map(move |y| (x, y)));
                all.any(|(u, v)| self.at(u, v) && near(x, u) + near(y, v) <= radius * radius)
            })
        }
    }

    fn naive() -> impl Strategy<Value = Naive> {
        (prop_oneof![1..12_usize, 60..68_usize, 126..131_usize], 1..9_usize, 1..100_u8).prop_flat_map(
            |(width, height, percent)| {
                let pixel = prop::bool::weighted(f64::from(percent) / 100.0);
                let pixels = prop::collection::vec(pixel, width * height);
                pixels.prop_map(move |pixels| Naive { width, height, pixels })
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn boundaries_are_those_of_single_pixels(naive in naive()) {
            prop_assert_eq!(naive.mask().boundary(), naive.boundary().mask());
        }

        #[test]
        fn dilation_is_by_a_disk(naive in naive(), radius in 0..6_usize) {
            prop_assert_eq!(naive.mask().dilated(radius), naive.dilated(radius).mask());
        }

        #[test]
        fn counts_and_bounds_are_those_of_single_pixels(naive in naive()) {
            let mask = naive.mask();
            let pixels: Vec<(usize, usize)> = (0..naive.width * naive.height)
                .map(|at| (at % naive.width, at / naive.width))
                .filter(|(x, y)| naive.at(*x, *y))
                .collect();
            prop_assert_eq!(mask.count(), pixels.len() as u64);
            let bounds = mask.bounds();
            prop_assert_eq!(bounds.map(|bounds| bounds.left), pixels.iter().map(|(x, _)| *x).min());
            prop_assert_eq!(bounds.map(|bounds| bounds.right), pixels.iter().map(|(x, _)| *x).max());
            prop_assert_eq!(bounds.map(|bounds| bounds.top), pixels.iter().map(|(_, y)| *y).min());
            prop_assert_eq!(bounds.map(|bounds| bounds.bottom), pixels.iter().map(|(_, y)| *y).max());
        }

        #[test]
        fn runs_cover_what_they_say(
            (width, height) in (1..70_usize, 1..9_usize),
            start in any::<prop::sample::Index>(),
            length in any::<prop::sample::Index>(),
        ) {
            let start = start.index(width * height);
            let length = length.index(width * height - start + 1);
            let covered = |at: usize| (start..start + length).contains(&at);
            let (mut rows, mut columns) = (Mask::empty(width, height), Mask::empty(width, height));
            rows.fill_run(start, length);
            columns.fill_column_run(start, length);
            for (x, y) in (0..width).flat_map(|x| (0..height).map(move |y| (x, y))) {
                prop_assert_eq!(rows.has(x, y), covered(y * width + x));
                prop_assert_eq!(columns.has(x, y), covered(x * height + y));
            }
        }
    }
}
