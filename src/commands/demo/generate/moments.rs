//! The moments-detection task: every time something named is done is found in clips, with its start and end.

use std::collections::BTreeMap;

use serde::Serialize;

use super::broken::{self, Breakage};
use super::household::{Mixture, Recording, any_activity, recordings};
use super::predictor::{Predictor, hundredths};
use super::random::Random;
use super::{Part, Task, csv};

const CLIP_SECONDS: f64 = 480.0;

/// Clips of generated days, with what is done in them.
pub(crate) struct Moments {
    recordings: Vec<Recording>,
    clips: Vec<Clip>,
}

struct Clip {
    recording: usize,
    uid: String,
    moments: Vec<Moment>,
}

#[derive(Debug, Clone, Serialize)]
struct Moment {
    label: &'static str,
    start_time: f64,
    end_time: f64,
    primary: bool,
}

#[derive(Debug, Clone, Serialize)]
struct Detection {
    label: &'static str,
    score: f64,
    segment: [f64; 2],
}

type Detections<'a> = BTreeMap<&'a str, Vec<Detection>>;

impl Moments {
    /// One clip of each of `videos` days.
    pub(crate) fn generate(seed: u64, videos: usize, mixture: &Mixture) -> Self {
        let recordings = recordings(seed, videos, mixture);
        let clips = recordings
            .iter()
            .enumerate()
            .map(|(recording, day)| {
                let uid = format!("{}-clip-1", day.video);
                let mut random = Random::named(seed, &["moments", &uid]);
                let count = 5 + random.below(5);
                let mut time = random.between(0.0, 20.0);
                let mut moments = Vec::new();
                while moments.len() < count && time < CLIP_SECONDS - 45.0 {
                    // People do one thing at a time, and now and then something of another kind in between.
                    let activity =
                        if random.happens(0.85) { day.activity } else { any_activity(&mut random) };
                    let length = random.between(4.0, 40.0);
                    moments.push(Moment {
                        label: random.pick(activity.deeds),
                        start_time: hundredths(time),
                        end_time: hundredths(time + length),
                        primary: true,
                    });
                    time += length + random.between(2.0, 40.0);
                }
                Clip { recording, uid, moments }
            })
            .collect();
        Self { recordings, clips }
    }

    fn detections(&self, predictor: &Predictor<'_>) -> Detections<'_> {
        self.clips.iter().map(|clip| (clip.uid.as_str(), self.in_clip(predictor, clip))).collect()
    }

    fn in_clip(&self, predictor: &Predictor<'_>, clip: &Clip) -> Vec<Detection> {
        let recording = &self.recordings[clip.recording];
        let mut found = Vec::new();
        for (number, moment) in clip.moments.iter().enumerate() {
            let id = format!("{}#{number}", clip.uid);
            let mut luck = predictor.luck("moment", &id);
            let solved = predictor.solves(&id, recording);
            if !solved && luck.happens(0.6) {
                continue;
            }
            let length = moment.end_time - moment.start_time;
            let start = predictor.blurred(moment.start_time, length, &mut luck).clamp(0.0, CLIP_SECONDS);
            let end = predictor.blurred(moment.end_time, length, &mut luck).clamp(start, CLIP_SECONDS);
            let label = if solved { moment.label } else { luck.pick(recording.activity.deeds) };
            let score = if solved { luck.between(0.45, 0.99) } else { luck.between(0.1, 0.8) };
            found.push(detection(label, score, start, end));
        }
        let mut luck = predictor.luck("false alarms", &clip.uid);
        for _ in 0..luck.below(2 + (6.0 * (1.0 - predictor.skill)) as usize) {
            let length = luck.between(4.0, 30.0);
            let start = luck.between(0.0, CLIP_SECONDS - length);
            let label = luck.pick(recording.activity.deeds);
            let score = luck.between(0.05, 0.7);
            found.push(detection(label, score, start, start + length));
        }
        found.sort_by(|one, other| other.score.total_cmp(&one.score));
        found
    }
}

impl Task for Moments {
    fn annotations(&self) -> Vec<Part> {
        let main: BTreeMap<&str, Clipped<'_>> = self
            .clips
            .iter()
            .map(|clip| {
                let video_id = self.recordings[clip.recording].video.as_str();
                let clipped =
                    Clipped { video_id, clip_id: &clip.uid, subset: "test", annotations: &clip.moments };
                (clip.uid.as_str(), clipped)
            })
            .collect();
        let items = self.clips.iter().map(|clip| {
            let recording = &self.recordings[clip.recording];
            [
                clip.uid.clone(),
                recording.wearer.clone(),
                recording.activity.name.into(),
                recording.country.into(),
                recording.part().into(),
            ]
        });
        vec![
            Part::new("main", "moments.json", serde_json::json!(main).to_string().into_bytes()),
            Part::new("items", "items.csv", csv(["item", "group", "activity", "country", "part"], items)),
        ]
    }

    fn predict(&self, predictor: &Predictor<'_>) -> Vec<u8> {
        file("ego4d_moment_queries", &self.detections(predictor))
    }

    fn breakages(&self) -> &'static [Breakage] {
        &[Breakage::NotANumber, Breakage::Truncated, Breakage::WrongTask, Breakage::Archive]
    }

    fn broken(&self, predictor: &Predictor<'_>, how: Breakage) -> Vec<u8> {
        let challenge = match how {
            Breakage::WrongTask => "ego4d_nlq_challenge",
            _ => "ego4d_moment_queries",
        };
        let good = file(challenge, &self.detections(predictor));
        match how {
            Breakage::Truncated => broken::truncated(good),
            Breakage::NotANumber => broken::with_nan(&good, "\"score\":"),
            Breakage::Archive => broken::archived("detections.json", &good),
            Breakage::MissingClip | Breakage::UnknownId | Breakage::WrongTask => good,
        }
    }

    fn file_name(&self) -> &'static str {
        "detections.json"
    }
}

fn detection(label: &'static str, score: f64, start: f64, end: f64) -> Detection {
    Detection { label, score: (score * 1e4).round() / 1e4, segment: [hundredths(start), hundredths(end)] }
}

fn file(challenge: &str, detections: &Detections<'_>) -> Vec<u8> {
    let file = serde_json::json!({
        "version": "1.0", "challenge": challenge,
        "detect_results": detections, "retrieve_results": detections,
    });
    file.to_string().into_bytes()
}

#[derive(Serialize)]
struct Clipped<'a> {
    video_id: &'a str,
    clip_id: &'a str,
    subset: &'a str,
    annotations: &'a [Moment],
}
