//! What a team declares about how a method came to be, in classes that boards are made of.
//!
//! The classes generalise the supervision levels of Damen and Wray 2020 (*Supervision Levels Scale*, arXiv:2008.09890), which
//! ask of every entry what it was pretrained on, what labels it saw, and what other data it used.

use serde::{Deserialize, Serialize};

use crate::Invalid;

/// What a method saw of labels of the task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Supervision {
    /// None, and no data of the task either.
    ZeroShot,
    /// Data of the task without labels.
    Unsupervised,
    /// Labels that are coarser or noisier than the task's, or of a share of the items.
    Weak,
    /// The labels of the task.
    Full,
}

/// What data a method was made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataSource {
    /// None.
    None,
    /// Data that anybody can get.
    Public,
    /// Data that others cannot get.
    Private,
}

/// What a team declares about a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// What it saw of labels of the task.
    pub supervision: Supervision,
    /// What it was pretrained on.
    pub pretraining: DataSource,
    /// What data it used beside that of the task.
    pub extra_data: DataSource,
    /// Whether it puts several models together.
    pub ensemble: bool,
    /// Whether people took part in its predictions.
    pub human_in_the_loop: bool,
}

/// A class of entries: all of the named declarations hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DisclosureClass {
    conditions: Vec<Condition>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Condition {
    Supervision(Supervision),
    Pretraining(DataSource),
    ExtraData(DataSource),
    Ensemble(bool),
    HumanInTheLoop(bool),
}

impl Supervision {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::ZeroShot, Self::Unsupervised, Self::Weak, Self::Full];

    /// The stored and public name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ZeroShot => "zero_shot",
            Self::Unsupervised => "unsupervised",
            Self::Weak => "weak",
            Self::Full => "full",
        }
    }

    /// Reads the name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|one| one.as_str() == text);
        found.ok_or_else(|| Invalid::new("supervision", "must be zero_shot, unsupervised, weak or full"))
    }
}

impl DataSource {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::None, Self::Public, Self::Private];

    /// The stored and public name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Public => "public",
            Self::Private => "private",
        }
    }

    /// Reads the name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|one| one.as_str() == text);
        found.ok_or_else(|| Invalid::new("data_source", "must be none, public or private"))
    }
}

impl DisclosureClass {
    /// Reads conditions such as `supervision:zero_shot,extra_data:none`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let refused = |rule: String| Invalid::new("class", rule);
        let mut conditions = Vec::new();
        for part in text.split(',') {
            let (name, value) = part.split_once(':').ok_or_else(|| {
                refused("must be conditions such as supervision:zero_shot,extra_data:none".into())
            })?;
            let flag = || match value {
                "true" => Ok(true),
                "false" => Ok(false),
                _ => Err(refused(format!("{name} must be true or false"))),
            };
            let source =
                || DataSource::parse(value).map_err(|error| refused(format!("{name} {}", error.rule)));
            conditions.push(match name {
                "supervision" => Condition::Supervision(
                    Supervision::parse(value)
                        .map_err(|error| refused(format!("supervision {}", error.rule)))?,
                ),
                "pretraining" => Condition::Pretraining(source()?),
                "extra_data" => Condition::ExtraData(source()?),
                "ensemble" => Condition::Ensemble(flag()?),
                "human_in_the_loop" => Condition::HumanInTheLoop(flag()?),
                _ => {
                    let known = "supervision, pretraining, extra_data, ensemble, human_in_the_loop";
                    return Err(refused(format!("must name one of {known}, not {name:?}")));
                }
            });
        }
        Ok(Self { conditions })
    }

    /// Whether a submission with that declaration is in the class; one without is in none.
    pub fn holds(&self, declared: Option<&Declaration>) -> bool {
        let Some(declared) = declared else { return false };
        self.conditions.iter().all(|condition| match *condition {
            Condition::Supervision(wanted) => declared.supervision == wanted,
            Condition::Pretraining(wanted) => declared.pretraining == wanted,
            Condition::ExtraData(wanted) => declared.extra_data == wanted,
            Condition::Ensemble(wanted) => declared.ensemble == wanted,
            Condition::HumanInTheLoop(wanted) => declared.human_in_the_loop == wanted,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DECLARED: Declaration = Declaration {
        supervision: Supervision::Weak,
        pretraining: DataSource::Public,
        extra_data: DataSource::None,
        ensemble: false,
        human_in_the_loop: false,
    };

    #[test]
    fn a_class_asks_for_all_of_its_conditions() {
        let holds = |text: &str| DisclosureClass::parse(text).unwrap().holds(Some(&DECLARED));
        assert!(holds("supervision:weak"));
        assert!(holds(
            "supervision:weak,pretraining:public,extra_data:none,ensemble:false,human_in_the_loop:false"
        ));
        assert!(!holds("supervision:weak,extra_data:public"));
        assert!(!holds("ensemble:true"));
        assert!(
            !DisclosureClass::parse("ensemble:false").unwrap().holds(None),
            "who declares nothing is in no class"
        );
    }

    #[test]
    fn what_is_no_class_is_told() {
        for (text, rule) in [
            ("", "must be conditions"),
            ("supervision", "must be conditions"),
            ("supervision:some", "supervision must be zero_shot"),
            ("extra_data:some", "extra_data must be none"),
            ("ensemble:yes", "ensemble must be true or false"),
            ("size:large", "must name one of supervision"),
        ] {
            let refused = DisclosureClass::parse(text).unwrap_err();
            assert!(refused.field == "class" && refused.rule.starts_with(rule), "{text}: {refused}");
        }
    }

    #[test]
    fn names_read_back() {
        for one in Supervision::ALL {
            assert_eq!(Supervision::parse(one.as_str()).unwrap(), one);
        }
        for one in DataSource::ALL {
            assert_eq!(DataSource::parse(one.as_str()).unwrap(), one);
        }
    }
}
