//! Reads the annotations: frames with the objects that are touched next.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use sdk::{Code, Fault, Faults, Items, JsonReader, Limits, Read, Slot, Stop};

use crate::instances::Instances;

/// The truth.
#[derive(Debug, Default)]
pub(super) struct Truth {
    pub(super) instances: Instances,
    /// The objects of all instances, one instance after the other.
    objects: Vec<Object>,
    /// Where the objects of each instance begin; one more entry than instances.
    starts: Vec<u32>,
    pub(super) classes: Vec<Class>,
    /// The class of every noun that some object has.
    pub(super) class_of_noun: HashMap<i64, u32>,
    /// The nouns that exist, if the file lists them.
    pub(super) nouns: Option<HashSet<i64>>,
    /// The verbs that exist, if the file lists them.
    pub(super) verbs: Option<HashSet<i64>>,
}

/// An object that is touched next.
#[derive(Debug, Clone, Copy)]
pub(super) struct Object {
    pub(super) corners: [f64; 4],
    pub(super) noun: i64,
    pub(super) verb: i64,
    pub(super) time_to_contact: f64,
}

/// A noun that some object has.
#[derive(Debug, Default)]
pub(super) struct Class {
    pub(super) name: String,
    /// How many objects of the noun an instance has, for those that have some.
    pub(super) positives: Vec<(u32, u32)>,
}

/// What the items are made of.
#[derive(Default)]
struct Rows {
    ids: Vec<String>,
    videos: Vec<Option<String>>,
    clips: Vec<Option<String>>,
}

type Names = HashMap<i64, String>;

impl Truth {
    /// The objects of an instance.
    pub(super) fn objects(&self, item: usize) -> &[Object] {
        &self.objects[self.starts[item] as usize..self.starts[item + 1] as usize]
    }
}

