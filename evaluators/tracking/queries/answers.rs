//! Reads answers to visual queries: the same tree as the annotations, in any order.

use std::borrow::Cow;

use sdk::text::quoted;
use sdk::{Code, Fault, JsonReader, Read, Slot, Stop};

use super::Index;
use super::index::Unknown;

/// What a submission says of itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Header<'h> {
    /// The version that it must name, where it must name one.
    pub(crate) version: Option<&'h str>,
    /// The challenge that it must name.
    pub(crate) challenge: &'h str,
}

/// An answer whose video may not be known yet: keys of JSON stand in any order.
struct Answer<'a, T> {
    clip: usize,
    prediction: usize,
    set: Cow<'a, str>,
    content: T,
}

/// The answers of a video.
struct Video<'a, T> {
    clips: Vec<Option<Cow<'a, str>>>,
    /// The annotation of every prediction of every clip, where it is named.
    annotations: Vec<Vec<Option<Cow<'a, str>>>>,
    answers: Vec<Answer<'a, T>>,
}

/// Reads the answers: every query that is scored is answered once.
///
/// `read_set` reads an answer, `take` gets it with the position of its query. Answers to query sets that are not scored
/// are read and dropped.
pub(crate) fn read_answers<'a, T>(
    reader: &mut JsonReader<'a, '_>,
    index: &Index,
    header: Header<'_>,
    mut read_set: impl FnMut(&mut JsonReader<'a, '_>) -> Read<T>,
    mut take: impl FnMut(usize, T),
) -> Result<(), Stop> {
    let (mut version, mut challenge, mut videos) = (Slot::default(), Slot::default(), Slot::default());
    let mut answered = vec![false; index.scored().len()];
    let mut results = Slot::default();
    let object = reader.object(|reader, key| {
        match (&**key, header.version) {
            ("version", Some(wanted)) => version.put(reader.one_of(&[wanted], Code::UnsupportedVersion)?),
            ("challenge", _) => challenge.put(reader.one_of(&[header.challenge], Code::WrongChallenge)?),
            ("results", _) => {
                let object =
                    reader.object(|reader, key| {
                        if &**key != "videos" {
                            return reader.skip();
                        }
                        videos.put(reader.array(|reader, _| {
                            video(reader, index, &mut answered, &mut read_set, &mut take)
                        })?);
                        Ok(())
                    })?;
                if object.is_some() && std::mem::take(&mut videos).require("videos", reader).is_some() {
                    report_missing(reader, index, &answered);
                }
                results.put(object);
            }
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_some() {
        if header.version.is_some() {
            version.require("version", reader);
        }
        challenge.require("challenge", reader);
        results.require("results", reader);
    }
    Ok(())
}

fn video<'a, T>(
    reader: &mut JsonReader<'a, '_>,
    index: &Index,
    answered: &mut [bool],
    read_set: &mut impl FnMut(&mut JsonReader<'a, '_>) -> Read<T>,
    take: &mut impl FnMut(usize, T),
) -> Result<(), Stop> {
    let (mut uid, mut clips) = (Slot::default(), Slot::default());
    let mut read = Video { clips: Vec::new(), annotations: Vec::new(), answers: Vec::new() };
    let object = reader.object(|reader, key| {
        match &**key {
            "video_uid" => uid.put(reader.string()?),
            "clips" => clips.put(reader.array(|reader, _| read.clip(reader, read_set))?),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(());
    }
    clips.require("clips", reader);
    let uid: Option<Cow<'_, str>> = uid.require("video_uid", reader);
    let Some(uid) = uid else { return Ok(()) };
    for answer in read.answers {
        let Some(clip) = &read.clips[answer.clip] else { continue };
        let annotation = read.annotations[answer.clip][answer.prediction].as_deref();
        let found = index.find((&uid, clip), (annotation, answer.prediction), &answer.set);
        let steps = || {
            let (clip, prediction) = (answer.clip, answer.prediction);
            let set = answer.set.replace('~', "~0").replace('/', "~1");
            format!("/clips/{clip}/predictions/{prediction}/query_sets/{set}")
        };
        match found {
            Ok(Some(query)) if !std::mem::replace(&mut answered[query], true) => take(query, answer.content),
            Ok(Some(_)) => reader.fault_below(steps(), || {
                let message = "the query is answered twice";
                Fault::whole(Code::DuplicateIds, message, "one answer for every query", "another one")
            }),
            Ok(None) => {}
            Err(unknown) => {
                let id = match unknown {
                    Unknown::Video => &uid,
                    Unknown::Clip => clip,
                    Unknown::Annotation => annotation.unwrap_or("without annotation_uid"),
                    Unknown::Set => &answer.set,
                };
                reader.fault_below(steps(), || not_found(unknown, id));
            }
        }
    }
    Ok(())
}

impl<'a, T> Video<'a, T> {
    fn clip(
        &mut self,
        reader: &mut JsonReader<'a, '_>,
        read_set: &mut impl FnMut(&mut JsonReader<'a, '_>) -> Read<T>,
    ) -> Result<(), Stop> {
        let (mut uid, mut predictions) = (Slot::default(), Slot::default());
        let (clip, mut annotations) = (self.clips.len(), Vec::new());
        let object = reader.object(|reader, key| {
            match &**key {
                "clip_uid" => uid.put(reader.string()?),
                "predictions" => predictions.put(reader.array(|reader, _| {
                    let prediction = annotations.len();
                    annotations.push(self.prediction(reader, (clip, prediction), read_set)?);
                    Ok(())
                })?),
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        if object.is_some() {
            predictions.require("predictions", reader);
        }
        let uid = if object.is_some() { uid.require("clip_uid", reader) } else { None };
        self.clips.push(uid);
        self.annotations.push(annotations);
        Ok(())
    }

    fn prediction(
        &mut self,
        reader: &mut JsonReader<'a, '_>,
        (clip, prediction): (usize, usize),
        read_set: &mut impl FnMut(&mut JsonReader<'a, '_>) -> Read<T>,
    ) -> Result<Option<Cow<'a, str>>, Stop> {
        let mut uid = None;
        reader.object(|reader, key| {
            match &**key {
                "annotation_uid" => uid = reader.string()?,
                "query_sets" => {
                    reader.object(|reader, set| {
                        if let Some(content) = read_set(reader)? {
                            self.answers.push(Answer { clip, prediction, set: set.clone(), content });
                        }
                        Ok(())
                    })?;
                }
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(uid)
    }
}

fn not_found(unknown: Unknown, id: &str) -> Fault {
    let what = unknown.name();
    let found = quoted(id);
    Fault::whole(Code::UnknownIds, format!("{found} is no {what}"), format!("a {what}"), found)
        .hint("are these the ids of another split?")
}

/// Records every query without answer: leaving out what is hard must not help.
///
/// Where answers were sent and none is to a known query the file is of another split, which is told already.
fn report_missing(reader: &mut JsonReader<'_, '_>, index: &Index, answered: &[bool]) {
    if reader.fault_count() > 0 && !answered.contains(&true) {
        return;
    }
    for (place, _) in index.scored().iter().zip(answered).filter(|(_, answered)| !**answered) {
        reader.fault_with(|| {
            let id = quoted(&place.id());
            let message = format!("the query {id} (clip/annotation/query set) has no answer");
            Fault::whole(Code::MissingIds, message, "one answer for every query", "none")
        });
    }
}
