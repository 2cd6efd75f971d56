//! Reads the annotations: boxes of two annotators, and where they are seen from the query's camera.

use std::borrow::Cow;

use sdk::{Code, Faults, JsonReader, Read, Slot, Stop};

use super::vectors::{Vector, distance, length, middle, turned};
use super::{Object, Truth};
use crate::boxes::FARTHEST;
use crate::queries::{Queries, items, read_queries};

/// An answer may be this many times as far off as the annotators and the size of the object say.
const TOLERANCE: f64 = 6.0;

/// What is read of a query set.
struct Content {
    object: Object,
    title: Option<String>,
}

/// The box of an annotator.
struct Cuboid {
    position: Vector,
    dimension: Vector,
}

/// Reads where the objects are; without annotations they are nowhere in particular.
pub(super) fn read(bytes: &[u8], group_by_clip: bool, unannotated: bool) -> Result<Truth, Faults> {
    let Queries { list, index, .. } = read_queries(bytes, |reader| query_set(reader, unannotated))?;
    let items = items(&list, group_by_clip, |content: &Content| content.title.as_deref());
    Ok(Truth { items, index, objects: list.into_iter().map(|query| query.content.object).collect() })
}

fn query_set(reader: &mut JsonReader<'_, '_>, unannotated: bool) -> Read<Option<Content>> {
    let (mut first, mut second, mut center) = (Slot::default(), Slot::default(), Slot::default());
    let (mut from_camera, mut title) = (None, None);
    let object = reader.object(|reader, key| {
        match &**key {
            "object_title" if reader.at_string()? => title = reader.string()?.map(Cow::into_owned),
            _ if unannotated => reader.skip()?,
            "3d_annotation_1" => first.put(cuboid(reader)?),
            "3d_annotation_2" => second.put(cuboid(reader)?),
            "gt_3d_vec_world_1" => center.put(vector(reader)?),
            "gt_3d_vec_1" if !reader.null()? => from_camera = vector(reader)?,
            "gt_3d_vec_1" => {}
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    if unannotated {
        return Ok(Some(Some(Content { object: Object::default(), title })));
    }
    let first: Option<Cuboid> = first.require("3d_annotation_1", reader);
    let second: Option<Cuboid> = second.require("3d_annotation_2", reader);
    let first_center = center.require("gt_3d_vec_world_1", reader);
    let (Some(first), Some(second), Some(first_center)) = (first, second, first_center) else {
        return Ok(None);
    };
    let size = f64::midpoint(length(first.dimension), length(second.dimension));
    let radius = TOLERANCE * (distance(first.position, second.position) + (-size).exp());
    let center = turned(middle(first.position, second.position));
    Ok(Some(Some(Content { object: Object { center, radius, first_center, from_camera }, title })))
}

fn cuboid(reader: &mut JsonReader<'_, '_>) -> Read<Cuboid> {
    let (mut position, mut dimension) = (Slot::default(), Slot::default());
    let object = reader.object(|reader, key| {
        match &**key {
            "position" => position.put(named_vector(reader)?),
            "dimension" => dimension.put(named_vector(reader)?),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    let position = position.require("position", reader);
    let dimension = dimension.require("dimension", reader);
    Ok(position.zip(dimension).map(|(position, dimension)| Cuboid { position, dimension }))
}

/// Reads `{"x", "y", "z"}`.
fn named_vector(reader: &mut JsonReader<'_, '_>) -> Read<Vector> {
    let names = ["x", "y", "z"];
    let mut slots: [Slot<f64>; 3] = Default::default();
    let object = reader.object(|reader, key| {
        match names.iter().position(|name| *name == &**key) {
            Some(axis) => slots[axis].put(reader.number()?),
            None => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    let [x, y, z] = slots;
    let parts = [x.require("x", reader), y.require("y", reader), z.require("z", reader)];
    match parts {
        [Some(x), Some(y), Some(z)] => Ok(within(reader, [x, y, z])),
        _ => Ok(None),
    }
}

/// Reads `[x, y, z]`.
pub(super) fn vector(reader: &mut JsonReader<'_, '_>) -> Result<Option<Vector>, Stop> {
    let numbers = reader.numbers::<3>("[x, y, z]")?;
    Ok(numbers.and_then(|numbers| within(reader, numbers)))
}

/// A vector that is no farther away than any place; another one is a fault.
fn within(reader: &mut JsonReader<'_, '_>, vector: Vector) -> Option<Vector> {
    let far = vector.iter().find(|part| part.abs() > FARTHEST);
    if let Some(far) = far {
        let expected = format!("metres between -{FARTHEST} and {FARTHEST}");
        reader.fault(Code::OutOfRange, "the place is too far away", expected, far.to_string());
        return None;
    }
    Some(vector)
}
