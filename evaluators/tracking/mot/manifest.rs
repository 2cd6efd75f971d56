//! What is documented of multiple object tracking.

use sdk::files::ARCHIVE;
use sdk::{Format, Manifest, Param, ParamKind, ParamValue, Reference, Schema};

use crate::measures::{Which, metrics};

const ANNOTATIONS: &str = "\
1,1,100,200,50,120,1,1,1.0
1,2,400,210,45,110,1,1,0.8
2,1,104,200,50,120,1,1,1.0
2,2,402,210,45,110,1,1,0.6
2,3,700,300,60,140,0,12,1.0
";

const SUBMISSION: &str = "\
1,7,101,198,50,121,0.93,-1,-1,-1
1,9,398,212,46,108,0.71,-1,-1,-1
2,7,105,199,50,121,0.95,-1,-1,-1
2,8,701,301,60,140,0.55,-1,-1,-1
";

/// Multiple object tracking.
pub(super) fn manifest() -> Manifest {
    Manifest {
        id: "tracking_mot".to_owned(),
        version: "1".to_owned(),
        title: "Multiple object tracking (MOTChallenge)".to_owned(),
        description: "Everybody in a video is found in every frame, and keeps one identity over the whole sequence. \
            Boxes with identities are compared with true ones by HOTA, CLEAR (MOTA) and Identity (IDF1)."
            .to_owned(),
        annotations: vec![Format {
            name: "main".to_owned(),
            media_type: ARCHIVE.to_owned(),
            optional: false,
            description: "A folder or zip archive as MOTChallenge publishes it: `NAME/gt/gt.txt` with rows \
                `frame,id,left,top,width,height,consider,class,visibility`, frames counted from 1, and `NAME/seqinfo.ini` \
                with a line `seqLength=FRAMES`. A list `seqmap.txt` (a header, then a name per line) chooses the sequences \
                and their order; without it all are scored. Rows whose `consider` is 0 are not scored. A single text file \
                of rows, as the example, is a single sequence. Sequences without `seqinfo.ini` take boxes in any frame."
                .to_owned(),
            example: ANNOTATIONS.to_owned(),
        }],
        unannotated: Some(Format::unannotated(
            ARCHIVE,
            "The folder or archive of the test set: a `NAME/seqinfo.ini` for every sequence, without `gt`. A single \
             `seqinfo.ini`, as the example, is a single sequence.",
            "[Sequence]\nname=MOT17-01\nseqLength=2\n",
        )),
        submission: Format {
            name: "submission".to_owned(),
            media_type: ARCHIVE.to_owned(),
            optional: false,
            description: "A zip archive with a file `NAME.txt` for every sequence, in any folder; an empty file where \
                nothing was found. Rows are `frame,id,left,top,width,height,confidence,-1,-1,-1` in pixels, in any order, \
                an id once per frame; the confidence is not looked at. Where there is a single sequence its text file \
                alone is enough, as in the example."
                .to_owned(),
            example: SUBMISSION.to_owned(),
        },
        metrics: metrics(Which::TrackEval),
        params: Schema(vec![
            Param::new(
                "benchmark",
                ParamKind::Choice { choices: ["mot15", "mot16", "mot17", "mot20"].map(str::to_owned).to_vec() },
                ParamValue::Text("mot17".to_owned()),
                "whose rules say which true boxes are scored: in MOT15 all that are to be considered, else only \
                 pedestrians (class 1), and predicted boxes on distractors (classes 2, 7, 8, 12; in MOT20 also 6) are \
                 forgiven",
            ),
            Param::new(
                "preprocess",
                ParamKind::Boolean,
                ParamValue::Boolean(true),
                "whether classes count at all; without it every benchmark is read as MOT15",
            ),
        ]),
        item: "sequence".to_owned(),
        resampling_unit: "sequence".to_owned(),
        rules: RULES.to_owned(),
        references: vec![
            Reference {
                title: "Luiten et al., HOTA: A Higher Order Metric for Evaluating Multi-Object Tracking (2021)"
                    .to_owned(),
                url: "https://arxiv.org/abs/2009.07736".to_owned(),
            },
            Reference {
                title: "Bernardin and Stiefelhagen, Evaluating Multiple Object Tracking Performance: The CLEAR MOT \
                    Metrics (2008)"
                    .to_owned(),
                url: "https://doi.org/10.1155/2008/246309".to_owned(),
            },
            Reference {
                title: "Ristani et al., Performance Measures and a Data Set for Multi-Target, Multi-Camera Tracking \
                    (2016)"
                    .to_owned(),
                url: "https://arxiv.org/abs/1609.01775".to_owned(),
            },
            Reference {
                title: "TrackEval 1.3.0, the public evaluation code".to_owned(),
                url: "https://github.com/JonathonLuiten/TrackEval".to_owned(),
            },
        ],
    }
}

const RULES: &str = "Similarity is intersection over union; a box without area overlaps nothing. HOTA matches the boxes of \
    a frame once, by similarity times the overlap of the whole tracks, and then asks for every threshold alpha whether a \
    pair reaches it. CLEAR first keeps the pairs of the frame before that still reach 0.5; a frame in which either side \
    is empty is no frame before. Identity gives every true track at most one predicted track.\n\n**Ties:** of equally \
    good assignments the one of SciPy's `linear_sum_assignment` counts, rows and columns in the order of the files, so \
    that the order of rows matters only where boxes of a frame tie. Identity has no ties: all best choices identify \
    equally many boxes.\n\n**Weights:** sequences are added up as in the public code: counts are summed, means are taken \
    over all true positives. A denominator of 0 counts as 1 (MOTA of a truth without boxes is minus the number of \
    predicted boxes), LocA of nothing is 1.\n\n**Strict:** sequences that are not of the split, negative sides and \
    fractions of frames or ids are faults. **Reference:** as in the public code such sequences are not read, a box with a \
    negative side overlaps nothing, and fractions are cut off.";
