//! What is documented of Future Hand Prediction.

use sdk::{Format, Manifest, Param, ParamKind, ParamValue, Reference, Schema};

use crate::metric::lower;

const ANNOTATIONS: &str = r#"{"2152_63227": [430.2, 109.4, 0, 0, 453.5, 113.8, 3.3, 212.8, 398.4, 201.7,
                359.6, 32.3, 0, 0, 0, 0, 105.2, 110.5, 124.0, 153.9]}"#;

const SUBMISSION: &str = r#"{"2152_63227": [12906, 3282, 0, 0, 13605, 3414, 99, 6384, 11952, 6051,
                10788, 969, 0, 0, 0, 0, 3156, 3315, 3720, 4617]}"#;

/// Ego4D Future Hand Prediction.
pub(super) fn manifest() -> Manifest {
    Manifest {
        id: "ego4d_fhp".to_owned(),
        version: "1".to_owned(),
        title: "Ego4D Future Hand Prediction".to_owned(),
        description: "Where the camera wearer's hands will be, in pixels, in five frames up to the contact with an object."
            .to_owned(),
        annotations: vec![Format {
            name: "main".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "For every instance `CLIP_FRAME` twenty numbers: x and y of the left hand, x and y of the right \
                hand, in each of five frames (1.5, 1.0 and 0.5 seconds before the last frame before the contact, that \
                frame, and the contact itself). A hand at exactly 0, 0 is not visible and does not count."
                .to_owned(),
            example: ANNOTATIONS.to_owned(),
        }],
        unannotated: Some(Format::unannotated(
            "application/json",
            "The instances alone; whatever stands under their names is not looked at.",
            r#"{"2152_63227": []}"#,
        )),
        submission: Format {
            name: "submission".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "The same twenty numbers for every instance, **each the sum over 30 views of the clip**, as the \
                public code writes them: they are divided by 30. A file of averages says so by a key `\"averaged\": true` \
                beside the instances."
                .to_owned(),
            example: SUBMISSION.to_owned(),
        },
        metrics: vec![
            lower("Total", "pixels", 2, "the sum of the four displacements"),
            lower("L_MDisp", "pixels", 2, "the mean distance of the left hand over all visible frames of all instances"),
            lower("R_MDisp", "pixels", 2, "the mean distance of the right hand over all visible frames of all instances"),
            lower("L_CDisp", "pixels", 2, "the mean distance of the left hand in the frame of the contact, where visible"),
            lower("R_CDisp", "pixels", 2, "the mean distance of the right hand in the frame of the contact, where visible"),
        ],
        params: Schema(vec![Param::new(
            "views",
            ParamKind::Integer { minimum: 1, maximum: 1000 },
            ParamValue::Integer(30),
            "over how many views of a clip the numbers of a submission are summed; they are divided by it",
        )]),
        item: "instance".to_owned(),
        resampling_unit: "clip".to_owned(),
        rules: "Distances are Euclidean. A hand is left out where both of its true coordinates are exactly 0, and counts \
            where only one is. Without any visible hand a displacement is undefined.\n\n**Strict:** every instance has \
            exactly twenty numbers, and no other instance is named.\n\n**Reference:** as in the public code, instances \
            that were not sent leave the score, numbers after the twentieth are not looked at, and there is no key \
            `averaged`."
            .to_owned(),
        references: vec![
            Reference {
                title: "Grauman et al., Ego4D: Around the World in 3,000 Hours of Egocentric Video (2022)".to_owned(),
                url: "https://arxiv.org/abs/2110.07058".to_owned(),
            },
            Reference {
                title: "public evaluation code".to_owned(),
                url: "https://github.com/EGO4D/forecasting/tree/main/Ego4D-Future-Hand-Prediction".to_owned(),
            },
        ],
    }
}
