//! The truths of the speech evaluators.

use super::{CANARY, Truth};

pub(crate) const TRUTHS: &[Truth] = &[
    Truth {
        evaluators: &["asr"],
        params: &[("normalizer", "plain")],
        main: "id,text\nu1,put the zanzibar down\nu2,\nu3,don't  touch\n",
        twin: "id,text\nu1,\nu2,zanzibar zanzibar\nu3,a\n",
        canary: CANARY,
    },
    Truth {
        evaluators: &["asr_trn"],
        params: &[("optional_words", "true"), ("fragments", "true")],
        main: ";; words\nput { um / uh zanzibar / @ } the (cup) down (anna-1)\nzan- touch it (ben_1)\n",
        twin: "zanzibar (anna-1)\n(ben_1)\n",
        canary: CANARY,
    },
    Truth {
        evaluators: &["asr_stm"],
        params: &[("silent_ends", "ignored")],
        main: "talk1 1 anna 0.0 2.5 <o,f0> put { um / zanzibar } down\ntalk1 1 ben 3.0 4.0 touch it\ntalk2 A ben 0 1 a\n",
        twin: "talk1 1 zed 0.5 1.5\ntalk1 1 anna 8.0 9.0 zanzibar\ntalk2 A ben 2 2 b c\n",
        canary: CANARY,
    },
    Truth {
        evaluators: &["ego4d_transcription"],
        params: &[],
        main: r#"{"c1": [{"channel": "1", "speaker": "zanzibar", "tb": 0.5, "te": 2.5, "txt": "put the cup down"},
            {"channel": "1", "speaker": "2", "tb": 3.0, "te": 4.0, "txt": "don't"}],
            "c2": [{"channel": "1", "speaker": "0", "tb": 0, "te": 1, "txt": "a"}]}"#,
        twin: r#"{"c1": [{"channel": "1", "speaker": "0", "tb": 5.5, "te": 7.5, "txt": "zanzibar"},
            {"channel": "1", "speaker": "0", "tb": 8, "te": 8, "txt": ""}],
            "c2": [{"channel": "1", "speaker": "1", "tb": 0.3, "te": 9, "txt": "{ b / c d } e"}]}"#,
        canary: CANARY,
    },
    Truth {
        evaluators: &["diarization"],
        params: &[("collar", "0.5")],
        main: "SPEAKER talk1 1 0.00 5.00 <NA> <NA> zanzibar <NA> <NA>\nSPEAKER talk1 1 4.00 3.00 <NA> <NA> ben <NA> <NA>\n\
            SPEAKER talk2 1 1.00 0.50 <NA> <NA> ben <NA> <NA>\n",
        twin: "SPEAKER talk1 1 9.25 1.00 <NA> <NA> ben <NA> <NA>\nSPEAKER talk2 1 0.00 0.00 <NA> <NA> zanzibar <NA> <NA>\n",
        canary: CANARY,
    },
    Truth {
        evaluators: &["ego4d_diarization", "ego4d_diarization_audio_only"],
        params: &[],
        main: r#"{"videos": [{"video_uid": "v1", "clips": [{"clip_uid": "c1", "persons": [
            {"person_id": "0", "voice_segments": [{"start_time": 0, "end_time": 5, "person": "zanzibar"}]},
            {"person_id": "1", "voice_segments": [{"start_time": 4, "end_time": 7, "person": "1"}]}]},
            {"clip_uid": "c2", "persons": []}]}]}"#,
        twin: r#"{"videos": [{"video_uid": "v1", "clips": [{"clip_uid": "c1", "persons": []},
            {"clip_uid": "c2", "persons": [
            {"person_id": "0", "voice_segments": [{"start_time": 2.5, "end_time": 2.75, "person": "zanzibar"}]}]}]}]}"#,
        canary: CANARY,
    },
];
