//! Weights of items by their attributes: a slice counts the items that have a value, a re-weighting counts them more or less.
//!
//! What cannot be meant is refused with what could be: an attribute or a value that no item has, a slice of nothing,
//! weights that are negative, no numbers, or all zero.

use sdk::Items;

/// How many names a refusal lists.
const MOST_NAMES: usize = 20;

/// A value of an attribute that an item may have; `group` and `item` are attributes too ([`Items::mask`]).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Condition {
    /// The attribute.
    pub attribute: String,
    /// The value.
    pub value: String,
}

/// What the items that meet a condition weigh.
#[derive(Debug, Clone, PartialEq)]
pub struct Share {
    /// Which items.
    pub of: Condition,
    /// What each of them weighs, where others weigh 1; not negative, and finite.
    pub weight: f64,
}

/// Weights that cannot be meant.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SliceError {
    /// The items have no attribute of that name.
    #[error("the items have no attribute {name:?}; they have {}", listed(known))]
    NoAttribute {
        /// The name.
        name: String,
        /// The names of the attributes.
        known: Vec<String>,
    },
    /// No item has the value.
    #[error("no item has the {attribute} {value:?}; the values are {}", listed(known))]
    NoValue {
        /// The attribute.
        attribute: String,
        /// The value.
        value: String,
        /// The values that items have, sorted.
        known: Vec<String>,
    },
    /// Every condition is met by some items, and all together by none.
    #[error("no item has all these values")]
    Empty,
    /// A weight is negative, infinite or no number.
    #[error("the weight of {attribute} {value:?} is {weight}; it must be a finite number and not negative")]
    Weight {
        /// The attribute.
        attribute: String,
        /// The value.
        value: String,
        /// The weight.
        weight: f64,
    },
    /// No item that counts is left.
    #[error("no item has a weight above zero")]
    AllZero,
}

