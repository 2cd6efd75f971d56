//! From the file that a task publishes without its truth a submission is refused, or not, as it is from the annotations.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use conformance::golden::Case;
use conformance::unannotated::Without::{self, Columns, Described, Fields, Files, Json, Labels, Table, Text};
use conformance::unannotated::{differences, example_is_enough};
use heldout_registry::Registry;
use sdk::{File, Input};
use serde_json::{Value, json};

/// The golden cases of evaluators that know such a file, and how the truth is taken out of their annotations.
const PUBLISHED: &[(&str, Without<'static>)] = &[
    ("ego4d/nlq", Fields(&["clip_start_sec", "clip_end_sec"])),
    ("ego4d/goalstep", Fields(&["clip_start_sec", "clip_end_sec"])),
    ("ego4d/mq", Fields(&["annotations"])),
    ("general/anet", Json(without_segments)),
    ("general/anet_ties", Json(without_segments)),
    ("general/epic_c2", Columns(&["start_timestamp", "stop_timestamp", "verb_class", "noun_class"])),
    ("ego4d/sta", Fields(&["objects"])),
    ("ego4d/lta", Fields(&["verb", "noun"])),
    ("ego4d/fhp", Json(keys_alone)),
    ("ego4d/locomotion", Fields(&["traj"])),
    ("ego4d/pnr", Fields(&["state_change", "parent_pnr_frame", "clip_pnr_frame", "pnr_frame"])),
    ("ego4d/oscc", Fields(&["state_change", "parent_pnr_frame", "clip_pnr_frame", "pnr_frame"])),
    ("ego4d/proficiency", Fields(&["gt_annotations"])),
    ("general/mcqa", Json(keys_alone)),
    ("general/epic_c1", Columns(&["verb_class", "noun_class"])),
    ("general/epic_c3", Columns(&["verb_class", "noun_class"])),
    ("ego4d/vq2d", Fields(&["response_track"])),
    ("ego4d/vq3d", Fields(&["3d_annotation_1", "3d_annotation_2", "gt_3d_vec_world_1", "gt_3d_vec_1"])),
    ("ego4d/egotracks", Fields(&["lt_track"])),
    ("ego4d/tracking", Fields(&["boxes"])),
    ("general/mot", Files("gt.txt")),
    ("ego4d/lam", Fields(&["label"])),
    ("ego4d/ttm", Fields(&["label"])),
    ("general/coco_bbox", Fields(&["annotations"])),
    ("general/coco_segm", Fields(&["annotations"])),
    ("general/coco_keypoints", Fields(&["annotations"])),
    ("ego4d/scod", Fields(&["annotations"])),
    ("general/panoptic", Fields(&["annotations"])),
    ("general/lvis_bbox", Fields(&["annotations", "neg_category_ids", "not_exhaustive_category_ids"])),
    ("general/voc", Columns(&["class", "xmin", "ymin", "xmax", "ymax", "difficult"])),
    ("ego4d/asd", Json(list_of_clips)),
    ("ego4d/hand_pose", Fields(&["right_hand_3d", "left_hand_3d"])),
    ("ego4d/diarization", Fields(&["persons"])),
    ("general/trec", Text(first_words)),
    ("general/cls_label", Columns(&["label"])),
    ("general/cls_prob", Labels("label")),
    ("general/binary", Columns(&["label"])),
    ("general/multilabel", Columns(&["labels"])),
    ("general/regression", Columns(&["value"])),
    ("general/asr", Columns(&["text"])),
    ("general/diar", Table("uem")),
    ("ego4d/transcription", Json(keys_alone)),
    ("general/squad", Fields(&["answers", "is_impossible"])),
    ("general/nlg", Text(ids_of_lines)),
    ("general/epic_mir", Described(shape_of_array)),
    ("general/semseg", Described(sizes_of_images)),
    ("general/davis", Described(frames_of_videos)),
];

/// Evaluators that know such a file and of which there are no golden cases.
const WITHOUT_GOLDEN_CASES: &[&str] = &[
    "asr_stm",
    "asr_trn",
    "egoexo_body_pose",
    "egoexo_correspondence",
    "egoexo_keystep",
    "egoexo_procedure",
    "open_images_detection",
    "repetition_counting",
];

/// What stands under the keys of an object makes way for empty objects.
fn keys_alone(file: &mut Value) {
    for value in file.as_object_mut().expect("an object").values_mut() {
        *value = json!({});
    }
}

fn list_of_clips(file: &mut Value) {
    file["clips"] = file["clips"].as_object().expect("clips").keys().cloned().collect();
}

/// Of every JSON line the id.
fn ids_of_lines(text: &str) -> String {
    let id = |line: &str| {
        let row: Value = serde_json::from_str(line).expect("a line of JSON");
        json!({"id": row["id"]}).to_string() + "\n"
    };
    text.lines().map(id).collect()
}

/// The first word of every line, each once.
fn first_words(text: &str) -> String {
    let words = text.lines().filter_map(|line| line.split_whitespace().next());
    let mut distinct: Vec<&str> = Vec::new();
    for word in words {
        if !distinct.contains(&word) {
            distinct.push(word);
        }
    }
    distinct.join("\n")
}

/// As ActivityNet is published: the labels are in the taxonomy, and videos of the test set have no annotations.
fn without_segments(file: &mut Value) {
    let mut labels = BTreeSet::new();
    for video in file["database"].as_object_mut().expect("videos").values_mut() {
        let segments = video.as_object_mut().and_then(|video| video.remove("annotations"));
        let segments = segments.as_ref().and_then(Value::as_array).expect("segments");
        labels.extend(segments.iter().map(|segment| segment["label"].to_string()));
    }
    let node = |label: String| json!({"nodeName": label.trim_matches('"')});
    file["taxonomy"] = labels.into_iter().map(node).collect();
}

/// What the header of a NumPy array says of its shape.
fn shape_of_array(input: &Input<'static>) -> Value {
    let bytes = &input.single().expect("a file").bytes;
    let header = String::from_utf8_lossy(&bytes[..bytes.len().min(128)]).into_owned();
    let (_, shape) = header.split_once("'shape': (").expect("a shape");
    let sides: Vec<u32> =
        shape.split([',', ')']).take(2).map(|side| side.trim().parse().expect("a side")).collect();
    json!({"rows": sides[0], "columns": sides[1]})
}

fn files_of<'i>(input: &'i Input<'static>) -> &'i [File<'static>] {
    match input {
        Input::Tree(files) => files,
        Input::File(file) => panic!("{} is no folder", file.name),
    }
}

/// Width, height and the largest pixel of a grey image of 8 bits.
fn image(file: &File<'_>) -> (u32, u32, u8) {
    let mut reader = png::Decoder::new(Cursor::new(&*file.bytes)).read_info().expect("an image");
    let (width, height) = reader.info().size();
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    reader.next_frame(&mut pixels).expect("pixels");
    (width, height, pixels.into_iter().max().unwrap_or_default())
}

fn sizes_of_images(input: &Input<'static>) -> Value {
    let images = files_of(input).iter().map(|file| {
        let (width, height, _) = image(file);
        json!({"file_name": file.name.replace(".png", ".jpg"), "width": width, "height": height})
    });
    json!({"images": images.collect::<Vec<Value>>()})
}

fn frames_of_videos(input: &Input<'static>) -> Value {
    let mut videos: BTreeMap<&str, Vec<&File<'static>>> = BTreeMap::new();
    for file in files_of(input) {
        let (video, _) = file.name.split_once('/').expect("a folder");
        videos.entry(video).or_default().push(file);
    }
    let described = videos.into_iter().map(|(name, mut files)| {
        files.sort_by(|a, b| a.name.cmp(&b.name));
        let (width, height, objects) = image(files[0]);
        let frame = |file: &&File<'static>| file.name[name.len() + 1..].trim_end_matches(".png").to_owned();
        let frames: Vec<String> = files.iter().map(frame).collect();
        (name.to_owned(), json!({"width": width, "height": height, "objects": objects, "frames": frames}))
    });
    Value::Object(described.collect())
}

#[test]
fn examples_without_the_truth_are_enough_to_check() {
    for evaluator in Registry::built_in().iter() {
        if let Some(unannotated) = &evaluator.manifest().unannotated {
            example_is_enough(evaluator, unannotated);
        }
    }
}

#[test]
fn what_is_refused_does_not_depend_on_the_truth() {
    let registry = Registry::built_in();
    let cases = Case::all();
    let mut found = Vec::new();
    for (folder, without) in PUBLISHED {
        for case in cases.iter().filter(|case| case.golden == *folder) {
            let evaluator = registry.get(&case.evaluator).expect("its evaluator");
            found.extend(differences(evaluator, case, *without));
        }
    }
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
}

#[test]
fn every_published_form_is_compared() {
    let cases = Case::all();
    let compared = cases.iter().filter(|case| PUBLISHED.iter().any(|(folder, _)| *folder == case.golden));
    let compared: BTreeSet<&str> = compared.map(|case| case.evaluator.as_str()).collect();
    for evaluator in Registry::built_in().iter() {
        let manifest = evaluator.manifest();
        let known = compared.contains(&*manifest.id) || WITHOUT_GOLDEN_CASES.contains(&&*manifest.id);
        assert_eq!(known, manifest.unannotated.is_some(), "{}", manifest.id);
    }
}
