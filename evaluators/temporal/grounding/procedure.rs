//! GoalStep's own files: videos with their steps, instead of clips with queries.

use std::borrow::Cow;

use sdk::primitives::segment::Segment;
use sdk::{Code, JsonReader, Slot, Stop};

use super::Layout;
use super::annotations::{Query, window};

/// What a video of GoalStep has instead of clips, as far as it has been read.
#[derive(Default)]
pub(super) struct Procedure {
    /// `step_segments`, as in the file of the test set: a query per step, which may be done several times.
    steps: Option<Vec<Query>>,
    /// `segments`, as in the files of the other sets: a query per step, followed by those of its substeps.
    hierarchy: Option<Vec<Query>>,
    goal: Option<String>,
    /// The ends of the goal as they are written: public conversions name annotations after them.
    ends: [Option<String>; 2],
}

impl Procedure {
    /// Reads the value of a field, if it is one of a procedure.
    pub(super) fn field(
        &mut self,
        reader: &mut JsonReader<'_, '_>,
        key: &str,
        layout: Layout,
    ) -> Result<bool, Stop> {
        match key {
            "step_segments" => {
                let steps = self.steps.get_or_insert_default();
                reader.array(|reader, _| {
                    steps.push(step(reader, layout)?);
                    Ok(())
                })?;
            }
            "segments" => {
                let queries = self.hierarchy.get_or_insert_default();
                reader.array(|reader, _| segment(reader, "step", queries, layout))?;
            }
            "goal_category" if reader.at_string()? => self.goal = reader.string()?.map(Cow::into_owned),
            "start_time" => self.ends[0] = reader.literal()?.map(str::to_owned),
            "end_time" => self.ends[1] = reader.literal()?.map(str::to_owned),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Whether the video has steps.
    pub(super) fn is_there(&self) -> bool {
        self.steps.is_some() || self.hierarchy.is_some()
    }

    /// The names of the annotation, and its queries.
    pub(super) fn into_queries(self, video: &str) -> (Vec<String>, Vec<Query>) {
        let mut names = vec![video.to_owned()];
        if let ([Some(start), Some(end)], None) = (&self.ends, &self.steps) {
            names.push(format!("{video}_{start}_{end}"));
        }
        let mut queries = self.steps.or(self.hierarchy).unwrap_or_default();
        for query in &mut queries {
            query.attributes[1].clone_from(&self.goal);
        }
        (names, queries)
    }
}

/// Reads a step with all windows in which it is done.
fn step(reader: &mut JsonReader<'_, '_>, layout: Layout) -> Result<Query, Stop> {
    let (mut count, mut windows) = (None, None);
    let object = reader.object(|reader, key| {
        match &**key {
            "segments" if layout.unannotated => reader.skip()?,
            "segment_count" => count = reader.integer()?,
            "segments" => {
                let found = windows.get_or_insert_with(Vec::new);
                reader.array(|reader, _| {
                    found.extend(times(reader)?);
                    Ok(())
                })?;
            }
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    let Some(windows) = windows else {
        if object.is_some() && !layout.unannotated {
            reader.missing_field("segments");
        }
        return Ok(Query::default());
    };
    if windows.is_empty() || count.is_some_and(|count| count != windows.len() as i64) {
        let expected = count
            .map_or_else(|| "at least one".to_owned(), |count| format!("{count}, as `segment_count` says"));
        reader.fault(
            Code::WrongShape,
            "a step has its windows",
            expected,
            format!("{} windows", windows.len()),
        );
    }
    let mut query = Query { windows, ..Query::default() };
    query.attributes[2] = Some("step".to_owned());
    Ok(query)
}

/// Reads a window `{"start_time", "end_time"}`.
fn times(reader: &mut JsonReader<'_, '_>) -> Result<Option<Segment>, Stop> {
    let (mut start, mut end) = (Slot::default(), Slot::default());
    let object = reader.object(|reader, key| {
        match &**key {
            "start_time" => start.put(reader.number()?),
            "end_time" => end.put(reader.number()?),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    let (start, end) = (start.require("start_time", reader), end.require("end_time", reader));
    Ok(window(reader, start, end))
}

/// Reads a step or a substep with its window; the substeps of a step follow it.
fn segment(
    reader: &mut JsonReader<'_, '_>,
    level: &str,
    queries: &mut Vec<Query>,
    layout: Layout,
) -> Result<(), Stop> {
    let (mut start, mut end, mut relevance) = (Slot::default(), Slot::default(), None);
    let mut substeps = Vec::new();
    let object = reader.object(|reader, key| {
        match &**key {
            "start_time" | "end_time" if layout.unannotated => reader.skip()?,
            "start_time" => start.put(reader.number()?),
            "end_time" => end.put(reader.number()?),
            "is_relevant" if reader.at_string()? => relevance = reader.string()?.map(Cow::into_owned),
            "segments" if level == "step" => {
                reader.array(|reader, _| segment(reader, "substep", &mut substeps, layout))?;
            }
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(());
    }
    let windows = match layout.unannotated {
        true => Vec::new(),
        false => {
            let (start, end) = (start.require("start_time", reader), end.require("end_time", reader));
            window(reader, start, end).into_iter().collect()
        }
    };
    queries.push(Query { windows, attributes: [None, None, Some(level.to_owned()), relevance] });
    queries.append(&mut substeps);
    Ok(())
}
