//! Stretches of time, and who speaks in them.

/// Stretches that are not longer than this, in seconds, are none.
const PRECISION: f64 = 1e-6;

/// A stretch of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stretch {
    pub(crate) begin: f64,
    pub(crate) end: f64,
}

/// Somebody speaks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Turn {
    pub(crate) stretch: Stretch,
    /// Who, as a position among the speakers of a recording in the order of their names.
    pub(crate) speaker: u32,
}

impl Stretch {
    pub(crate) fn is_empty(self) -> bool {
        let long_enough = self.end - self.begin > PRECISION;
        !long_enough
    }

    pub(crate) fn duration(self) -> f64 {
        self.end - self.begin
    }

    /// What both have in common, unless it is nothing.
    pub(crate) fn common(self, other: Self) -> Option<Self> {
        let common = Self { begin: self.begin.max(other.begin), end: self.end.min(other.end) };
        (!common.is_empty()).then_some(common)
    }

    fn order(&self, other: &Self) -> std::cmp::Ordering {
        self.begin.total_cmp(&other.begin).then(self.end.total_cmp(&other.end))
    }
}

/// The turns that are long enough, in the order of their beginnings, then ends.
pub(crate) fn in_order(mut turns: Vec<Turn>) -> Vec<Turn> {
    turns.retain(|turn| !turn.stretch.is_empty());
    turns.sort_by(|one, other| one.stretch.order(&other.stretch));
    turns
}

/// Time that is covered: stretches in order with gaps between them.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Cover(Vec<Stretch>);

impl Cover {
    /// What the stretches cover together.
    pub(crate) fn of(stretches: impl IntoIterator<Item = Stretch>) -> Self {
        let mut stretches: Vec<Stretch> =
            stretches.into_iter().filter(|stretch| !stretch.is_empty()).collect();
        stretches.sort_by(Stretch::order);
        let mut cover: Vec<Stretch> = Vec::with_capacity(stretches.len());
        for stretch in stretches {
            match cover.last_mut() {
                Some(last) if stretch.begin - last.end <= PRECISION => last.end = last.end.max(stretch.end),
                _ => cover.push(stretch),
            }
        }
        Self(cover)
    }

    pub(crate) fn stretches(&self) -> &[Stretch] {
        &self.0
    }

    pub(crate) fn duration(&self) -> f64 {
        self.0.iter().map(|stretch| stretch.duration()).sum()
    }

    /// What both cover.
    pub(crate) fn common(&self, other: &Self) -> Self {
        let (mut here, mut there) = (self.0.as_slice(), other.0.as_slice());
        let mut common = Vec::new();
        while let ([one, rest_here @ ..], [another, rest_there @ ..]) = (here, there) {
            common.extend(one.common(*another));
            if one.end <= another.end {
                here = rest_here;
            } else {
                there = rest_there;
            }
        }
        Self::of(common)
    }

    /// What this covers and the other does not.
    pub(crate) fn without(&self, other: &Self) -> Self {
        let mut rest = Vec::new();
        let mut others = other.0.as_slice();
        for stretch in &self.0 {
            while let [first, behind @ ..] = others
                && first.end <= stretch.begin
            {
                others = behind;
            }
            let mut begin = stretch.begin;
            for other in others.iter().take_while(|other| other.begin < stretch.end) {
                if let Some(common) = stretch.common(*other) {
                    rest.push(Stretch { begin, end: common.begin });
                    begin = common.end;
                }
            }
            rest.push(Stretch { begin, end: stretch.end });
        }
        rest.retain(|stretch| !stretch.is_empty());
        Self(rest)
    }

    /// The parts of a stretch that are covered.
    pub(crate) fn parts_of(&self, stretch: Stretch) -> impl Iterator<Item = Stretch> {
        let first = self.0.partition_point(|covered| covered.end <= stretch.begin);
        let covered = self.0[first..].iter().take_while(move |covered| covered.begin < stretch.end);
        covered.filter_map(move |covered| stretch.common(*covered))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cover(stretches: &[(f64, f64)]) -> Cover {
        Cover::of(stretches.iter().map(|(begin, end)| Stretch { begin: *begin, end: *end }))
    }

    #[test]
    fn stretches_without_a_gap_are_one() {
        assert_eq!(cover(&[(3.0, 4.0), (0.0, 1.0), (1.0, 2.0), (0.5, 1.5)]).0.len(), 2);
        assert_eq!(cover(&[(0.0, 1.0), (1.0 + 1e-7, 2.0)]).duration(), 2.0);
        assert_eq!(cover(&[(1.0, 1.0), (2.0, 1.0), (3.0, 3.0 + 1e-7)]), Cover::default());
    }

    #[test]
    fn covers_meet_and_part() {
        let one = cover(&[(0.0, 4.0), (6.0, 10.0)]);
        let other = cover(&[(1.0, 2.0), (3.0, 7.0), (20.0, 21.0)]);
        assert_eq!(one.common(&other), cover(&[(1.0, 2.0), (3.0, 4.0), (6.0, 7.0)]));
        assert_eq!(one.without(&other), cover(&[(0.0, 1.0), (2.0, 3.0), (7.0, 10.0)]));
        assert_eq!(one.without(&Cover::default()), one);
        assert_eq!(other.without(&other), Cover::default());
    }

    #[test]
    fn stretches_are_covered_in_parts() {
        let cover = cover(&[(0.5, 1.5), (9.0, 12.0)]);
        let parts = |begin, end| cover.parts_of(Stretch { begin, end }).collect::<Vec<_>>();
        assert_eq!(parts(0.0, 10.0), [Stretch { begin: 0.5, end: 1.5 }, Stretch { begin: 9.0, end: 10.0 }]);
        assert_eq!((parts(1.5, 9.0), parts(13.0, 14.0)), (Vec::new(), Vec::new()));
    }
}
