//! Parameters of an evaluator: a typed schema, and values that were checked against it.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A value of a parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ParamValue {
    /// Yes or no.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A finite number.
    Number(f64),
    /// A text.
    Text(String),
    /// Finite numbers.
    Numbers(Vec<f64>),
    /// Texts.
    Texts(Vec<String>),
}

/// What values a parameter takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ParamKind {
    /// Yes or no.
    Boolean,
    /// A whole number between the bounds, both included.
    Integer {
        /// The smallest value.
        minimum: i64,
        /// The largest value.
        maximum: i64,
    },
    /// A number between the bounds, both included.
    Number {
        /// The smallest value.
        minimum: f64,
        /// The largest value.
        maximum: f64,
    },
    /// Any text.
    Text,
    /// One of a few words.
    Choice {
        /// The words.
        choices: Vec<String>,
    },
    /// A list of distinct numbers between the bounds, both included.
    Numbers {
        /// The smallest value.
        minimum: f64,
        /// The largest value.
        maximum: f64,
        /// The longest list.
        most: usize,
    },
    /// A list of distinct texts.
    Texts,
}

/// One parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Param {
    /// The name.
    pub name: String,
    /// The values it takes.
    pub kind: ParamKind,
    /// The value when none is given; a parameter without default may stay unset.
    pub default: Option<ParamValue>,
    /// What it changes.
    pub description: String,
}

impl Param {
    /// A parameter with a default.
    pub fn new(
        name: impl Into<String>,
        kind: ParamKind,
        default: ParamValue,
        description: impl Into<String>,
    ) -> Self {
        Self { name: name.into(), kind, default: Some(default), description: description.into() }
    }

    /// A parameter that may stay unset.
    pub fn optional(name: impl Into<String>, kind: ParamKind, description: impl Into<String>) -> Self {
        Self { name: name.into(), kind, default: None, description: description.into() }
    }
}

/// The parameters of an evaluator.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Schema(pub Vec<Param>);

impl Schema {
    /// The schema as a JSON Schema (2020-12) document.
    pub fn json_schema(&self) -> Value {
        let properties: serde_json::Map<String, Value> =
            self.0.iter().map(|param| (param.name.clone(), property(param))).collect();
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "additionalProperties": false,
            "properties": properties,
        })
    }

    fn find(&self, name: &str) -> Result<&Param, ParamError> {
        self.0.iter().find(|param| param.name == name).ok_or_else(|| ParamError {
            param: name.to_owned(),
            problem: if self.0.is_empty() {
                "unknown: this evaluator has no parameters".to_owned()
            } else {
                let known: Vec<&str> = self.0.iter().map(|param| param.name.as_str()).collect();
                format!("unknown; the parameters are {}", known.join(", "))
            },
        })
    }
}

fn property(param: &Param) -> Value {
    let mut property = match &param.kind {
        ParamKind::Boolean => json!({"type": "boolean"}),
        ParamKind::Integer { minimum, maximum } => {
            json!({"type": "integer", "minimum": minimum, "maximum": maximum})
        }
        ParamKind::Number { minimum, maximum } => {
            json!({"type": "number", "minimum": minimum, "maximum": maximum})
        }
        ParamKind::Text => json!({"type": "string"}),
        ParamKind::Choice { choices } => json!({"type": "string", "enum": choices}),
        ParamKind::Numbers { minimum, maximum, most } => json!({
            "type": "array", "minItems": 1, "maxItems": most, "uniqueItems": true,
            "items": {"type": "number", "minimum": minimum, "maximum": maximum},
        }),
        ParamKind::Texts => {
            json!({"type": "array", "uniqueItems": true, "items": {"type": "string"}})
        }
    };
    property["description"] = json!(param.description);
    if let Some(default) = &param.default {
        property["default"] = json!(default);
    }
    property
}

/// Why a parameter is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("parameter {param:?} is {problem}")]
pub struct ParamError {
    /// The name of the parameter.
    pub param: String,
    /// What is wrong with it.
    pub problem: String,
}

/// Values that were checked against a [`Schema`], defaults filled in.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Params(BTreeMap<String, ParamValue>);

