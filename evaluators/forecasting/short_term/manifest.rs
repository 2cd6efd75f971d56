//! What is documented of Short-Term object interaction Anticipation.

use sdk::{Format, Manifest, Metric, Param, ParamKind, ParamValue, Reference, Schema};

use super::{NAMES, ORDER};

const ANNOTATIONS: &str = r#"{"annotations": [
  {"uid": "f1", "video_id": "v1", "clip_uid": "c1", "frame": 512, "objects": [
    {"box": [100, 200, 180, 260], "noun_category_id": 1, "verb_category_id": 0, "time_to_contact": 0.75}]},
  {"uid": "f2", "video_id": "v2", "clip_uid": "c2", "frame": 90, "objects": [
    {"box": [10, 20, 60, 90], "noun_category_id": 0, "verb_category_id": 1, "time_to_contact": 1.5}]}],
 "noun_categories": [{"id": 0, "name": "knife"}, {"id": 1, "name": "plate"}],
 "verb_categories": [{"id": 0, "name": "take"}, {"id": 1, "name": "cut"}]}"#;

const UNANNOTATED: &str = r#"{"annotations": [
  {"uid": "f1", "video_id": "v1", "clip_uid": "c1", "frame": 512},
  {"uid": "f2", "video_id": "v2", "clip_uid": "c2", "frame": 90}],
 "noun_categories": [{"id": 0, "name": "knife"}, {"id": 1, "name": "plate"}],
 "verb_categories": [{"id": 0, "name": "take"}, {"id": 1, "name": "cut"}]}"#;

const SUBMISSION: &str = r#"{"version": "1.0", "challenge": "ego4d_short_term_object_interaction_anticipation",
 "results": {
  "f1": [{"box": [98, 205, 178, 262], "noun_category_id": 1, "verb_category_id": 0,
          "time_to_contact": 0.6, "score": 0.91}],
  "f2": []}}"#;

/// Ego4D Short-Term object interaction Anticipation.
pub(super) fn manifest() -> Manifest {
    let conditions =
        ["", ", the verb is right", ", the time to contact is right", ", verb and time to contact are right"];
    let metrics = ORDER.map(|metric| {
        let description = format!(
            "100 x the mean, over the nouns of the truth, of average precision (all points, monotone envelope); a \
             prediction is right if its box overlaps that of a free object by more than `iou_threshold`, the noun is \
             right{}",
            conditions[metric]
        );
        Metric::percent(NAMES[metric], description)
    });
    Manifest {
        id: "ego4d_sta".to_owned(),
        version: "1".to_owned(),
        title: "Ego4D Short-Term Object Interaction Anticipation".to_owned(),
        description: "From the last frame before a contact it is foreseen which object is touched next: its box, its noun, \
            the verb of what is done with it, and the seconds until the contact."
            .to_owned(),
        annotations: vec![Format {
            name: "main".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "The annotation file of the benchmark. Boxes are `[x1, y1, x2, y2]` in pixels, times to contact \
                seconds. `noun_categories` and `verb_categories` may be absent."
                .to_owned(),
            example: ANNOTATIONS.to_owned(),
        }],
        unannotated: Some(Format::unannotated(
            "application/json",
            "`fho_sta_test_unannotated.json` of the benchmark: the same file without `objects`.",
            UNANNOTATED,
        )),
        submission: Format {
            name: "submission".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "A list of predictions for every uid of the annotations, in any order. The list may be empty; \
                uids that are not scored are ignored."
                .to_owned(),
            example: SUBMISSION.to_owned(),
        },
        metrics: metrics.to_vec(),
        params: Schema(vec![
            Param::new(
                "top_k",
                ParamKind::Integer { minimum: 1, maximum: 100 },
                ParamValue::Integer(5),
                "for each object of a frame so many predictions are looked at: (top_k - 1) x objects of the best scored \
                 false positives of the frame do not count; 1 makes it plain average precision",
            ),
            Param::new(
                "iou_threshold",
                ParamKind::Number { minimum: 0.0, maximum: 1.0 },
                ParamValue::Number(0.5),
                "boxes must overlap by more than this",
            ),
            Param::new(
                "ttc_threshold",
                ParamKind::Number { minimum: 0.0, maximum: 3600.0 },
                ParamValue::Number(0.25),
                "times to contact may differ by so many seconds",
            ),
            Param::new(
                "group",
                ParamKind::Choice { choices: vec!["video".to_owned(), "clip".to_owned()] },
                ParamValue::Text("video".to_owned()),
                "what is resampled as a whole",
            ),
        ]),
        item: "frame".to_owned(),
        resampling_unit: "video".to_owned(),
        rules: "Predictions of a frame go by descending score, of equal scores the later one of the list first, and each \
            takes the free object that it overlaps most, of equal overlaps the first. Overlaps are those of whole \
            pixels: a box from 0 to 99 is 100 wide. An overlap equal to the threshold is no match, a difference of time \
            equal to the threshold is one. Top-5: of a frame with n objects the 4 n best scored false positives do not \
            count, for each metric by itself, whatever their nouns. Over all frames equal scores go by frame, the later \
            one of the annotations first, within a frame by the list, the earlier one first. Predictions of nouns that \
            the truth lacks take part in the top-5 rule and in nothing else. A noun without weighted objects leaves the \
            mean.\n\n**Strict:** every uid has a list; the objects of a frame with an empty list count as not found; a \
            box whose corners are in the wrong order is a fault; numbers may be written as `1` or `1.0`.\n\n\
            **Reference:** as in the public code, a frame with an empty list leaves the score together with its objects; \
            a reversed box has no area; `true` is the category 1."
            .to_owned(),
        references: vec![
            Reference {
                title: "Grauman et al., Ego4D: Around the World in 3,000 Hours of Egocentric Video (2022)".to_owned(),
                url: "https://arxiv.org/abs/2110.07058".to_owned(),
            },
            Reference {
                title: "public evaluation code".to_owned(),
                url: "https://github.com/EGO4D/forecasting".to_owned(),
            },
        ],
    }
}
