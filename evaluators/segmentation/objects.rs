//! `vos`: objects that are segmented through a video, scored by region and boundary (J&F).

mod manifest;
mod statistics;
mod video_info;

use ndarray::Array2;
use sdk::evidence::Mean;
use sdk::text::quoted;
use sdk::{
    AnnotationFaults, Code, Evaluator, Evidence, Fault, Faults, Input, Inputs, Items, Limits, Manifest,
    Metric, Mode, Params, Prepared, SubmissionFaults,
};

use crate::boundary::{BOUND, boundary_f, jaccard, tolerance};
use crate::label_map::{LabelMap, Pixels};
use crate::maps::Maps;
use crate::mask::Mask;
use statistics::Statistics;

/// The most objects of one video.
const MOST_OBJECTS: u32 = 1000;

/// The label of pixels of the truth that belong to no object for sure; it counts as background.
const VOID: u32 = 255;

/// The evaluator of video object segmentation.
#[derive(Debug)]
pub struct VideoObjectSegmentation {
    manifest: Manifest,
}

impl VideoObjectSegmentation {
    /// The evaluator with its documentation.
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

impl Default for VideoObjectSegmentation {
    fn default() -> Self {
        Self::new()
    }
}

/// A video with the objects of its first frame.
#[derive(Debug)]
struct Video {
    objects: u32,
    frames: Vec<Frame>,
}

/// A frame that is scored.
#[derive(Debug)]
struct Frame {
    /// The name of its map.
    name: String,
    size: (usize, usize),
    runs: Vec<(u32, u32)>,
}

impl Evaluator for VideoObjectSegmentation {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let of_main = |faults: Faults| AnnotationFaults(faults.of_file(Inputs::MAIN));
        let all_frames = params.text("frames") == Some(manifest::ALL);
        let main = annotations.require(Inputs::MAIN)?;
        let prepared = |videos: Vec<(String, Video)>, names: Vec<String>| {
            PreparedVideos::new(videos, names, all_frames, params, mode)
        };
        if annotations.are_unannotated() {
            let found = video_info::read(main, all_frames, &Limits::default()).map_err(of_main)?;
            return Ok(Box::new(prepared(found.videos, found.names.into_iter().collect()).map_err(of_main)?));
        }
        let maps = Maps::open(main, &Limits::default()).map_err(of_main)?.without_common_folder(2);
        let mut faults = Faults::new();
        let mut videos = Vec::new();
        for (video, positions) in by_video(&maps, &mut faults) {
            let read = read_video(&maps, video, &positions, all_frames, &mut faults);
            videos.extend(read.map(|read| (video.to_owned(), read)));
        }
        faults.or(()).map_err(of_main)?;
        Ok(Box::new(prepared(videos, maps.names().map(str::to_owned).collect()).map_err(of_main)?))
    }
}

/// The positions of the maps of every video; a map that lies in no folder is a fault.
fn by_video<'m>(maps: &'m Maps<'_>, faults: &mut Faults) -> Vec<(&'m str, Vec<usize>)> {
    let mut videos: Vec<(&str, Vec<usize>)> = Vec::new();
    for (position, name) in maps.names().enumerate() {
        let Some((video, _)) = name.rsplit_once('/') else {
            faults.push_with(|| {
                let message = format!("the map {} lies in no folder of a video", quoted(name));
                Fault::whole(Code::WrongShape, message, "VIDEO/FRAME.png", quoted(name))
            });
            continue;
        };
        match videos.last_mut() {
            Some((last, positions)) if *last == video => positions.push(position),
            _ => videos.push((video, vec![position])),
        }
    }
    videos
}

/// Which of so many frames are scored.
fn scored_frames(frames: usize, all_frames: bool) -> std::ops::Range<usize> {
    if all_frames { 0..frames } else { 1..frames.max(2) - 1 }
}

fn read_video(
    maps: &Maps<'_>,
    video: &str,
    positions: &[usize],
    all_frames: bool,
    faults: &mut Faults,
) -> Option<Video> {
    let before = faults.fault_count;
    let scored = scored_frames(positions.len(), all_frames);
    if scored.is_empty() {
        faults.push_with(|| video_info::too_short(video, positions.len()));
        return None;
    }
    let mut read = Video { objects: 0, frames: Vec::with_capacity(scored.len()) };
    for (at, position) in positions.iter().enumerate() {
        let map = match maps.read(*position, Pixels::Labels, None) {
            Ok(map) => map,
            Err(found) => {
                faults.extend(found);
                continue;
            }
        };
        if at == 0 {
            read.objects = map.labels.iter().copied().filter(|label| *label != VOID).max().unwrap_or(0);
            if read.objects > MOST_OBJECTS {
                let expected = format!("labels up to {MOST_OBJECTS}");
                let message = format!("the video {} has too many objects", quoted(video));
                faults.push(Fault::whole(Code::TooLarge, message, expected, read.objects.to_string()));
            }
        }
        if scored.contains(&at) {
            let mut runs = map.runs();
            runs.iter_mut().filter(|(label, _)| *label == VOID).for_each(|(label, _)| *label = 0);
            read.frames.push(Frame { name: maps.name(*position).to_owned(), size: map.size(), runs });
        }
    }
    (faults.fault_count == before).then_some(read)
}