impl Params {
    /// The defaults of a schema.
    pub fn defaults(schema: &Schema) -> Self {
        let defaults = schema.0.iter();
        Self(defaults.filter_map(|param| Some((param.name.clone(), param.default.clone()?))).collect())
    }

    /// Values from a JSON object; `null` stands for no values at all.
    pub fn parse(schema: &Schema, values: &Value) -> Result<Self, ParamError> {
        let mut params = Self::defaults(schema);
        let given = match values {
            Value::Null => return Ok(params),
            Value::Object(given) => given,
            other => {
                return Err(ParamError {
                    param: String::new(),
                    problem: format!("wrong: the parameters are an object, not {other}"),
                });
            }
        };
        for (name, value) in given {
            let param = schema.find(name)?;
            params.0.insert(name.clone(), checked(param, value)?);
        }
        Ok(params)
    }

    /// Values from `name=value` texts, as on a command line; lists are separated by commas.
    pub fn from_pairs<'a>(
        schema: &Schema,
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, ParamError> {
        let mut values = serde_json::Map::new();
        for (name, text) in pairs {
            let param = schema.find(name)?;
            let elements = || text.split(',').map(str::trim).filter(|element| !element.is_empty());
            let value = match &param.kind {
                ParamKind::Text | ParamKind::Choice { .. } => Value::from(text),
                ParamKind::Texts if text.starts_with('[') => literal(text),
                ParamKind::Texts => elements().map(Value::from).collect(),
                ParamKind::Numbers { .. } if text.starts_with('[') => literal(text),
                ParamKind::Numbers { .. } => elements().map(literal).collect(),
                ParamKind::Boolean | ParamKind::Integer { .. } | ParamKind::Number { .. } => literal(text),
            };
            if values.insert(name.to_owned(), value).is_some() {
                return Err(ParamError { param: name.to_owned(), problem: "given twice".to_owned() });
            }
        }
        Self::parse(schema, &Value::Object(values))
    }

    /// The value of a parameter, if it is set.
    pub fn get(&self, name: &str) -> Option<&ParamValue> {
        self.0.get(name)
    }

    /// A text or a choice, if it is set.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(ParamValue::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A number (or a whole number), if it is set.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.get(name) {
            Some(ParamValue::Number(number)) => Some(*number),
            Some(ParamValue::Integer(integer)) => Some(*integer as f64),
            _ => None,
        }
    }

    /// A whole number, if it is set.
    pub fn integer(&self, name: &str) -> Option<i64> {
        match self.get(name) {
            Some(ParamValue::Integer(integer)) => Some(*integer),
            _ => None,
        }
    }

    /// A yes or no, if it is set.
    pub fn boolean(&self, name: &str) -> Option<bool> {
        match self.get(name) {
            Some(ParamValue::Boolean(boolean)) => Some(*boolean),
            _ => None,
        }
    }

    /// A list of numbers, if it is set.
    pub fn numbers(&self, name: &str) -> Option<&[f64]> {
        match self.get(name) {
            Some(ParamValue::Numbers(numbers)) => Some(numbers),
            _ => None,
        }
    }

    /// A list of texts, if it is set.
    pub fn texts(&self, name: &str) -> Option<&[String]> {
        match self.get(name) {
            Some(ParamValue::Texts(texts)) => Some(texts),
            _ => None,
        }
    }
}

/// The canonical JSON text: equal parameters have equal texts, so that it can be part of a key.
impl fmt::Display for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(&self.0).map_err(|_| fmt::Error)?)
    }
}

fn literal(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}

