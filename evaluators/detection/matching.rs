//! The matching of COCO: the detections of one category in one image against its true objects.

/// A range of areas, both ends included.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AreaRange {
    pub(crate) lowest: f64,
    pub(crate) highest: f64,
}

impl AreaRange {
    /// All areas, small ones, medium ones and large ones, as COCO and LVIS have them.
    pub(crate) fn of_coco() -> [Self; 4] {
        let range = |lowest: f64, highest: f64| Self { lowest: lowest * lowest, highest: highest * highest };
        [range(0.0, 1e5), range(0.0, 32.0), range(32.0, 96.0), range(96.0, 1e5)]
    }

    fn holds(self, area: f64) -> bool {
        (self.lowest..=self.highest).contains(&area)
    }
}

/// What matching needs to know of a true object.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct TrueObject {
    pub(crate) area: f64,
    /// Whether it is neither to be found nor a mistake to find.
    pub(crate) ignored: bool,
    /// Whether it takes any number of detections, and only their own area counts.
    pub(crate) crowd: bool,
    /// Whether its match is lost, as that of an object with the id 0 is in the public code.
    pub(crate) loses_match: bool,
}

impl TrueObject {
    /// Whether it is to be found among the objects of a range.
    pub(crate) fn counts_in(&self, range: AreaRange) -> bool {
        !self.ignored && range.holds(self.area)
    }
}

/// What became of a detection in one range of areas; bit `t` stands for threshold `t`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// It found an object that counts.
    pub(crate) hits: u32,
    /// It is neither right nor wrong.
    pub(crate) ignored: u32,
}

/// Thresholds on similarity and ranges of areas.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    /// At most 32, ascending.
    pub(crate) thresholds: Vec<f64>,
    /// The first holds every object that counts at all.
    pub(crate) ranges: Vec<AreaRange>,
}

impl Rules {
    /// All thresholds, as bits.
    pub(crate) fn all(&self) -> u32 {
        (u32::MAX).checked_shr(32 - self.thresholds.len() as u32).unwrap_or(0)
    }
}

/// The matching, with its working memory.
#[derive(Debug)]
pub(crate) struct Matcher<'r> {
    rules: &'r Rules,
    similarities: Vec<f64>,
    /// The highest similarity of every detection.
    highest: Vec<f64>,
    order: Vec<u32>,
    taken: Vec<u32>,
}

impl<'r> Matcher<'r> {
    pub(crate) fn new(rules: &'r Rules) -> Self {
        Self { rules, similarities: Vec::new(), highest: Vec::new(), order: Vec::new(), taken: Vec::new() }
    }

    /// Matches detections, best first, by their areas and their similarities to the objects.
    ///
    /// At every threshold a detection takes the untaken object that it resembles most and at least so much, of equals the
    /// later one; one that is ignored only if there is no other. A detection without an object is ignored where it is
    /// outside of the range, or `excused`. Outcomes are appended detection by detection, one per range.
    pub(crate) fn match_group(
        &mut self,
        areas: &[f64],
        objects: &[TrueObject],
        excused: bool,
        similarity: impl Fn(usize, usize) -> f64,
        outcomes: &mut Vec<Outcome>,
    ) {
        let first = outcomes.len();
        let ranges = self.rules.ranges.len();
        outcomes.resize(first + areas.len() * ranges, Outcome::default());
        let outcomes = &mut outcomes[first..];
        self.compare(areas.len(), objects.len(), similarity);
        for (number, range) in self.rules.ranges.iter().enumerate() {
            let counting = self.sort_objects(objects, *range);
            for (detection, area) in areas.iter().enumerate() {
                let outcome = &mut outcomes[detection * ranges + number];
                let matched = self.take(detection, objects, counting, outcome);
                if excused || !range.holds(*area) {
                    outcome.ignored |= self.rules.all() & !matched;
                }
            }
        }
    }

    fn compare(&mut self, detections: usize, objects: usize, similarity: impl Fn(usize, usize) -> f64) {
        self.similarities.clear();
        self.highest.clear();
        for detection in 0..detections {
            let mut highest = f64::NEG_INFINITY;
            for object in 0..objects {
                let one = similarity(detection, object);
                highest = highest.max(one);
                self.similarities.push(one);
            }
            self.highest.push(highest);
        }
    }

