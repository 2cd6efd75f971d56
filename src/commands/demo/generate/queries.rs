//! The query-to-window task: a question about a day is answered by the seconds in which the answer can be seen.

use serde::Serialize;

use super::broken::{self, Breakage};
use super::household::{Mixture, Recording, recordings};
use super::predictor::{Predictor, hundredths};
use super::random::Random;
use super::{Part, Task, csv};

const CLIP_SECONDS: f64 = 480.0;
const CLIPS_PER_VIDEO: usize = 2;
const QUERIES_PER_CLIP: usize = 5;
/// How many windows a method proposes.
const WINDOWS: usize = 5;

/// What is asked, with the question's kind.
const TEMPLATES: [(&str, &str); 6] = [
    ("Objects: where is it after an event", "Where did I last put the {thing}?"),
    ("Objects: where was it before an event", "Where was the {thing} before I picked it up?"),
    ("Objects: state", "Did I leave the {place} open?"),
    ("Objects: what was put in", "What did I take out of the {place}?"),
    ("Objects: what was it used for", "What did I use the {thing} for?"),
    ("People: interaction", "When did somebody hand me the {thing}?"),
];

/// Questions about generated days.
pub(crate) struct Queries {
    recordings: Vec<Recording>,
    queries: Vec<Query>,
}

/// One question, and where its answer can be seen.
struct Query {
    recording: usize,
    clip: String,
    annotation: String,
    index: usize,
    text: String,
    template: &'static str,
    window: [f64; 2],
}

impl Queries {
    /// Questions about `videos` days.
    pub(crate) fn generate(seed: u64, videos: usize, mixture: &Mixture) -> Self {
        let recordings = recordings(seed, videos, mixture);
        let mut queries = Vec::new();
        for (recording, day) in recordings.iter().enumerate() {
            for clip in 0..CLIPS_PER_VIDEO {
                let clip = format!("{}-clip-{}", day.video, clip + 1);
                let mut random = Random::named(seed, &["queries", &clip]);
                for index in 0..QUERIES_PER_CLIP {
                    let (template, text) = random.pick(&TEMPLATES);
                    let thing = random.pick(day.activity.things);
                    let place = random.pick(day.activity.places);
                    let length = 1.5 + 9.0 * random.unit() * random.unit() + random.between(0.0, 2.0);
                    let start = random.between(0.0, CLIP_SECONDS - length);
                    queries.push(Query {
                        recording,
                        clip: clip.clone(),
                        annotation: format!("{clip}-narrator"),
                        index,
                        text: text.replace("{thing}", thing).replace("{place}", place),
                        template,
                        window: [hundredths(start), hundredths(start + length)],
                    });
                }
            }
        }
        Self { recordings, queries }
    }

    fn windows(&self, predictor: &Predictor<'_>, query: &Query) -> Vec<[f64; 2]> {
        let id = query.id();
        let mut luck = predictor.luck("windows", &id);
        let [start, end] = query.window;
        let length = end - start;
        let mut windows: Vec<[f64; 2]> = (0..WINDOWS)
            .map(|_| {
                let length = luck.between(2.0, 12.0);
                let start = luck.between(0.0, CLIP_SECONDS - length);
                [hundredths(start), hundredths(start + length)]
            })
            .collect();
        let solved = predictor.solves(&id, &self.recordings[query.recording]);
        // A method that misses with its first window often comes near with one of the others.
        let place = match solved {
            true => Some(0),
            false => Some(1 + luck.below(WINDOWS - 1)).filter(|_| luck.happens(predictor.skill)),
        };
        if let Some(place) = place {
            let start = predictor.blurred(start, length, &mut luck).clamp(0.0, CLIP_SECONDS);
            let end = predictor.blurred(end, length, &mut luck).clamp(start, CLIP_SECONDS);
            windows[place] = [hundredths(start), hundredths(end)];
        }
        windows
    }

