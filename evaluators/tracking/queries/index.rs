//! Finds the query set that an answer speaks of.

use std::collections::HashMap;

use sdk::text::quoted;
use sdk::{Code, Fault, Faults};

use super::{Place, Query};

/// Where every query set of the annotations is.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// By video and clip.
    clips: HashMap<String, HashMap<String, Clip>>,
    /// The queries that are scored, in their order.
    scored: Vec<Place>,
}

/// The annotations of a clip.
#[derive(Debug, Default)]
struct Clip {
    by_uid: HashMap<String, usize>,
    /// By position, the query sets by name: the query, or nothing for one that is not scored.
    annotations: Vec<HashMap<String, Option<usize>>>,
}

/// Why nothing is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unknown {
    Video,
    Clip,
    Annotation,
    Set,
}

impl Unknown {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Video => "video",
            Self::Clip => "clip of this video",
            Self::Annotation => "annotation of this clip",
            Self::Set => "query set of this annotation",
        }
    }
}

impl Index {
    /// An index of annotations in their order, and of the query sets in them.
    pub(super) fn new<T>(annotations: &[Place], sets: &[Query<Option<T>>]) -> Result<Self, Faults> {
        let mut index = Self::default();
        let mut faults = Faults::new();
        for place in annotations {
            let clips = index.clips.entry(place.video.clone()).or_default();
            let clip = clips.entry(place.clip.clone()).or_default();
            if place.position as usize != clip.annotations.len() {
                faults.push_with(|| twice("clip", &place.clip));
                continue;
            }
            clip.annotations.push(HashMap::new());
            if let Some(uid) = &place.annotation
                && clip.by_uid.insert(uid.clone(), place.position as usize).is_some()
            {
                faults.push_with(|| twice("annotation", uid));
            }
        }
        for set in sets {
            let query = set.content.as_ref().map(|_| index.scored.len());
            index.scored.extend(query.map(|_| set.place.clone()));
            let clip = index.clips.get_mut(&set.place.video).and_then(|clips| clips.get_mut(&set.place.clip));
            if let Some(sets) = clip.and_then(|clip| clip.annotations.get_mut(set.place.position as usize)) {
                sets.insert(set.place.set.clone(), query);
            }
        }
        faults.or(index)
    }

    /// The queries that are scored, in their order.
    pub(super) fn scored(&self) -> &[Place] {
        &self.scored
    }

    /// The query of a query set, or nothing if it is not scored.
    ///
    /// Where an answer does not name its annotation the position counts.
    pub(super) fn find(
        &self,
        (video, clip): (&str, &str),
        (uid, position): (Option<&str>, usize),
        set: &str,
    ) -> Result<Option<usize>, Unknown> {
        let clips = self.clips.get(video).ok_or(Unknown::Video)?;
        let clip = clips.get(clip).ok_or(Unknown::Clip)?;
        let position = match uid {
            Some(uid) if !clip.by_uid.is_empty() => *clip.by_uid.get(uid).ok_or(Unknown::Annotation)?,
            _ => position,
        };
        let sets = clip.annotations.get(position).ok_or(Unknown::Annotation)?;
        sets.get(set).copied().ok_or(Unknown::Set)
    }
}

fn twice(what: &str, uid: &str) -> Fault {
    let message = format!("the {what} {} stands twice", quoted(uid));
    Fault::whole(Code::DuplicateIds, message, format!("every {what} once"), "another one")
}
