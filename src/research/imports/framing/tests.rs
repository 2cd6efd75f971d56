use domain::framing::{DecisionDraft, FramingDraft, Party, Told};
use sdk::fault::Place;
use serde_json::{Value, json};

use super::*;
use crate::imports::limits;

/// A framing of which hardly anything is said.
fn proposal() -> FramingDraft {
    let said = json!({"unit": "clip", "label_source": NOT_DISCLOSED, "perspective": NOT_DISCLOSED,
        "stated_goal": "Find moments.", "unscoreable": ["redacted_interval"]});
    serde_json::from_value(said).unwrap()
}

fn read(text: &str) -> Result<FramingFile, Faults> {
    read_framing(text.as_bytes(), &limits(), &proposal())
}

#[test]
fn a_table_is_laid_over_what_was_proposed() {
    let table = "field,value\nunit,segment\nlabel_count,110\nintent_recorded,no\nunscoreable,no_label_in_list\n\
        decision.parties,annotator:affected_not_informed\ndecision.alternatives,\"Ask them, first.\"\n\
        decision.alternatives,Ask nobody.\nimagined_user,\n";
    let read = read(table).unwrap();
    let expected = FramingDraft {
        unit: "segment".into(),
        label_count: Some(110),
        intent_recorded: Told::No,
        unscoreable: ["no_label_in_list".to_owned()].into(),
        decision: DecisionDraft {
            alternatives: vec!["Ask them, first.".into(), "Ask nobody.".into()],
            parties: [Party { role: "annotator".into(), involvement: "affected_not_informed".into() }].into(),
            ..DecisionDraft::default()
        },
        ..proposal()
    };
    assert_eq!(read.framing, expected, "what is left empty is not said");
    assert!(read.said.contains("decision.alternatives") && !read.said.contains("imagined_user"));
    assert_eq!(read.said.len(), 6);
}

#[test]
fn every_fault_is_told_at_its_line_with_what_was_probably_meant() {
    let table = "field,value\nunits,segment\nperspective,third_party_anotator\nclosed_world,maybe\nlabel_count,0\n\
        unit,clip\nunit,clip\ndecision.parties,annotator\n";
    let faults = read(table).unwrap_err();
    let places: Vec<&Place> = faults.faults.iter().map(|fault| &fault.place).collect();
    assert_eq!(places, [2, 3, 4, 5, 7, 8].map(Place::Line).iter().collect::<Vec<_>>());
    let hints: Vec<&str> = faults.faults.iter().filter_map(|fault| fault.hint.as_deref()).collect();
    assert!(hints[0].contains("\"unit\"") && hints[1].contains("\"third_party_annotator\""), "{hints:?}");
}

#[test]
fn what_croissant_says_of_a_framing_is_taken_from_it() {
    let framing = json!({"@type": "fr:TaskFraming", "fr:unitOfActivity": {"@id": "fr:segment"},
        "fr:perspective": {"@id": "https://bench.example.org/ns/framing#camera_wearer"},
        "fr:wearerIntentRecorded": false, "fr:closedWorld": {"@id": "fr:not_disclosed"}, "fr:labelCount": 12,
        "fr:instanceRule": {"@value": "One cut.", "@language": "en"},
        "fr:unscoreable": [{"@id": "fr:no_label_in_list"}]});
    let file = json!({"name": "days", "description": "Long.", "rai:dataUseCases": ["Find when something is done."],
        "citeAs": "A paper (2026).", "fr:taskFraming": framing});
    let read = read(&file.to_string()).unwrap();
    let found = &read.framing;
    assert_eq!((found.unit.as_str(), found.perspective.as_str()), ("segment", "camera_wearer"));
    assert_eq!((found.intent_recorded, found.closed_world), (Told::No, Told::NotDisclosed));
    assert_eq!((found.label_count, found.instance_rule.as_str()), (Some(12), "One cut."));
    assert_eq!(found.unscoreable, ["no_label_in_list".to_owned()].into());
    assert_eq!(found.stated_goal, "Find when something is done.");
    assert_eq!(found.goal_source, "A paper (2026).");
    assert!(!read.said.contains("label_source"), "of which it says nothing");
}

#[test]
fn croissant_of_others_tells_the_goal_and_no_more() {
    let long = format!("ä{}", "x".repeat(600));
    let file = json!({"sc:description": long, "sc:url": "https://example.org/days"});
    let read = read(&file.to_string()).unwrap();
    assert_eq!(read.said.into_iter().collect::<Vec<_>>(), ["goal_source", "stated_goal"]);
    assert_eq!((read.framing.stated_goal.len(), read.framing.unit.as_str()), (500, "clip"));
}

#[test]
fn croissant_that_is_wrong_is_refused_with_a_pointer() {
    let wrong =
        json!({"fr:taskFraming": {"fr:unitOfActivity": {"@id": "fr:segmnt"}, "fr:closedWorld": {"a": 1}}});
    let faults = read(&wrong.to_string()).unwrap_err();
    let pointers: Vec<Value> = faults.faults.iter().map(|fault| json!(fault.place)).collect();
    let expected = ["/fr:taskFraming/fr:unitOfActivity", "/fr:taskFraming/fr:closedWorld"];
    assert_eq!(pointers, expected.map(|pointer| json!({"pointer": pointer})));
    for (text, code) in [
        ("{", Code::InvalidJson),
        ("{}", Code::MissingField),
        ("", Code::EmptySubmission),
        ("field\nunit\n", Code::MissingColumn),
    ] {
        assert_eq!(read(text).unwrap_err().faults[0].code, code, "{text}");
    }
    let deep = format!("{{\"a\":{}", "[".repeat(10_000));
    assert_eq!(read(&deep).unwrap_err().faults[0].code, Code::InvalidJson);
}
