//! The hierarchy of classes: which class is a kind of which others.

use std::collections::{BTreeMap, BTreeSet};

use sdk::{Faults, JsonReader, Limits, Read, Slot};

/// The classes of a hierarchy with all that stand above and below them.
#[derive(Debug, Default)]
pub(super) struct Hierarchy {
    above: BTreeMap<String, BTreeSet<String>>,
}

impl Hierarchy {
    /// Reads nodes of `LabelName` and `Subcategory`; the root stands for everything and is no class.
    pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Self, Faults> {
        JsonReader::read(bytes, limits, |reader| {
            let mut hierarchy = Self::default();
            hierarchy.read_node(reader, true)?;
            Ok(hierarchy)
        })
    }

    /// Reads a node; returns its class and all below it.
    fn read_node(&mut self, reader: &mut JsonReader<'_, '_>, root: bool) -> Read<BTreeSet<String>> {
        let mut below = BTreeSet::new();
        let mut name = Slot::default();
        let object = reader.object(|reader, key| {
            match &**key {
                "LabelName" => name.put(reader.string()?.map(std::borrow::Cow::into_owned)),
                "Subcategory" => {
                    reader.array(|reader, _| {
                        below.extend(self.read_node(reader, false)?.unwrap_or_default());
                        Ok(())
                    })?;
                }
                // A `Part` of an object is no kind of it.
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        if object.is_none() {
            return Ok(None);
        }
        if root {
            return Ok(Some(below));
        }
        let Some(name) = name.require("LabelName", reader) else { return Ok(None) };
        for class in &below {
            self.above.entry(class.clone()).or_default().insert(name.clone());
        }
        self.above.entry(name.clone()).or_default();
        below.insert(name);
        Ok(Some(below))
    }

    /// All classes, in the order of their names.
    pub(super) fn classes(&self) -> impl Iterator<Item = &str> {
        self.above.keys().map(String::as_str)
    }

    /// The classes that a class is a kind of.
    pub(super) fn above(&self, class: &str) -> impl Iterator<Item = &str> {
        self.above.get(class).into_iter().flatten().map(String::as_str).filter(move |above| *above != class)
    }

    /// The classes that are kinds of a class.
    pub(super) fn below(&self, class: &str) -> impl Iterator<Item = &str> {
        let is_below =
            move |(name, above): &(&String, &BTreeSet<String>)| *name != class && above.contains(class);
        self.above.iter().filter(is_below).map(|(name, _)| name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_may_stand_below_several_others() {
        let text = br#"{"Subcategory": [
            {"Subcategory": [{"LabelName": "toy cat"}, {"LabelName": "ball"}], "LabelName": "toy"},
            {"LabelName": "animal", "Part": [{"LabelName": "tail"}],
             "Subcategory": [{"LabelName": "cat", "Subcategory": [{"LabelName": "toy cat"}]}]}],
            "LabelName": "entity"}"#;
        let hierarchy = Hierarchy::read(text, &Limits::default()).unwrap();
        assert_eq!(hierarchy.above("toy cat").collect::<Vec<_>>(), ["animal", "cat", "toy"]);
        assert_eq!(hierarchy.below("animal").collect::<Vec<_>>(), ["cat", "toy cat"]);
        assert_eq!(hierarchy.classes().collect::<Vec<_>>(), ["animal", "ball", "cat", "toy", "toy cat"]);
    }
}
