//! Collections of label maps: a folder or archive of PNG images, or one JSON object of rows by name.

use std::collections::HashMap;

use sdk::archive::is_zip;
use sdk::text::quoted;
use sdk::{Code, Fault, Faults, Input, JsonReader, Limits};

use crate::label_map::{LabelMap, Pixels};

/// Label maps by name.
#[derive(Debug)]
pub(crate) struct Maps<'i> {
    maps: Vec<(String, Source<'i>)>,
}

/// Where a map is.
#[derive(Debug)]
enum Source<'i> {
    /// A PNG image; its name has an extension.
    Png(std::borrow::Cow<'i, [u8]>),
    /// Rows of numbers.
    Rows(LabelMap),
}

impl<'i> Maps<'i> {
    /// The maps of an input, in the order of their names, which are paths without extension.
    pub(crate) fn open(input: &'i Input<'_>, limits: &Limits) -> Result<Self, Faults> {
        if let Input::File(file) = input
            && !is_zip(&file.bytes)
            && sdk::text::kind_of(&file.bytes).is_none()
        {
            return Self::from_json(&file.bytes, limits);
        }
        let mut faults = Faults::new();
        let mut maps = Vec::new();
        for file in sdk::archive::files(input, limits)? {
            match file.name.rsplit_once('.') {
                Some((stem, extension)) if extension.eq_ignore_ascii_case("png") => {
                    maps.push((stem.to_owned(), Source::Png(file.bytes)));
                }
                _ => faults.push_with(|| no_png(&file.name)),
            }
        }
        maps.sort_by(|a, b| a.0.cmp(&b.0));
        for pair in maps.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
            faults.push_with(|| repeated(&pair[0].0));
        }
        faults.or(Self { maps })
    }

    fn from_json(bytes: &[u8], limits: &Limits) -> Result<Self, Faults> {
        JsonReader::read(bytes, limits, |reader| {
            let mut maps = Vec::new();
            reader.object(|reader, name| {
                if let Some(map) = LabelMap::from_rows(reader)? {
                    maps.push((name.clone().into_owned(), Source::Rows(map)));
                }
                Ok(())
            })?;
            maps.sort_by(|a, b| a.0.cmp(&b.0));
            Ok(Self { maps })
        })
    }

    /// How many maps there are.
    pub(crate) fn len(&self) -> usize {
        self.maps.len()
    }

    /// The names, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.maps.iter().map(|(name, _)| name.as_str())
    }

    /// The name of the map at a position.
    pub(crate) fn name(&self, position: usize) -> &str {
        &self.maps[position].0
    }

    /// Reads the map at a position.
    pub(crate) fn read(
        &self,
        position: usize,
        pixels: Pixels,
        wanted: Option<(usize, usize)>,
    ) -> Result<LabelMap, Faults> {
        let (name, source) = &self.maps[position];
        let map = match source {
            Source::Png(bytes) => LabelMap::from_png(bytes, pixels, wanted),
            Source::Rows(map) => wanted.map_or(Ok(()), |wanted| map.check_size(wanted)).map(|()| map.clone()),
        };
        map.map_err(|faults| faults.of_file(name))
    }

    /// Drops the folders that all maps lie in, such as the one that an archive was made of.
    pub(crate) fn without_common_folder(mut self, kept_parts: usize) -> Self {
        while let Some(prefix) = self.common_folder(kept_parts) {
            self.strip(prefix);
        }
        self
    }

    /// Drops common folders until some name is one of those wanted; if none ever is, names stay as they are.
    pub(crate) fn named_as(mut self, wanted: impl Fn(&str) -> bool) -> Self {
        let mut dropped = 0;
        loop {
            let rest = |name: &'_ str| name[dropped..].to_owned();
            if self.names().any(|name| wanted(&rest(name))) {
                self.strip(dropped);
                return self;
            }
            let Some((first, _)) = self.maps.first() else { return self };
            let Some(length) = first[dropped..].find('/').map(|at| at + 1) else { return self };
            let prefix = first[..dropped + length].to_owned();
            if !self.names().all(|name| name.starts_with(&prefix)) {
                return self;
            }
            dropped += length;
        }
    }

    /// The length of the folder, with its slash, that all names begin with, where so many parts are left.
    fn common_folder(&self, kept_parts: usize) -> Option<usize> {
        let (first, _) = self.maps.first()?;
        let length = first.find('/')? + 1;
        let shared = self.names().all(|name| {
            name.starts_with(&first[..length]) && name[length..].matches('/').count() + 1 >= kept_parts
        });
        shared.then_some(length)
    }

    fn strip(&mut self, length: usize) {
        for (name, _) in &mut self.maps {
            name.drain(..length);
        }
    }

    /// For every wanted name the position of its map; missing and other maps are faults.
    pub(crate) fn find<'n>(
        &self,
        wanted: impl Iterator<Item = &'n str>,
        is_optional: impl Fn(&str) -> bool,
        faults: &mut Faults,
    ) -> Vec<Option<usize>> {
        let mut positions: HashMap<&str, usize> = self.names().zip(0..).collect();
        let wanted: Vec<&str> = wanted.collect();
        let found: Vec<Option<usize>> = wanted.iter().map(|name| positions.remove(name)).collect();
        let none_is_known = found.iter().all(Option::is_none);
        let hinted = |fault: Fault| match none_is_known {
            true => fault.hint("no map has a name of the task; they may be of another split"),
            false => fault,
        };
        for (name, _) in wanted.iter().zip(&found).filter(|(_, position)| position.is_none()) {
            faults.push_with(|| {
                let message = format!("there is no map {}", quoted(name));
                let (expected, found) = (format!("a map for each of {}", wanted.len()), self.len());
                hinted(Fault::whole(Code::MissingIds, message, expected, format!("{found} maps")))
            });
        }
        let mut others: Vec<&str> = positions.into_keys().filter(|name| !is_optional(name)).collect();
        others.sort_unstable();
        for name in others {
            faults.push_with(|| {
                let message = format!("the map {} is of no image of the task", quoted(name));
                hinted(Fault::whole(Code::UnknownIds, message, "maps of the task's images", quoted(name)))
            });
        }
        found
    }
}

fn no_png(name: &str) -> Fault {
    let message = format!("the file {} is no PNG image", quoted(name));
    let fault = Fault::whole(Code::WrongFormat, message, "PNG images and nothing else", quoted(name));
    let jpeg = [".jpg", ".jpeg"].iter().any(|end| name.to_ascii_lowercase().ends_with(end));
    if jpeg { fault.hint("JPEG changes labels; save label maps as PNG") } else { fault }
}

fn repeated(name: &str) -> Fault {
    let message = format!("there are two maps {}", quoted(name));
    Fault::whole(Code::DuplicateIds, message, "one map for every image", "another")
}
