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

    /// The parts of turns that are covered; the turns are in order.
    pub(crate) fn crop(&self, turns: &[Turn]) -> Vec<Turn> {
        let mut cropped = Vec::with_capacity(turns.len());
        let mut first = 0;
        for turn in turns {
            // Turns begin in order, so that what ends before this one is done with.
            while self.0.get(first).is_some_and(|stretch| stretch.end <= turn.stretch.begin) {
                first += 1;
            }
            for stretch in self.0[first..].iter().take_while(|stretch| stretch.begin < turn.stretch.end) {
                cropped.extend(
                    turn.stretch.common(*stretch).map(|stretch| Turn { stretch, speaker: turn.speaker }),
                );
            }
        }
        in_order(cropped)
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
    fn turns_are_cropped_into_parts() {
        let turn = |begin, end| Turn { stretch: Stretch { begin, end }, speaker: 1 };
        let turns = [turn(0.0, 10.0), turn(1.0, 2.0)];
        let cropped = cover(&[(0.5, 1.5), (9.0, 12.0)]).crop(&turns);
        assert_eq!(cropped, [turn(0.5, 1.5), turn(1.0, 1.5), turn(9.0, 10.0)]);
    }
}
