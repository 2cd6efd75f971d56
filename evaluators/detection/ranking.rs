//! From matched detections to evidence: categories, ranked by score, over ranges of areas.

use std::ops::Range;

use sdk::evidence::CurveClass;
use sdk::limits::{Limits, Stopped};

use crate::matching::{Matcher, Outcome, Rules, TrueObject};

/// True objects in the order of categories, images, and the file.
#[derive(Debug, Default)]
pub(crate) struct Objects {
    /// What matching needs to know of each.
    pub(crate) list: Vec<TrueObject>,
    /// Per category the images with objects, ascending, and which objects these are.
    pub(crate) of_category: Vec<Vec<(u32, Range<usize>)>>,
}

/// Detections in the order of the file, column by column.
#[derive(Debug, Default)]
pub(crate) struct Detections {
    pub(crate) images: Vec<u32>,
    pub(crate) categories: Vec<u32>,
    pub(crate) scores: Vec<f64>,
    pub(crate) areas: Vec<f64>,
}

impl Detections {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.images.len()
    }
}

/// What detections are ranked by.
pub(crate) struct Ranking<'a> {
    pub(crate) rules: &'a Rules,
    /// The names of the categories.
    pub(crate) names: &'a [String],
    /// How many images there are.
    pub(crate) images: usize,
    pub(crate) objects: &'a Objects,
    /// How many detections of one category count in one image.
    pub(crate) most: usize,
    /// Recall is also measured with only so many detections of one category in one image.
    pub(crate) fewer: &'a [usize],
    /// Whether detections of a category in an image that find nothing are excused.
    pub(crate) excused: &'a (dyn Fn(u32, u32) -> bool + Sync),
}

/// The categories of one submission, ready to be scored.
#[derive(Debug, Default)]
pub(crate) struct Ranked {
    /// Per range of areas, per category: what counts, best first.
    pub(crate) ranges: Vec<Vec<CurveClass>>,
    /// Per category: the hits among fewer detections, `thresholds` bits for each of the smaller numbers.
    pub(crate) fewer: Vec<CurveClass>,
}

/// A detection of the category at hand.
struct Row {
    /// Descending scores are ascending keys.
    key: u64,
    image: u32,
    /// Its place among the detections of its image.
    rank: u32,
    /// Its number among the rows, in the order of images.
    number: u32,
}

impl Ranking<'_> {
    /// Matches and ranks the `chosen` detections, which are in the order of the file.
    pub(crate) fn rank(
        &self,
        detections: &Detections,
        chosen: Vec<u32>,
        similarity: impl Fn(usize, usize) -> f64,
        limits: &Limits,
    ) -> Result<Ranked, Stopped> {
        let by_image = sorted_by(&chosen, &detections.images, self.images);
        let sorted = sorted_by(&by_image, &detections.categories, self.names.len());
        drop((chosen, by_image));
        let mut ranked = Ranked { ranges: vec![Vec::new(); self.rules.ranges.len()], fewer: Vec::new() };
        let mut category = Category { ranking: self, matcher: Matcher::new(self.rules), rows: Vec::new() };
        let mut start = 0;
        for number in 0..self.names.len() {
            let rest = &sorted[start..];
            let count = rest.partition_point(|one| detections.categories[*one as usize] as usize <= number);
            category.rank(number, &rest[..count], detections, &similarity, &mut ranked, limits)?;
            start += count;
        }
        Ok(ranked)
    }
}

/// Sorts by a column of small numbers; what is equal stays in its order.
fn sorted_by(chosen: &[u32], column: &[u32], numbers: usize) -> Vec<u32> {
    let mut ends = vec![0_usize; numbers + 1];
    for one in chosen {
        ends[column[*one as usize] as usize + 1] += 1;
    }
    for number in 1..ends.len() {
        ends[number] += ends[number - 1];
    }
    let mut sorted = vec![0; chosen.len()];
    for one in chosen {
        let place = &mut ends[column[*one as usize] as usize];
        sorted[*place] = *one;
        *place += 1;
    }
    sorted
}

/// A number that ascends as the score descends; the two zeros are equal.
pub(crate) fn descending(score: f64) -> u64 {
    let bits = (score + 0.0).to_bits();
    let ascending = if bits >> 63 == 1 { !bits } else { bits | 1 << 63 };
    !ascending
}

struct Category<'a, 'r> {
    ranking: &'a Ranking<'r>,
    matcher: Matcher<'a>,
    rows: Vec<Row>,
}

