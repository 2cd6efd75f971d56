//! A trajectory as a string of numbers, and the distance of two of them on the ground.

/// The last frame that is compared.
const FRAMES: usize = 150;
/// How many frames, from the first one that both have, count as the first seconds.
const FIRST: usize = 70;

/// A trajectory on the ground, by frame.
#[derive(Debug, Clone, Default)]
pub(super) struct Trajectory {
    /// The place on the ground in the frames 1 to [`FRAMES`].
    places: Vec<Option<[f64; 2]>>,
}

/// What is wrong with the text of a trajectory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Problem {
    /// Something in it is no number.
    NotANumber(String),
    /// A number is too large for a 32-bit float.
    NotFinite(String),
    /// There are not as many numbers as the fourth one says.
    Shape {
        /// How many there should be, if the fourth number says so.
        expected: Option<usize>,
        /// How many there are.
        found: usize,
    },
    /// The ground has no direction, or the camera looks straight at it.
    NoGround,
}

impl Trajectory {
    /// Reads `up_x up_y up_z n` and n times `frame x y z u v`.
    ///
    /// Numbers are rounded to 32 bits, as in the public code, whose results depend on it.
    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        let mut numbers = Vec::with_capacity(text.len() / 9);
        for word in text.split_ascii_whitespace() {
            let number: f64 = word.parse().map_err(|_| Problem::NotANumber(word.to_owned()))?;
            let number = number as f32;
            if !number.is_finite() {
                return Err(Problem::NotFinite(word.to_owned()));
            }
            numbers.push(number);
        }
        let shape = |expected| Problem::Shape { expected, found: numbers.len() };
        let Some(([x, y, z, count], samples)) = numbers.split_first_chunk::<4>() else {
            return Err(shape(None));
        };
        // The public code cuts fractions off.
        let count = (*count >= 0.0 && *count < 1e9).then_some(*count as usize).ok_or_else(|| shape(None))?;
        if samples.len() != 6 * count {
            return Err(shape(Some(4 + 6 * count)));
        }
        let up = [*x, *y, *z];
        let (right, forward) = ground(up).ok_or(Problem::NoGround)?;
        let mut places = vec![None; FRAMES];
        for sample in samples.chunks_exact(6) {
            let frame = sample[0];
            if (1.0..=FRAMES as f32).contains(&frame) && frame.fract() == 0.0 {
                let place = &mut places[frame as usize - 1];
                // Of several samples of a frame the first counts.
                if place.is_none() {
                    let from_ground = [0, 1, 2].map(|axis| f64::from(sample[1 + axis] - up[axis]));
                    *place = Some([dot(right, from_ground), dot(forward, from_ground)]);
                }
            }
        }
        Ok(Self { places })
    }

    /// The mean distance over the frames that both have, and over the first seconds of them; nothing without such frames.
    pub(super) fn distances(&self, other: &Self) -> Option<[f64; 2]> {
        let both = self.places.iter().zip(&other.places).enumerate();
        let distances: Vec<(usize, f64)> = both
            .filter_map(|(frame, (ours, theirs))| {
                let ([x, z], [other_x, other_z]) = ((*ours)?, (*theirs)?);
                let (across, along) = (x - other_x, z - other_z);
                Some((frame, (across * across + along * along).sqrt()))
            })
            .collect();
        let (start, _) = *distances.first()?;
        let first = distances.iter().filter(|(frame, _)| *frame < start + FIRST).count();
        let mean = |some: &[(usize, f64)]| {
            some.iter().map(|(_, distance)| distance).sum::<f64>() / some.len() as f64
        };
        Some([mean(&distances), mean(&distances[..first])])
    }
}

/// The axes of the ground plane, to the right and forward, of a camera whose ground lies at `up`.
fn ground(up: [f32; 3]) -> Option<([f64; 3], [f64; 3])> {
    // The length is computed with 32 bits throughout, as by NumPy.
    let length = up.iter().map(|one| one * one).sum::<f32>().sqrt();
    let down = up.map(|one| -one / length);
    // The view without its part along the normal, whose products are 32 bits wide.
    let along = down.map(|one| f64::from(down[2] * one));
    let forward = unit([0.0 - along[0], 0.0 - along[1], 1.0 - along[2]])?;
    let down = down.map(f64::from);
    let right = unit([
        down[1] * forward[2] - down[2] * forward[1],
        down[2] * forward[0] - down[0] * forward[2],
        down[0] * forward[1] - down[1] * forward[0],
    ])?;
    Some((right, forward))
}

fn unit(vector: [f64; 3]) -> Option<[f64; 3]> {
    let length = dot(vector, vector).sqrt();
    (length > 0.0 && length.is_finite()).then(|| vector.map(|one| one / length))
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A camera one and a half metres above the ground, of which x and z are the axes.
    fn trajectory(samples: &[(f32, f32, f32)]) -> Trajectory {
        let samples: String =
            samples.iter().map(|(frame, x, z)| format!(" {frame} {x} 7.5 {z} 0 0")).collect();
        let count = samples.split_whitespace().count() / 6;
        Trajectory::parse(&format!("0 -1.5 0 {count}{samples}")).unwrap()
    }

    #[test]
    fn distances_are_those_on_the_ground_in_frames_that_both_have() {
        let truth = trajectory(&[(1.0, 0.0, 0.0), (2.0, 0.0, 1.0), (80.0, 0.0, 2.0), (151.0, 0.0, 0.0)]);
        let other = trajectory(&[(2.0, 3.0, 5.0), (80.0, 1.0, 2.0), (80.0, 9.0, 9.0), (151.0, 9.0, 0.0)]);
        assert_eq!(truth.distances(&other), Some([3.0, 5.0]));
        assert_eq!(truth.distances(&trajectory(&[(3.0, 0.0, 0.0)])), None);
        assert_eq!(truth.distances(&trajectory(&[])), None);
    }

    #[test]
    fn what_is_no_trajectory_is_told() {
        let problem = |text: &str| Trajectory::parse(text).unwrap_err();
        assert_eq!(problem("0 1 x 0"), Problem::NotANumber("x".to_owned()));
        assert_eq!(problem("0 1 1e39 0"), Problem::NotFinite("1e39".to_owned()));
        assert_eq!(problem("0 1 nan 0"), Problem::NotFinite("nan".to_owned()));
        assert_eq!(problem("0 1"), Problem::Shape { expected: None, found: 2 });
        assert_eq!(problem("0 1 0 -1"), Problem::Shape { expected: None, found: 4 });
        assert_eq!(problem("0 1 0 2 1 0 0 0 0 0"), Problem::Shape { expected: Some(16), found: 10 });
        assert_eq!(problem("0 0 0 0"), Problem::NoGround);
        assert_eq!(problem("0 0 1 0"), Problem::NoGround);
    }
}