    fn results(&self, predictor: &Predictor<'_>) -> Vec<Answer<'_>> {
        self.queries
            .iter()
            .map(|query| Answer {
                clip_uid: &query.clip,
                annotation_uid: &query.annotation,
                query_idx: query.index,
                predicted_times: self.windows(predictor, query),
            })
            .collect()
    }
}

impl Query {
    /// As the evaluator calls the item.
    fn id(&self) -> String {
        format!("{}/{}/{}", self.clip, self.annotation, self.index)
    }
}

impl Task for Queries {
    fn annotations(&self) -> Vec<Part> {
        let videos: Vec<Video<'_>> = self
            .recordings
            .iter()
            .enumerate()
            .map(|(number, recording)| {
                let of_video: Vec<&Query> =
                    self.queries.iter().filter(|query| query.recording == number).collect();
                let clips = of_video.chunk_by(|one, next| one.clip == next.clip).map(Clip::of).collect();
                Video { video_uid: &recording.video, clips }
            })
            .collect();
        let main = serde_json::json!({"version": "1", "challenge": "ego4d_nlq_challenge", "videos": videos});
        let items = self.queries.iter().map(|query| {
            let recording = &self.recordings[query.recording];
            [
                query.id(),
                recording.wearer.clone(),
                recording.activity.name.into(),
                recording.country.into(),
                recording.part().into(),
            ]
        });
        vec![
            Part::new("main", "queries.json", main.to_string().into_bytes()),
            Part::new("items", "items.csv", csv(["item", "group", "activity", "country", "part"], items)),
        ]
    }

    fn predict(&self, predictor: &Predictor<'_>) -> Vec<u8> {
        file("ego4d_nlq_challenge", &self.results(predictor))
    }

    fn breakages(&self) -> &'static [Breakage] {
        &[
            Breakage::Truncated,
            Breakage::MissingClip,
            Breakage::UnknownId,
            Breakage::NotANumber,
            Breakage::WrongTask,
            Breakage::Archive,
        ]
    }

    fn broken(&self, predictor: &Predictor<'_>, how: Breakage) -> Vec<u8> {
        let mut results = self.results(predictor);
        let challenge = match how {
            Breakage::WrongTask => "ego4d_moment_queries",
            _ => "ego4d_nlq_challenge",
        };
        match how {
            Breakage::MissingClip => {
                let missing = self.queries[self.queries.len() / 2].clip.as_str();
                results.retain(|answer| answer.clip_uid != missing);
            }
            Breakage::UnknownId => results[7].clip_uid = "day-999-clip-1",
            _ => {}
        }
        let good = file(challenge, &results);
        match how {
            Breakage::Truncated => broken::truncated(good),
            Breakage::NotANumber => broken::with_nan(&good, "\"predicted_times\":[["),
            Breakage::Archive => broken::archived("predictions.json", &good),
            Breakage::MissingClip | Breakage::UnknownId | Breakage::WrongTask => good,
        }
    }

    fn file_name(&self) -> &'static str {
        "predictions.json"
    }
}

fn file(challenge: &str, results: &[Answer<'_>]) -> Vec<u8> {
    serde_json::json!({"version": "1.0", "challenge": challenge, "results": results}).to_string().into_bytes()
}

#[derive(Serialize)]
struct Video<'a> {
    video_uid: &'a str,
    clips: Vec<Clip<'a>>,
}

#[derive(Serialize)]
struct Clip<'a> {
    clip_uid: &'a str,
    annotations: [Annotation<'a>; 1],
}

#[derive(Serialize)]
struct Annotation<'a> {
    annotation_uid: &'a str,
    language_queries: Vec<LanguageQuery<'a>>,
}

#[derive(Serialize)]
struct LanguageQuery<'a> {
    clip_start_sec: f64,
    clip_end_sec: f64,
    query: &'a str,
    template: &'a str,
}

#[derive(Serialize)]
struct Answer<'a> {
    clip_uid: &'a str,
    annotation_uid: &'a str,
    query_idx: usize,
    predicted_times: Vec<[f64; 2]>,
}

impl<'a> Clip<'a> {
    /// The clip of those queries, which are all of it.
    fn of(queries: &[&'a Query]) -> Self {
        let language_queries = queries
            .iter()
            .map(|query| LanguageQuery {
                clip_start_sec: query.window[0],
                clip_end_sec: query.window[1],
                query: &query.text,
                template: query.template,
            })
            .collect();
        let annotation = Annotation { annotation_uid: &queries[0].annotation, language_queries };
        Self { clip_uid: &queries[0].clip, annotations: [annotation] }
    }
}