/// Reads the truth; the group of an instance is its clip or its video.
///
/// Without annotations the objects are not looked at.
pub(super) fn read(bytes: &[u8], group_by_clip: bool, unannotated: bool) -> Result<Truth, Faults> {
    let limits = Limits::default();
    let mut truth = Truth { starts: vec![0], ..Truth::default() };
    let mut rows = Rows::default();
    let (mut noun_names, mut verb_names) = (None, None);
    JsonReader::read(bytes, &limits, |reader| {
        let mut annotations = Slot::default();
        let mut seen = HashSet::new();
        let object = reader.object(|reader, key| {
            match &**key {
                "annotations" => {
                    annotations.put(reader.array(|reader, _| {
                        instance(reader, &mut truth, &mut rows, &mut seen, unannotated)
                    })?);
                }
                "noun_categories" => noun_names = categories(reader)?,
                "verb_categories" => verb_names = categories(reader)?,
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        if object.is_some()
            && annotations.require("annotations", reader).is_some()
            && if unannotated { rows.ids.is_empty() } else { truth.objects.is_empty() }
        {
            let wanted = if unannotated { "instance" } else { "object" };
            let message = format!("the annotations hold no {wanted}");
            reader.fault(Code::EmptySubmission, message, format!("an {wanted}"), "none");
        }
        Ok(())
    })?;
    truth.collect_classes(noun_names.as_ref());
    truth.instances =
        Instances::new(truth.items(rows, group_by_clip, noun_names.as_ref(), verb_names.as_ref()));
    truth.nouns = noun_names.map(|names| names.into_keys().collect());
    truth.verbs = verb_names.map(|names| names.into_keys().collect());
    Ok(truth)
}

impl Truth {
    fn collect_classes(&mut self, names: Option<&Names>) {
        let mut by_noun: BTreeMap<i64, Class> = BTreeMap::new();
        for item in 0..self.starts.len() - 1 {
            for object in &self.objects[self.starts[item] as usize..self.starts[item + 1] as usize] {
                let positives = &mut by_noun.entry(object.noun).or_default().positives;
                match positives.last_mut() {
                    Some((last, count)) if *last == item as u32 => *count += 1,
                    _ => positives.push((item as u32, 1)),
                }
            }
        }
        for (noun, mut class) in by_noun {
            class.name = name_of(noun, names);
            self.class_of_noun.insert(noun, self.classes.len() as u32);
            self.classes.push(class);
        }
    }

    fn items(&self, rows: Rows, by_clip: bool, nouns: Option<&Names>, verbs: Option<&Names>) -> Items {
        let group = |item: usize| {
            let (clip, video) = (&rows.clips[item], &rows.videos[item]);
            let first = if by_clip { clip.as_ref() } else { video.as_ref().or(clip.as_ref()) };
            first.unwrap_or(&rows.ids[item]).as_str()
        };
        let mut items = Items::new(rows.ids.iter().enumerate().map(|(item, id)| (id, group(item))));
        items.set_attribute("video", rows.videos.iter().map(Option::as_ref));
        items.set_attribute("clip", rows.clips.iter().map(Option::as_ref));
        let distinct = |item: usize, category: fn(&Object) -> i64, names: Option<&Names>| {
            let objects = &self.objects[self.starts[item] as usize..self.starts[item + 1] as usize];
            let mut found: Vec<i64> = objects.iter().map(category).collect();
            found.sort_unstable();
            found.dedup();
            found.into_iter().map(|one| name_of(one, names)).collect::<Vec<String>>()
        };
        let all = 0..rows.ids.len();
        items.set_attribute("noun", all.clone().map(|item| distinct(item, |object| object.noun, nouns)));
        items.set_attribute("verb", all.map(|item| distinct(item, |object| object.verb, verbs)));
        items
    }
}

fn name_of(category: i64, names: Option<&Names>) -> String {
    names.and_then(|names| names.get(&category).cloned()).unwrap_or_else(|| category.to_string())
}

fn instance(
    reader: &mut JsonReader<'_, '_>,
    truth: &mut Truth,
    rows: &mut Rows,
    seen: &mut HashSet<String>,
    unannotated: bool,
) -> Result<(), Stop> {
    let (mut uid, mut video, mut clip, mut objects) = (Slot::default(), None, None, Slot::default());
    let found = reader.object(|reader, key| {
        match &**key {
            "uid" => uid.put(reader.string()?),
            // The second version of the data renamed the field.
            "video_id" | "video_uid" if reader.at_string()? => video = reader.string()?.map(Cow::into_owned),
            "clip_uid" if reader.at_string()? => clip = reader.string()?.map(Cow::into_owned),
            "objects" if unannotated => reader.skip()?,
            "objects" => objects.put(reader.array(|reader, _| {
                truth.objects.extend(object(reader)?);
                Ok(())
            })?),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if found.is_none() {
        return Ok(());
    }
    let uid: Option<Cow<'_, str>> = uid.require("uid", reader);
    if !unannotated {
        objects.require("objects", reader);
    }
    let uid = uid.unwrap_or_default().into_owned();
    if !seen.insert(uid.clone()) {
        reader.fault_with(|| {
            Fault::whole(
                Code::DuplicateIds,
                format!("{uid:?} stands twice"),
                "distinct uids",
                "the uid again",
            )
        });
    }
    rows.ids.push(uid);
    rows.videos.push(video);
    rows.clips.push(clip);
    truth.starts.push(truth.objects.len() as u32);
    Ok(())
}

fn object(reader: &mut JsonReader<'_, '_>) -> Read<Object> {
    let (mut corners, mut noun, mut verb, mut time_to_contact) =
        (Slot::default(), Slot::default(), Slot::default(), Slot::default());
    let found = reader.object(|reader, key| {
        match &**key {
            "box" => corners.put(corners_of_box(reader)?),
            "noun_category_id" => noun.put(reader.integer()?),
            "verb_category_id" => verb.put(reader.integer()?),
            "time_to_contact" => time_to_contact.put(reader.number()?),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if found.is_none() {
        return Ok(None);
    }
    let corners = corners.require("box", reader);
    let noun = noun.require("noun_category_id", reader);
    let verb = verb.require("verb_category_id", reader);
    let time_to_contact = time_to_contact.require("time_to_contact", reader);
    let (Some(corners), Some(noun), Some(verb), Some(time_to_contact)) =
        (corners, noun, verb, time_to_contact)
    else {
        return Ok(None);
    };
    Ok(Some(Object { corners, noun, verb, time_to_contact }))
}

/// Reads a box; one whose corners are in the wrong order is a fault.
pub(super) fn corners_of_box(reader: &mut JsonReader<'_, '_>) -> Read<[f64; 4]> {
    let corners = reader.numbers::<4>("[x1, y1, x2, y2]")?;
    if let Some([left, top, right, bottom]) = corners
        && (right < left || bottom < top)
    {
        reader.fault_with(|| {
            let found = format!("[{left}, {top}, {right}, {bottom}]");
            let message = "the lower right corner of the box lies before its upper left one";
            Fault::whole(Code::OutOfRange, message, "x1 <= x2 and y1 <= y2", found)
                .hint("a box is [x1, y1, x2, y2], not [x, y, width, height]")
        });
    }
    Ok(corners)
}

fn categories(reader: &mut JsonReader<'_, '_>) -> Read<Names> {
    let mut names = Names::new();
    let array = reader.array(|reader, _| {
        let (mut id, mut name) = (Slot::default(), Slot::default());
        let object = reader.object(|reader, key| {
            match &**key {
                "id" => id.put(reader.integer()?),
                "name" => name.put(reader.string()?),
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        if object.is_none() {
            return Ok(());
        }
        let name: Option<Cow<'_, str>> = name.require("name", reader);
        if let (Some(id), Some(name)) = (id.require("id", reader), name)
            && names.insert(id, name.into_owned()).is_some()
        {
            let message = format!("the category {id} stands twice");
            reader.fault(Code::DuplicateIds, message, "distinct ids", "the id again");
        }
        Ok(())
    })?;
    Ok(array.map(|_| names))
}