    /// Puts the objects that count in a range before the others; returns how many there are.
    fn sort_objects(&mut self, objects: &[TrueObject], range: AreaRange) -> usize {
        let numbered = || objects.iter().zip(0_u32..);
        self.order.clear();
        self.order.extend(numbered().filter(|(object, _)| object.counts_in(range)).map(|(_, at)| at));
        let counting = self.order.len();
        self.order.extend(numbered().filter(|(object, _)| !object.counts_in(range)).map(|(_, at)| at));
        self.taken.clear();
        self.taken.resize(objects.len(), 0);
        counting
    }

    /// Takes an object at every threshold where one is left; returns at which.
    fn take(
        &mut self,
        detection: usize,
        objects: &[TrueObject],
        counting: usize,
        outcome: &mut Outcome,
    ) -> u32 {
        let row = &self.similarities[detection * objects.len()..];
        let mut matched = 0;
        for (bit, threshold) in self.rules.thresholds.iter().enumerate() {
            // One similarity short of 1 by rounding is as good as 1, in the public code and here.
            let threshold = threshold.min(1.0 - 1e-10);
            if self.highest[detection] < threshold {
                break;
            }
            let bit = 1_u32 << bit;
            let (mut best, mut found) = (threshold, None);
            for (position, object) in self.order.iter().enumerate() {
                if position == counting && found.is_some() {
                    break;
                }
                let at = *object as usize;
                let free = self.taken[at] & bit == 0 || objects[at].crowd;
                if free && row[at] >= best {
                    best = row[at];
                    found = Some((position, at));
                }
            }
            let Some((position, at)) = found else {
                continue;
            };
            self.taken[at] |= bit;
            let counts = !objects[at].loses_match;
            if counts {
                matched |= bit;
            }
            if position >= counting {
                outcome.ignored |= bit;
            } else if counts {
                outcome.hits |= bit;
            }
        }
        matched
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERYTHING: AreaRange = AreaRange { lowest: 0.0, highest: 1e10 };
    const SMALL: AreaRange = AreaRange { lowest: 0.0, highest: 100.0 };

    fn outcomes(objects: &[TrueObject], similarities: &[&[f64]], excused: bool) -> Vec<[(u32, u32); 2]> {
        let rules = Rules { thresholds: vec![0.5, 0.75], ranges: vec![EVERYTHING, SMALL] };
        let mut outcomes = Vec::new();
        let areas = vec![1000.0; similarities.len()];
        let similarity = |detection: usize, object: usize| similarities[detection][object];
        Matcher::new(&rules).match_group(&areas, objects, excused, similarity, &mut outcomes);
        outcomes
            .chunks(2)
            .map(|pair| [0, 1].map(|range: usize| (pair[range].hits, pair[range].ignored)))
            .collect()
    }

    fn object(area: f64) -> TrueObject {
        TrueObject { area, ..TrueObject::default() }
    }

    #[test]
    fn the_most_similar_free_object_is_taken_and_of_equals_the_later_one() {
        let objects = [object(50.0), object(50.0), object(50.0)];
        // The first takes the third object; the second finds the second, and only at the lower threshold.
        let found = outcomes(&objects, &[&[0.6, 0.9, 0.9], &[0.2, 0.6, 0.8], &[0.1, 0.7, 0.8]], false);
        assert_eq!(found, [[(3, 0), (3, 0)], [(1, 0), (1, 2)], [(0, 0), (0, 3)]]);
    }

    #[test]
    fn a_crowd_takes_what_finds_nothing_else() {
        let crowd = TrueObject { area: 50.0, ignored: true, crowd: true, ..TrueObject::default() };
        let found = outcomes(&[crowd, object(50.0)], &[&[0.9, 0.6], &[0.9, 0.0], &[0.9, 0.0]], false);
        assert_eq!(found, [[(1, 2), (1, 2)], [(0, 3), (0, 3)], [(0, 3), (0, 3)]]);
    }

    #[test]
    fn an_object_outside_of_the_range_excuses_its_detection() {
        let found = outcomes(&[object(1000.0)], &[&[0.6], &[0.6]], false);
        assert_eq!(found, [[(1, 0), (0, 3)], [(0, 0), (0, 3)]]);
    }

    #[test]
    fn in_categories_that_are_not_exhaustive_a_detection_without_object_is_excused() {
        let found = outcomes(&[object(50.0)], &[&[0.6], &[0.4]], true);
        assert_eq!(found, [[(1, 2), (1, 2)], [(0, 3), (0, 3)]]);
    }

    #[test]
    fn a_lost_match_is_a_mistake_and_still_takes_the_object() {
        let zero = TrueObject { loses_match: true, ..object(50.0) };
        assert_eq!(outcomes(&[zero], &[&[0.6], &[0.6]], false)[0], [(0, 0), (0, 3)]);
    }
}