#[derive(Debug)]
struct PreparedVideos {
    items: Items,
    videos: Vec<Video>,
    /// The names of all maps of the truth, in order; those of frames that are not scored may be there or not.
    truth_names: Vec<String>,
    /// Whether labels of no object count as background; where the first frame is given away, they are refused.
    ignores_other_objects: bool,
    bound: f64,
    metrics: Vec<Metric>,
    mode: Mode,
}

impl PreparedVideos {
    /// Videos by name, and the names of all frames, both in order.
    fn new(
        videos: Vec<(String, Video)>,
        truth_names: Vec<String>,
        all_frames: bool,
        params: &Params,
        mode: Mode,
    ) -> Result<Self, Faults> {
        let objects = |(name, video): &(String, Video)| {
            let name = name.clone();
            (1..=video.objects).map(move |object| (format!("{name}_{object}"), name.clone()))
        };
        let items = Items::new(videos.iter().flat_map(objects));
        if items.is_empty() {
            let message = "no video has an object in its first frame";
            return Err(Faults::one(Fault::whole(
                Code::EmptySubmission,
                message,
                "objects labelled from 1",
                "none",
            )));
        }
        Ok(Self {
            items,
            videos: videos.into_iter().map(|(_, video)| video).collect(),
            truth_names,
            ignores_other_objects: all_frames,
            bound: params.number("bound").unwrap_or(BOUND),
            metrics: manifest::metrics(),
            mode,
        })
    }

    /// Region and boundary of every object in a frame.
    fn score_frame(&self, video: &Video, frame: &Frame, map: &LabelMap) -> Vec<[f64; 2]> {
        let truth = masks(frame.size, &frame.runs, video.objects);
        let found = masks(frame.size, &map.runs(), video.objects);
        let tolerance = tolerance(frame.size, self.bound);
        let pairs = truth.iter().zip(&found);
        pairs.map(|(truth, found)| [jaccard(truth, found), boundary_f(truth, found, tolerance)]).collect()
    }

    fn check_labels(&self, video: &Video, name: &str, map: &LabelMap, faults: &mut Faults) {
        if self.ignores_other_objects {
            return;
        }
        if let Some(label) = map.labels.iter().find(|label| **label > video.objects) {
            faults.push_with(|| {
                let message = format!("the map has the label {label}, which is no object of its video");
                let expected = format!("0 to {}", video.objects);
                let fault = Fault::whole(Code::UnknownLabel, message, expected, label.to_string());
                let fault = Fault { file: Some(name.to_owned()), ..fault };
                match *label {
                    VOID => fault.hint("a mask of one object has the object's label, not 255"),
                    _ => fault,
                }
            });
        }
    }
}

/// The masks of the objects `1..=objects`.
fn masks((width, height): (usize, usize), runs: &[(u32, u32)], objects: u32) -> Vec<Mask> {
    let mut masks = vec![Mask::empty(width, height); objects as usize];
    let mut at = 0;
    for (label, length) in runs {
        let mask = label.checked_sub(1).and_then(|object| masks.get_mut(object as usize));
        if let Some(mask) = mask {
            mask.fill_run(at, *length as usize);
        }
        at += *length as usize;
    }
    masks
}

impl Prepared for PreparedVideos {
    fn items(&self) -> &Items {
        &self.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let known = |name: &str| self.truth_names.binary_search_by(|truth| truth.as_str().cmp(name)).is_ok();
        let maps = Maps::open(submission, limits)?.named_as(known);
        let mut faults = Faults::new();
        let names: Vec<&str> =
            self.videos.iter().flat_map(|video| &video.frames).map(|frame| frame.name.as_str()).collect();
        let mut positions = maps.find(names.into_iter(), known, &mut faults).into_iter();
        let mut rows = Array2::zeros((self.items.len(), Statistics::COLUMNS * 2));
        let mut item = 0;
        for video in &self.videos {
            let mut series = vec![[Vec::new(), Vec::new()]; video.objects as usize];
            for (frame, position) in video.frames.iter().zip(&mut positions) {
                limits.check().map_err(Faults::from)?;
                let Some(position) = position else { continue };
                match maps.read(position, Pixels::Labels, Some(frame.size)) {
                    Ok(map) => {
                        self.check_labels(video, &frame.name, &map, &mut faults);
                        if faults.is_empty() {
                            let scores = self.score_frame(video, frame, &map);
                            for ([regions, boundaries], [region, boundary]) in series.iter_mut().zip(scores) {
                                regions.push(region);
                                boundaries.push(boundary);
                            }
                        }
                    }
                    Err(found) => faults.extend(found),
                }
            }
            // What is refused has frames without a score, or none at all.
            for object in series.iter().filter(|_| faults.is_empty()) {
                let columns = object.iter().flat_map(|series| Statistics::of(series, self.mode).columns());
                rows.row_mut(item).iter_mut().zip(columns).for_each(|(slot, value)| *slot = value);
                item += 1;
            }
        }
        faults.or(())?;
        let mut evidence = Evidence::new(self.items.len());
        let block = evidence.block(Mean::new(rows));
        let both = vec![block.output(0), block.output(Statistics::COLUMNS)];
        evidence.metric_mean(&self.metrics[0].name, 1.0, both);
        for (output, metric) in self.metrics[1..].iter().enumerate() {
            evidence.metric(&metric.name, 1.0, block.output(output));
        }
        Ok(evidence)
    }
}
