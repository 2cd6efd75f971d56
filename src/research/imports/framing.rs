//! A framing in a file: a table of fields and values, or what a dataset's Croissant description says.
//!
//! What the file says is laid over a framing to begin with; what it does not say stays as it was.

mod croissant;
mod table;

use std::collections::BTreeSet;

use domain::framing::{FramingDraft, LONGEST_TEXT, NOT_DISCLOSED, Told};
use sdk::{Code, Fault, Faults, Limits};
use serde_json::{Value, json};

use crate::nearest::{nearest, with_suggestion};
use crate::vocabularies::{UnknownCode, Vocabularies};

/// What a field holds.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    /// A code of a vocabulary.
    Code(&'static str),
    Told,
    Count,
    /// Codes of a vocabulary, the field once for each.
    Codes(&'static str),
    /// Texts, likewise.
    Texts,
    /// `role:involvement`, likewise.
    Parties,
}

/// The fields of a framing as files name them; those of a decision behind `decision.`, as in `challenge.toml`.
const FIELDS: [(&str, Kind); 23] = [
    ("unit", Kind::Code("framing.unit")),
    ("instance_rule", Kind::Text),
    ("label_source", Kind::Code("framing.label_source")),
    ("label_count", Kind::Count),
    ("perspective", Kind::Code("perspective")),
    ("intent_recorded", Kind::Told),
    ("affect_recorded", Kind::Told),
    ("speech_recorded", Kind::Told),
    ("temporal_direction", Kind::Code("framing.temporal_direction")),
    ("closed_world", Kind::Told),
    ("negative_rule", Kind::Code("framing.negative_rule")),
    ("ambiguity_policy", Kind::Code("framing.ambiguity_policy")),
    ("imagined_user", Kind::Text),
    ("imagined_application", Kind::Code("imagined_application")),
    ("stated_goal", Kind::Text),
    ("goal_source", Kind::Text),
    ("unscoreable", Kind::Codes("framing.unscoreable")),
    ("decision.decider_role", Kind::Code("decider_role")),
    ("decision.authority_basis", Kind::Code("authority_basis")),
    ("decision.rationale_code", Kind::Code("rationale")),
    ("decision.rationale", Kind::Text),
    ("decision.alternatives", Kind::Texts),
    ("decision.parties", Kind::Parties),
];

/// A framing with what a file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FramingFile {
    /// The framing.
    pub framing: FramingDraft,
    /// The fields that the file says something of, each once; those of the decision behind `decision.`.
    pub said: BTreeSet<&'static str>,
}

/// One thing that a file says.
struct Saying {
    field: String,
    value: String,
    /// A fault at its place, given what was expected.
    fault: Box<Refusing>,
}

/// Makes a fault of what was expected.
type Refusing = dyn Fn(Code, &str) -> Fault;

/// Reads a file and lays it over `proposal`: Croissant where it begins with `{`, else CSV with the columns `field` and `value`.
///
/// Of Croissant count the framing in our terms (`fr:taskFraming`), where there is one, the first use case or else the description as
/// the stated goal, and the citation or else the address as its source: nothing else in it says how a task frames what it counts.
/// Faults, all at once, each with its line or pointer: fields that do not exist, codes of no vocabulary (with the nearest),
/// answers that are none, numbers that are none, texts that are too long, and fields that stand twice.
pub fn read_framing(bytes: &[u8], limits: &Limits, proposal: &FramingDraft) -> Result<FramingFile, Faults> {
    let is_object = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    let sayings = if is_object { croissant::read(bytes, limits)? } else { table::read(bytes, limits)? };
    let mut faults = Faults::new();
    let mut said = BTreeSet::new();
    let mut written = serde_json::to_value(proposal).unwrap_or_default();
    for saying in &sayings {
        if let Err(fault) = take(saying, &mut said, &mut written) {
            faults.push_with(|| *fault);
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    match serde_json::from_value(written) {
        Ok(framing) => Ok(FramingFile { framing, said }),
        Err(error) => {
            let message = "the file makes no framing";
            Err(Faults::one(Fault::whole(Code::WrongShape, message, "a framing", error.to_string())))
        }
    }
}

/// Writes what is said into the framing.
fn take(saying: &Saying, said: &mut BTreeSet<&'static str>, framing: &mut Value) -> Result<(), Box<Fault>> {
    let wrong = |code, expected: &str| Box::new((saying.fault)(code, expected));
    let Some((name, kind)) = FIELDS.into_iter().find(|(known, _)| *known == saying.field) else {
        let near = nearest(&saying.field, FIELDS.map(|(known, _)| known));
        return Err(Box::new(with_suggestion(*wrong(Code::UnknownField, "a field of a framing"), &near)));
    };
    let text = saying.value.trim();
    if text.len() > LONGEST_TEXT {
        return Err(wrong(Code::TooLarge, &format!("at most {LONGEST_TEXT} bytes")));
    }
    let value = match kind {
        Kind::Text | Kind::Texts => json!(text),
        Kind::Code(vocabulary) | Kind::Codes(vocabulary) => coded(saying, vocabulary, text)?,
        Kind::Told => {
            Told::parse(text).map_err(|_| wrong(Code::OutOfRange, "yes, no or not_disclosed"))?;
            json!(text)
        }
        Kind::Count => match text.parse::<u32>() {
            Ok(count) if count > 0 => json!(count),
            _ => return Err(wrong(Code::NotANumber, "a whole number from 1")),
        },
        Kind::Parties => {
            let expected = "role:involvement, as in annotator:affected_not_informed";
            let (role, involvement) =
                text.split_once(':').ok_or_else(|| wrong(Code::WrongShape, expected))?;
            let role = coded(saying, "chain_role", role.trim())?;
            json!({"role": role, "involvement": coded(saying, "involvement", involvement.trim())?})
        }
    };
    let is_first = said.insert(name);
    let Some(place) = framing.pointer_mut(&format!("/{}", name.replace('.', "/"))) else {
        return Err(wrong(Code::UnknownField, "a field of a framing"));
    };
    match kind {
        Kind::Codes(_) | Kind::Texts | Kind::Parties => {
            if is_first {
                *place = json!([]);
            }
            place.as_array_mut().into_iter().for_each(|values| values.push(value.clone()));
        }
        _ if !is_first => return Err(wrong(Code::DuplicateKey, "every field once")),
        _ => *place = value,
    }
    Ok(())
}

/// A code of a vocabulary, or that nobody says.
fn coded(saying: &Saying, vocabulary: &str, code: &str) -> Result<Value, Box<Fault>> {
    match Vocabularies::shipped().code(vocabulary, code) {
        Ok(_) => Ok(json!(code)),
        Err(_) if code == NOT_DISCLOSED => Ok(json!(code)),
        Err(UnknownCode::Code { nearest: near, .. } | UnknownCode::Vocabulary { nearest: near, .. }) => {
            let near: Vec<&str> = near.iter().map(String::as_str).collect();
            let expected = format!("a code of {vocabulary}, or {NOT_DISCLOSED}");
            Err(Box::new(with_suggestion((saying.fault)(Code::UnknownLabel, &expected), &near)))
        }
    }
}

#[cfg(test)]
mod tests;
