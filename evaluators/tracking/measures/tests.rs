//! The measures of a few similarity matrices, as TrackEval gives them.

use super::*;

/// A sequence of which only similarities are known.
struct Matrices {
    tracks: Vec<(Vec<u32>, Vec<u32>)>,
    similarities: Vec<Vec<f64>>,
}

impl Frames for Matrices {
    fn count(&self) -> usize {
        self.tracks.len()
    }

    fn tracks(&self, frame: usize) -> (&[u32], &[u32]) {
        (&self.tracks[frame].0, &self.tracks[frame].1)
    }

    fn track_numbers(&self) -> (usize, usize) {
        let most = |ids: &[u32]| ids.iter().max().map_or(0, |id| *id as usize + 1);
        let truth = self.tracks.iter().map(|(truth, _)| most(truth)).max().unwrap_or(0);
        let predicted = self.tracks.iter().map(|(_, predicted)| most(predicted)).max().unwrap_or(0);
        (truth, predicted)
    }

    fn similarity(&self, frame: usize, rows: &mut Vec<f64>) {
        rows.extend(&self.similarities[frame]);
    }

    fn length(&self) -> u64 {
        self.tracks.len() as u64
    }
}

#[test]
fn degenerate_sequences_measure_as_in_the_public_code() {
    for case in conformance::edge::table("mot") {
        let ids = |side: &str| -> Vec<Vec<u32>> { serde_json::from_value(case[side].clone()).unwrap() };
        let rows: Vec<Vec<Vec<f64>>> = serde_json::from_value(case["similarity"].clone()).unwrap();
        let frames = Matrices {
            tracks: ids("gt_ids").into_iter().zip(ids("tracker_ids")).collect(),
            similarities: rows.into_iter().map(|frame| frame.concat()).collect(),
        };
        let measures = measure(&frames, &Limits::default(), &mut Assigner::default()).unwrap();
        let evidence = evidence(&[measures], Which::TrackEval);
        let scores = evidence.score_all();
        for (name, expected) in ["HOTA", "CLEAR", "Identity"]
            .into_iter()
            .flat_map(|family| case["expected"][family].as_object().unwrap())
        {
            let ours = scores.get(name).unwrap().value().unwrap();
            let expected = expected.as_f64().unwrap();
            // The public code leaves a share at zero, or at one, where a sequence has boxes on one side only; its own
            // sum over sequences divides.
            let one_sided = ["no_truth", "no_tracker"].contains(&case["name"].as_str().unwrap());
            if one_sided && ["MLR", "MODA", "MOTA", "sMOTA", "MOTAL", "FP_per_frame"].contains(&name.as_str())
            {
                continue;
            }
            assert!((ours - expected).abs() <= 1e-12, "{}: {name} is {ours}, not {expected}", case["name"]);
        }
    }
}
