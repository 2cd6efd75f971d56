//! Finds the row that a submission speaks of.

use std::collections::HashMap;

use crate::key::Key;

/// The rows of the truth by their names.
///
/// There are hundreds of thousands of rows in some hundred videos, and a submission names them in any order. A video is
/// looked up by its text once, and the rest of a name, which is short, lies in the table itself, so that a row costs one
/// look into far memory.
#[derive(Debug, Default)]
pub(crate) struct RowIndex {
    videos: HashMap<String, u32>,
    short: HashMap<(u32, [u8; SHORT]), u32>,
    long: HashMap<(u32, Box<[u8]>), u32>,
}

/// The longest rest of a name that lies in the table, and its length in one more byte.
const SHORT: usize = 20;

impl RowIndex {
    /// Adds a row; the row that had the name before, if there was one.
    pub(crate) fn insert(&mut self, key: &Key<'_>, item: u32) -> Option<u32> {
        let video = match self.videos.get(&*key.video) {
            Some(video) => *video,
            None => {
                let video = self.videos.len() as u32;
                self.videos.insert(key.video.clone().into_owned(), video);
                video
            }
        };
        match short(key) {
            Some(rest) => self.short.insert((video, rest), item),
            None => self.long.insert((video, long(key)), item),
        }
    }

    /// The row of that name.
    pub(crate) fn get(&self, key: &Key<'_>) -> Option<u32> {
        let video = *self.videos.get(&*key.video)?;
        match short(key) {
            Some(rest) => self.short.get(&(video, rest)).copied(),
            None => self.long.get(&(video, long(key))).copied(),
        }
    }
}

/// Frame and track with the byte 0xff, which no text contains, between them and behind.
fn short(key: &Key<'_>) -> Option<[u8; SHORT]> {
    let mut bytes = [0xff; SHORT];
    let frame = key.frame.as_bytes();
    bytes.get_mut(..frame.len())?.copy_from_slice(frame);
    if let Some(track) = &key.track {
        let start = frame.len() + 1;
        bytes.get_mut(start..start + track.len())?.copy_from_slice(track.as_bytes());
        // A track without a text is told from no track by the last byte.
        if start + track.len() == SHORT {
            return None;
        }
        bytes[SHORT - 1] = 0;
    } else if frame.len() == SHORT {
        return None;
    }
    Some(bytes)
}

fn long(key: &Key<'_>) -> Box<[u8]> {
    let mut bytes = Vec::new();
    key.write(&mut bytes);
    bytes.into()
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    fn key<'a>(video: &'a str, frame: &'a str, track: Option<&'a str>) -> Key<'a> {
        Key { video: Cow::Borrowed(video), frame: Cow::Borrowed(frame), track: track.map(Cow::Borrowed) }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn rows_are_found_by_their_whole_names(
            rows in prop::collection::vec(("[ab]{0,2}", "[0ÿ]{0,21}", prop::option::of("[0\\u{0}]{0,20}")), 1..60),
        ) {
            let (mut index, mut expected) = (RowIndex::default(), HashMap::new());
            for (item, (video, frame, track)) in rows.iter().enumerate() {
                let before = index.insert(&key(video, frame, track.as_deref()), item as u32);
                prop_assert_eq!(before, expected.insert((video, frame, track), item as u32));
            }
            for (video, frame, track) in &rows {
                let found = index.get(&key(video, frame, track.as_deref()));
                prop_assert_eq!(found, expected.get(&(video, frame, track)).copied());
            }
            prop_assert_eq!(index.get(&key("c", "0", None)), None);
        }
    }
}
