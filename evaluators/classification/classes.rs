//! The classes of a task: named by the organizer, or those that occur in the annotations.

use sdk::roll::IdIndex;
use sdk::sheet::At;
use sdk::text::quoted;
use sdk::{
    AnnotationFaults, Code, Fault, Faults, Format, Ids, Input, Inputs, JsonReader, Limits, Param, ParamKind,
    Params,
};

/// The name of the optional table, and of the parameter, that lists the classes.
const CLASSES: &str = "classes";

/// Names with small numbers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Classes {
    codes: IdIndex,
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

    /// Refuses a task without classes where that is because the labels are left out: its columns are not known.
    pub(crate) fn refuse_unlisted(&self, annotations: &Inputs<'_>) -> Result<(), Faults> {
        if self.len() > 0 || !annotations.are_unannotated() {
            return Ok(());
        }
        let message = "without labels the classes must be listed";
        Err(Faults::one(Fault::whole(
            Code::InvalidParameter,
            message,
            "the table or the parameter `classes`",
            "neither",
        )))
    }

    /// The code of a class; an unknown one is added.
    pub(crate) fn code_or_add(&mut self, name: &str) -> u32 {
        let (Ok(code) | Err(code)) = self.codes.add(name);
        code as u32
    }

    /// The code of a class; an unknown one is a fault.
    pub(crate) fn require(&self, name: &str, id: &str, at: At, faults: &mut Faults) -> Option<u32> {
        let code = self.codes.find(name).map(|code| code as u32);
        if code.is_none() {
            faults.push_with(|| {
                let message = format!("the label {} is not one of the classes", quoted(name));
                Fault::whole(Code::UnknownLabel, message, "one of the classes", quoted(name)).at(at.place(id))
            });
        }
        code
    }

    /// The names by code.
    pub(crate) fn names(&self) -> &Ids {
        self.codes.ids()
    }

    /// How many classes there are.
    pub(crate) fn len(&self) -> usize {
        self.codes.len()
    }

    /// The place of every code in the order of the names.
    pub(crate) fn places_by_name(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.codes.len() as u32).collect();
        let names = self.names();
        order.sort_unstable_by(|a, b| names[*a as usize].cmp(&names[*b as usize]));
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
        let mut names: Vec<&str> = self.names().iter().collect();
        names.sort_unstable();
        names.into_iter().collect()
    }
}

impl<S: AsRef<str>> FromIterator<S> for Classes {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        let mut classes = Self::default();
        for name in names {
            classes.code_or_add(name.as_ref());
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
        example: "[\"cook\", \"walk\"]\n".to_owned(),
    }
}

/// The documentation of the parameter that does the same.
pub(crate) fn classes_param() -> Param {
    Param::optional(CLASSES, ParamKind::Texts, "The classes in their order, instead of the table `classes`.")
}