/// Names, and how many more there are.
fn listed(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(MOST_NAMES).map(|name| format!("{name:?}")).collect();
    match names.len().saturating_sub(MOST_NAMES) {
        0 if shown.is_empty() => "none".to_owned(),
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

impl Condition {
    /// Reads `attribute` and `value` around the first `separator`; neither may be empty.
    pub fn parse(text: &str, separator: char) -> Option<Self> {
        let (attribute, value) = text.split_once(separator)?;
        let given = !attribute.is_empty() && !value.is_empty();
        given.then(|| Self { attribute: attribute.to_owned(), value: value.to_owned() })
    }

    /// Weights of one for the items that meet it, of zero for the others.
    ///
    /// # Errors
    /// An attribute that the items do not have, and a value that none of them has.
    pub fn mask(&self, items: &Items) -> Result<Vec<f64>, SliceError> {
        let Self { attribute, value } = self;
        let mask = items.mask(attribute, value).ok_or_else(|| SliceError::NoAttribute {
            name: attribute.clone(),
            known: attributes_of(items),
        })?;
        if mask.iter().all(|weight| *weight == 0.0) {
            return Err(SliceError::NoValue {
                attribute: attribute.clone(),
                value: value.clone(),
                known: values_of(items, attribute),
            });
        }
        Ok(mask.to_vec())
    }
}

fn attributes_of(items: &Items) -> Vec<String> {
    let named = items.attributes().iter().map(|attribute| attribute.name.as_str());
    let mut names: Vec<String> = named.chain(["group", "item"]).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    names
}

fn values_of(items: &Items, attribute: &str) -> Vec<String> {
    let mut values: Vec<String> = match items.attribute(attribute) {
        Some(attribute) => attribute.values.clone(),
        None if attribute == "group" => items.group_names().iter().map(str::to_owned).collect(),
        None => items.ids().iter().map(str::to_owned).collect(),
    };
    values.sort();
    values
}

/// The weights of the items that meet all conditions: what they weigh in `base`, and nothing for the others.
///
/// # Errors
/// As [`Condition::mask`], and conditions that no item with weight meets together.
pub fn slice(items: &Items, base: &[f64], conditions: &[Condition]) -> Result<Vec<f64>, SliceError> {
    let mut weights = base.to_vec();
    for condition in conditions {
        for (weight, mask) in weights.iter_mut().zip(condition.mask(items)?) {
            *weight *= mask;
        }
    }
    if weights.iter().any(|weight| *weight > 0.0) { Ok(weights) } else { Err(SliceError::Empty) }
}

/// Weights under which items count as much as they are said to; an item that several shares name has the product.
///
/// # Errors
/// As [`Condition::mask`], weights that are negative or not finite, and weights under which nothing counts.
pub fn reweigh(items: &Items, base: &[f64], shares: &[Share]) -> Result<Vec<f64>, SliceError> {
    let mut weights = base.to_vec();
    for Share { of, weight } in shares {
        let refused = || SliceError::Weight {
            attribute: of.attribute.clone(),
            value: of.value.clone(),
            weight: *weight,
        };
        if !weight.is_finite() || *weight < 0.0 {
            return Err(refused());
        }
        for (old, mask) in weights.iter_mut().zip(of.mask(items)?) {
            if mask > 0.0 {
                *old *= weight;
            }
        }
        // Several large weights can leave the range of numbers together.
        if weights.iter().any(|weight| !weight.is_finite()) {
            return Err(refused());
        }
    }
    if weights.iter().any(|weight| *weight > 0.0) { Ok(weights) } else { Err(SliceError::AllZero) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items() -> Items {
        let mut items = Items::new([("q1", "v1"), ("q2", "v1"), ("q3", "v2"), ("q4", "v3")]);
        items.set_attribute("activity", [vec!["cooking"], vec!["cooking", "music"], vec!["music"], vec![]]);
        items.set_attribute("country", [["IT"], ["JP"], ["IT"], ["FR"]]);
        items
    }

    fn condition(text: &str) -> Condition {
        Condition::parse(text, ':').unwrap()
    }

    fn share(text: &str, weight: f64) -> Share {
        Share { of: condition(text), weight }
    }

    #[test]
    fn all_conditions_hold_in_a_slice() {
        let found = |texts: &[&str]| {
            slice(&items(), &[1.0; 4], &texts.iter().map(|text| condition(text)).collect::<Vec<_>>())
        };
        assert_eq!(found(&["activity:cooking"]), Ok(vec![1.0, 1.0, 0.0, 0.0]));
        assert_eq!(found(&["activity:cooking", "country:JP"]), Ok(vec![0.0, 1.0, 0.0, 0.0]));
        assert_eq!(found(&["group:v1", "item:q1"]), Ok(vec![1.0, 0.0, 0.0, 0.0]));
        assert_eq!(found(&["activity:cooking", "country:FR"]), Err(SliceError::Empty));
        assert_eq!(slice(&items(), &[0.0, 0.0, 1.0, 1.0], &[condition("group:v1")]), Err(SliceError::Empty));
        let unknown = found(&["room:hall"]).unwrap_err().to_string();
        assert_eq!(
            unknown,
            r#"the items have no attribute "room"; they have "activity", "country", "group", "item""#
        );
        let unknown = found(&["country:DE"]).unwrap_err().to_string();
        assert_eq!(unknown, r#"no item has the country "DE"; the values are "FR", "IT", "JP""#);
    }

    #[test]
    fn shares_multiply() {
        let found = |shares: &[Share]| reweigh(&items(), &[1.0, 1.0, 1.0, 0.0], shares);
        assert_eq!(found(&[share("activity:cooking", 0.5)]), Ok(vec![0.5, 0.5, 1.0, 0.0]));
        assert_eq!(
            found(&[share("activity:cooking", 0.5), share("activity:music", 3.0)]),
            Ok(vec![0.5, 1.5, 3.0, 0.0])
        );
        assert_eq!(
            found(&[share("activity:cooking", 0.0), share("activity:music", 0.0)]),
            Err(SliceError::AllZero)
        );
        for wrong in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(
                matches!(found(&[share("country:IT", wrong)]), Err(SliceError::Weight { .. })),
                "{wrong}"
            );
        }
        let huge = [share("activity:cooking", 1e200), share("activity:music", 1e200)];
        assert!(matches!(found(&huge), Err(SliceError::Weight { .. })));
        assert!(matches!(found(&[share("country:DE", 1.0)]), Err(SliceError::NoValue { .. })));
    }

    #[test]
    fn conditions_are_read_around_the_first_separator() {
        assert_eq!(
            Condition::parse("a:b:c", ':'),
            Some(Condition { attribute: "a".into(), value: "b:c".into() })
        );
        for wrong in ["", "a", ":b", "a:"] {
            assert_eq!(Condition::parse(wrong, ':'), None);
        }
    }
}