fn checked(param: &Param, value: &Value) -> Result<ParamValue, ParamError> {
    let refuse = |wanted: String| ParamError {
        param: param.name.clone(),
        problem: format!("wrong: {wanted} is wanted, not {value}"),
    };
    match &param.kind {
        ParamKind::Boolean => {
            value.as_bool().map(ParamValue::Boolean).ok_or_else(|| refuse("true or false".to_owned()))
        }
        ParamKind::Integer { minimum, maximum } => value
            .as_i64()
            .filter(|integer| (minimum..=maximum).contains(&integer))
            .map(ParamValue::Integer)
            .ok_or_else(|| refuse(format!("a whole number from {minimum} to {maximum}"))),
        ParamKind::Number { minimum, maximum } => bounded(value, *minimum, *maximum)
            .map(ParamValue::Number)
            .ok_or_else(|| refuse(format!("a number from {minimum} to {maximum}"))),
        ParamKind::Text => value
            .as_str()
            .map(|text| ParamValue::Text(text.to_owned()))
            .ok_or_else(|| refuse("a text".to_owned())),
        ParamKind::Choice { choices } => value
            .as_str()
            .filter(|text| choices.iter().any(|choice| choice == text))
            .map(|text| ParamValue::Text(text.to_owned()))
            .ok_or_else(|| refuse(format!("one of {}", choices.join(", ")))),
        ParamKind::Numbers { minimum, maximum, most } => {
            let numbers: Option<Vec<f64>> = value
                .as_array()
                .and_then(|elements| elements.iter().map(|one| bounded(one, *minimum, *maximum)).collect());
            numbers
                .filter(|numbers| (1..=*most).contains(&numbers.len()) && distinct(numbers))
                .map(ParamValue::Numbers)
                .ok_or_else(|| {
                    refuse(format!("a list of 1 to {most} distinct numbers from {minimum} to {maximum}"))
                })
        }
        ParamKind::Texts => {
            let texts: Option<Vec<String>> = value
                .as_array()
                .and_then(|elements| elements.iter().map(|one| one.as_str().map(str::to_owned)).collect());
            texts
                .filter(|texts| distinct(texts))
                .map(ParamValue::Texts)
                .ok_or_else(|| refuse("a list of distinct texts".to_owned()))
        }
    }
}

fn bounded(value: &Value, minimum: f64, maximum: f64) -> Option<f64> {
    value.as_f64().filter(|number| (minimum..=maximum).contains(number))
}

fn distinct<T: PartialEq>(values: &[T]) -> bool {
    values.iter().enumerate().all(|(position, value)| !values[..position].contains(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema() -> Schema {
        Schema(vec![
            Param::new(
                "tiou",
                ParamKind::Numbers { minimum: 0.0, maximum: 1.0, most: 32 },
                ParamValue::Numbers(vec![0.5]),
                "thresholds",
            ),
            Param::new(
                "preset",
                ParamKind::Choice { choices: vec!["a".into(), "b".into()] },
                ParamValue::Text("a".into()),
                "preset",
            ),
            Param::optional("limit", ParamKind::Integer { minimum: 1, maximum: 9 }, "limit"),
        ])
    }

    #[test]
    fn defaults_are_filled_in_and_unset_parameters_stay_unset() {
        let params = Params::parse(&schema(), &json!({"preset": "b"})).unwrap();
        assert_eq!(params.text("preset"), Some("b"));
        assert_eq!(params.numbers("tiou"), Some(&[0.5][..]));
        assert_eq!(params.integer("limit"), None);
        assert_eq!(params.to_string(), r#"{"preset":"b","tiou":[0.5]}"#);
    }

    #[test]
    fn pairs_of_a_command_line_mean_the_same_as_json() {
        let from_pairs = Params::from_pairs(&schema(), [("tiou", "0.1, 0.2"), ("limit", "3")]).unwrap();
        let from_json = Params::parse(&schema(), &json!({"tiou": [0.1, 0.2], "limit": 3})).unwrap();
        assert_eq!(from_pairs, from_json);
    }

    #[test]
    fn a_wrong_parameter_is_refused_with_its_reason() {
        let refused = |values: Value| Params::parse(&schema(), &values).unwrap_err().to_string();
        assert_eq!(
            refused(json!({"preset": "c"})),
            "parameter \"preset\" is wrong: one of a, b is wanted, not \"c\""
        );
        assert!(refused(json!({"tiou": [0.1, 0.1]})).contains("distinct"));
        assert!(refused(json!({"tiou": [1.5]})).contains("from 0 to 1"));
        assert!(refused(json!({"limit": 10})).contains("from 1 to 9"));
        assert!(refused(json!({"tiuo": [0.5]})).contains("the parameters are tiou, preset, limit"));
        assert!(refused(json!([])).contains("an object"));
    }
}
