//! What differs between what an organizer says and what a server has, field by field.

use serde_json::{Map, Value};

/// A field that is to change.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Change {
    /// Its path: `quota.per_day`.
    pub(super) path: String,
    /// What it is; `Null` when it is not set.
    pub(super) from: Value,
    /// What it is to be.
    pub(super) to: Value,
}

/// The longest text that is shown in full.
const SHOWN: usize = 60;

/// The fields of `wanted` that `present` has otherwise; what `present` has beyond them is left alone.
pub(super) fn changed_fields(
    wanted: &Map<String, Value>,
    present: &Map<String, Value>,
) -> Map<String, Value> {
    let differs =
        |(name, value): &(&String, &Value)| !same(value, present.get(*name).unwrap_or(&Value::Null));
    wanted.iter().filter(differs).map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// The same as changes to show, down to the innermost fields.
pub(super) fn changes(wanted: &Map<String, Value>, present: &Map<String, Value>) -> Vec<Change> {
    let mut found = Vec::new();
    for (name, to) in wanted {
        collect(name, present.get(name).unwrap_or(&Value::Null), to, &mut found);
    }
    found
}

fn collect(path: &str, from: &Value, to: &Value, found: &mut Vec<Change>) {
    if same(from, to) {
        return;
    }
    match (from, to) {
        (Value::Object(_) | Value::Null, Value::Object(to)) => {
            let nothing = Map::new();
            let from = from.as_object().unwrap_or(&nothing);
            let mut names: Vec<&String> = from.keys().chain(to.keys()).collect();
            names.sort();
            names.dedup();
            for name in names {
                let (from, to) =
                    (from.get(name).unwrap_or(&Value::Null), to.get(name).unwrap_or(&Value::Null));
                collect(&format!("{path}.{name}"), from, to, found);
            }
        }
        _ => found.push(Change { path: path.to_owned(), from: from.clone(), to: to.clone() }),
    }
}

/// Whether two values say the same: an absent field is null, an empty list, table or text says nothing,
/// and 1 is 1.0.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            let names = a.keys().chain(b.keys());
            let null = &Value::Null;
            names.into_iter().all(|name| same(a.get(name).unwrap_or(null), b.get(name).unwrap_or(null)))
        }
        _ => a == b || (says_nothing(a) && says_nothing(b)),
    }
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.values().all(says_nothing),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

impl Change {
    /// The change on one line.
    pub(super) fn line(&self) -> String {
        match (says_nothing(&self.from), says_nothing(&self.to)) {
            (true, _) => format!("+ {}: {}", self.path, shown(&self.to)),
            (false, true) => format!("- {}: {}", self.path, shown(&self.from)),
            (false, false) => format!("~ {}: {} -> {}", self.path, shown(&self.from), shown(&self.to)),
        }
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= SHOWN {
        return text;
    }
    let start: String = text.chars().take(SHOWN).collect();
    let length = text.chars().count();
    format!("{start}… ({length} characters)")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn lines(wanted: Value, present: Value) -> Vec<String> {
        let (Value::Object(wanted), Value::Object(present)) = (wanted, present) else { panic!("objects") };
        let sent = changed_fields(&wanted, &present);
        let shown = changes(&wanted, &present);
        assert_eq!(sent.is_empty(), shown.is_empty(), "{sent:?} {shown:?}");
        shown.iter().map(Change::line).collect()
    }

    #[test]
    fn what_says_the_same_is_no_change() {
        let wanted =
            json!({ "quota": { "per_day": 5 }, "params": {}, "terms": "", "x": 1.0, "edition": null });
        let present =
            json!({ "quota": { "per_day": 5, "total": null }, "x": 1, "id": "beyond", "edition": "" });
        assert_eq!(lines(wanted, present), Vec::<String>::new());
    }

    #[test]
    fn changes_are_told_at_the_innermost_field() {
        let wanted =
            json!({ "quota": { "per_day": 5, "total": 9 }, "title": "B", "closes_at": null, "n": [1, 2] });
        let present = json!({ "quota": { "per_day": 4 }, "title": "A", "closes_at": "2026", "n": [1] });
        let expected = [
            "- closes_at: \"2026\"",
            "~ n: [1] -> [1,2]",
            "~ quota.per_day: 4 -> 5",
            "+ quota.total: 9",
            "~ title: \"A\" -> \"B\"",
        ];
        assert_eq!(lines(wanted, present), expected);
    }

    #[test]
    fn a_long_text_is_not_poured_over_the_screen() {
        let line = lines(json!({ "terms": "a".repeat(500) }), json!({})).remove(0);
        assert!(line.ends_with("aaa… (502 characters)") && line.len() < 120, "{line}");
    }
}