impl Category<'_, '_> {
    fn rank(
        &mut self,
        number: usize,
        sorted: &[u32],
        detections: &Detections,
        similarity: &impl Fn(usize, usize) -> f64,
        ranked: &mut Ranked,
        limits: &Limits,
    ) -> Result<(), Stopped> {
        let mut outcomes = Vec::new();
        self.rows.clear();
        let mut of_images = self.ranking.objects.of_category[number].iter().peekable();
        let (mut group, mut areas) = (Vec::new(), Vec::new());
        for of_image in
            sorted.chunk_by(|a, b| detections.images[*a as usize] == detections.images[*b as usize])
        {
            // One image can hold a hundred masks of many thousand runs.
            limits.check()?;
            let image = detections.images[of_image[0] as usize];
            group.clear();
            group.extend_from_slice(of_image);
            group.sort_by_key(|one| descending(detections.scores[*one as usize]));
            group.truncate(self.ranking.most);
            while of_images.next_if(|(other, _)| *other < image).is_some() {}
            let objects = of_images.peek().filter(|(other, _)| *other == image);
            let objects = objects.map_or(0..0, |(_, objects)| objects.clone());
            areas.clear();
            areas.extend(group.iter().map(|one| detections.areas[*one as usize]));
            self.matcher.match_group(
                &areas,
                &self.ranking.objects.list[objects.clone()],
                (self.ranking.excused)(number as u32, image),
                |detection, object| similarity(group[detection] as usize, objects.start + object),
                &mut outcomes,
            );
            for (rank, one) in group.iter().enumerate() {
                let key = descending(detections.scores[*one as usize]);
                self.rows.push(Row { key, image, rank: rank as u32, number: self.rows.len() as u32 });
            }
        }
        self.rows.sort_by_key(|row| row.key);
        self.push_classes(number, &outcomes, ranked);
        Ok(())
    }

    fn push_classes(&self, number: usize, outcomes: &[Outcome], ranked: &mut Ranked) {
        let ranking = self.ranking;
        let all = ranking.rules.all();
        let ranges = ranking.rules.ranges.len();
        let outcome = |row: &Row, range: usize| outcomes[row.number as usize * ranges + range];
        for (range, area) in ranking.rules.ranges.iter().enumerate() {
            let counted = ranking.objects.of_category[number].iter().map(|(image, objects)| {
                let objects = &ranking.objects.list[objects.clone()];
                (*image, objects.iter().filter(|object| object.counts_in(*area)).count() as u32)
            });
            let mut class = CurveClass {
                name: ranking.names[number].clone(),
                positives: counted.filter(|(_, count)| *count > 0).collect(),
                ..CurveClass::default()
            };
            // What counts at no threshold changes nothing, whatever the weights.
            for row in self.rows.iter().filter(|row| outcome(row, range).ignored != all) {
                let outcome = outcome(row, range);
                class.items.push(row.image);
                class.hits.push(outcome.hits);
                if outcome.ignored != 0 && class.ignored.is_empty() {
                    class.ignored.resize(class.items.len() - 1, 0);
                }
                if outcome.ignored != 0 || !class.ignored.is_empty() {
                    class.ignored.push(outcome.ignored);
                }
            }
            ranked.ranges[range].push(class);
        }
        if ranking.fewer.is_empty() {
            return;
        }
        let all_areas = &ranked.ranges[0][number];
        let mut class = CurveClass {
            name: all_areas.name.clone(),
            positives: all_areas.positives.clone(),
            ..CurveClass::default()
        };
        let thresholds = ranking.rules.thresholds.len();
        for row in &self.rows {
            let hits = outcome(row, 0).hits;
            let bits = ranking.fewer.iter().enumerate().fold(0, |bits, (position, most)| {
                let within = (row.rank as usize) < *most;
                bits | if within { hits << (position * thresholds) } else { 0 }
            });
            if bits != 0 {
                class.items.push(row.image);
                class.hits.push(bits);
            }
        }
        ranked.fewer.push(class);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_ascend_as_scores_descend() {
        let scores = [f64::MAX, 2.0, 0.5, 1e-300, 0.0, -1e-300, -0.5, f64::MIN];
        assert!(scores.windows(2).all(|pair| descending(pair[0]) < descending(pair[1])));
        assert_eq!(descending(0.0), descending(-0.0));
    }

    #[test]
    fn sorting_by_a_column_keeps_the_order_of_equals() {
        let column = [2, 0, 1, 0, 2];
        assert_eq!(sorted_by(&[0, 1, 2, 3, 4], &column, 3), [1, 3, 2, 0, 4]);
        assert_eq!(sorted_by(&[4, 0], &column, 3), [4, 0]);
    }
}
