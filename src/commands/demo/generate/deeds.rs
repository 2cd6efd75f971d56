//! The classification task: what do the hands do in this short clip?

use super::broken::{self, Breakage};
use super::household::{ACTIVITIES, Mixture, Recording, any_activity, recordings};
use super::predictor::Predictor;
use super::random::Random;
use super::{Part, Task, csv};

const CLIPS_PER_VIDEO: usize = 9;

/// Short clips of generated days, each with one label.
pub(crate) struct Deeds {
    recordings: Vec<Recording>,
    clips: Vec<Clip>,
}

struct Clip {
    recording: usize,
    id: String,
    deed: &'static str,
}

impl Deeds {
    /// Clips of `videos` days.
    pub(crate) fn generate(seed: u64, videos: usize, mixture: &Mixture) -> Self {
        let recordings = recordings(seed, videos, mixture);
        let mut clips = Vec::new();
        for (recording, day) in recordings.iter().enumerate() {
            let mut random = Random::named(seed, &["deeds", &day.video]);
            for number in 0..CLIPS_PER_VIDEO {
                let id = format!("{}-{:02}", day.video, number + 1);
                clips.push(Clip { recording, id, deed: random.pick(day.activity.deeds) });
            }
        }
        Self { recordings, clips }
    }

    fn labels(&self, predictor: &Predictor<'_>) -> Vec<[String; 2]> {
        self.clips
            .iter()
            .map(|clip| {
                let recording = &self.recordings[clip.recording];
                let mut luck = predictor.luck("label", &clip.id);
                // What is mistaken is mostly mistaken for something of the same kind.
                let mistaken_for =
                    if luck.happens(0.75) { recording.activity } else { any_activity(&mut luck) };
                let mistake = luck.pick(mistaken_for.deeds);
                let label = if predictor.solves(&clip.id, recording) { clip.deed } else { mistake };
                [clip.id.clone(), label.to_owned()]
            })
            .collect()
    }
}

impl Task for Deeds {
    fn annotations(&self) -> Vec<Part> {
        let main = self.clips.iter().map(|clip| [clip.id.clone(), clip.deed.to_owned()]);
        let items = self.clips.iter().map(|clip| {
            let recording = &self.recordings[clip.recording];
            [
                clip.id.clone(),
                recording.wearer.clone(),
                recording.activity.name.into(),
                recording.country.into(),
                recording.home().into(),
            ]
        });
        let classes: Vec<&str> = ACTIVITIES.iter().flat_map(|activity| activity.deeds).copied().collect();
        vec![
            Part::new("main", "labels.csv", csv(["id", "label"], main)),
            Part::new("classes", "classes.json", serde_json::json!(classes).to_string().into_bytes()),
            Part::new("items", "items.csv", csv(["item", "group", "activity", "country", "home"], items)),
        ]
    }

    fn predict(&self, predictor: &Predictor<'_>) -> Vec<u8> {
        csv(["id", "label"], self.labels(predictor))
    }

    fn breakages(&self) -> &'static [Breakage] {
        &[
            Breakage::UnknownId,
            Breakage::MissingClip,
            Breakage::Truncated,
            Breakage::WrongTask,
            Breakage::Archive,
        ]
    }

    fn broken(&self, predictor: &Predictor<'_>, how: Breakage) -> Vec<u8> {
        let mut labels = self.labels(predictor);
        match how {
            Breakage::UnknownId => labels[3][0] = "day-999-01".into(),
            Breakage::MissingClip => drop(labels.remove(11)),
            _ => {}
        }
        let heading = if how == Breakage::WrongTask { ["id", "score"] } else { ["id", "label"] };
        let good = csv(heading, labels);
        match how {
            Breakage::Truncated => broken::truncated(good),
            Breakage::Archive => broken::archived("labels.csv", &good),
            Breakage::MissingClip | Breakage::UnknownId | Breakage::WrongTask | Breakage::NotANumber => good,
        }
    }

    fn file_name(&self) -> &'static str {
        "labels.csv"
    }
}
