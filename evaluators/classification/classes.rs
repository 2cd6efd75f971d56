//! The classes of a task: named by the organizer, or those that occur in the annotations.

use std::collections::HashMap;

use sdk::text::quoted;
use sdk::{
    AnnotationFaults, Code, Fault, Faults, Format, Input, Inputs, JsonReader, Limits, Param, ParamKind,
    Params,
};

use crate::sheet::At;

/// The name of the optional table, and of the parameter, that lists the classes.
const CLASSES: &str = "classes";

/// Names with small numbers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Classes {
    names: Vec<String>,
    codes: HashMap<String, u32>,
}

impl Classes {
    /// The classes that the organizer lists, in the listed order; nothing if there is no list.
    pub(crate) fn listed(
        annotations: &Inputs<'_>,
        params: &Params,
    ) -> Result<Option<Self>, AnnotationFaults> {
        let table = annotations.get(CLASSES);
        let names = match (table, params.texts(CLASSES)) {
            (Some(_), Some(_)) => Err(Faults::one(Fault::whole(
                Code::InvalidParameter,
                "the classes are listed twice",
                "either the table or the parameter `classes`",
                "both",
            ))),
            (Some(table), None) => read_names(table).map(Some).map_err(|faults| faults.of_file(CLASSES)),
            (None, Some(names)) => Ok(Some(names.to_vec())),
            (None, None) => Ok(None),
        };
        Ok(names?.map(|names| names.into_iter().collect()))
    }

    /// The code of a class; an unknown one is added.
    pub(crate) fn code_or_add(&mut self, name: &str) -> u32 {
        match self.codes.get(name) {
            Some(code) => *code,
            None => {
                let code = self.names.len() as u32;
                self.names.push(name.to_owned());
                self.codes.insert(name.to_owned(), code);
                code
            }
        }
    }

    /// The code of a class; an unknown one is a fault.
    pub(crate) fn require(&self, name: &str, id: &str, at: At, faults: &mut Faults) -> Option<u32> {
        let code = self.codes.get(name).copied();
        if code.is_none() {
            faults.push_with(|| {
                let message = format!("the label {} is not one of the classes", quoted(name));
                Fault::whole(Code::UnknownLabel, message, "one of the classes", quoted(name)).at(at.place(id))
            });
        }
        code
    }

    /// The names by code.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// How many classes there are.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// The place of every code in the order of the names.
    pub(crate) fn places_by_name(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.names.len() as u32).collect();
        order.sort_unstable_by(|a, b| self.names[*a as usize].cmp(&self.names[*b as usize]));
        let mut places = vec![0; order.len()];
        for (place, code) in (0_u32..).zip(order) {
            places[code as usize] = place;
        }
        places
    }

    /// The same classes with codes in the order of the names; the labels that are given get the new codes.
    pub(crate) fn sorted<'l>(self, labels: impl IntoIterator<Item = &'l mut u32>) -> Self {
        let places = self.places_by_name();
        for label in labels {
            *label = places[*label as usize];
        }
        let mut names = self.names;
        names.sort_unstable();
        names.into_iter().collect()
    }
}

impl FromIterator<String> for Classes {
    fn from_iter<I: IntoIterator<Item = String>>(names: I) -> Self {
        let mut classes = Self::default();
        for name in names {
            classes.code_or_add(&name);
        }
        classes
    }
}

/// Reads a JSON list of distinct names.
fn read_names(table: &Input<'_>) -> Result<Vec<String>, Faults> {
    let bytes = &table.single()?.bytes;
    JsonReader::read(bytes, &Limits::default(), |reader| {
        let mut names: Vec<String> = Vec::new();
        reader.array(|reader, _| {
            if let Some(name) = reader.string()? {
                if names.iter().any(|known| **known == *name) {
                    let found = quoted(&name);
                    reader.fault(Code::DuplicateKey, "the class stands twice", "distinct classes", found);
                }
                names.push(name.into_owned());
            }
            Ok(())
        })?;
        if names.is_empty() {
            reader.fault(Code::WrongShape, "there is no class", "at least one class", "none");
        }
        Ok(names)
    })
}

/// The documentation of the optional table.
pub(crate) fn classes_format(effect: &str) -> Format {
    Format {
        name: CLASSES.to_owned(),
        media_type: "application/json".to_owned(),
        optional: true,
        description: format!("The classes, as a JSON list of names. {effect}"),
        example: "[\"cook\", \"rest\", \"walk\"]\n".to_owned(),
    }
}

/// The documentation of the parameter that does the same.
pub(crate) fn classes_param() -> Param {
    Param::optional(CLASSES, ParamKind::Texts, "The classes in their order, instead of the table `classes`.")
}
