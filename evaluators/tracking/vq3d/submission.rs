//! Reads a submission: a place in the room and one from the query's camera, or `null`, for every query.

use std::f64::consts::FRAC_PI_2;

use sdk::{Faults, JsonReader, Limits, Mode, Read, Slot};

use super::annotations::vector;
use super::vectors::{Vector, cosine, distance};
use super::{Object, PreparedQueries};
use crate::queries::{Header, read_answers};

/// What the answer to a query is worth.
#[derive(Debug, Clone, Default)]
pub(super) struct Answer {
    /// How far the answer is from the first annotator's place, if there is an answer.
    pub(super) distance: Option<f64>,
    pub(super) success: bool,
    /// Whether the place from the camera is there too.
    pub(super) posed: bool,
    /// The angle at the camera, where both the answer and the truth have it.
    pub(super) angle: Option<f64>,
}

/// The places of an answer.
struct Places {
    in_room: Option<Vector>,
    from_camera: Option<Vector>,
}

/// Reads a submission; the answers stand in the order of the queries.
pub(super) fn read(task: &PreparedQueries, bytes: &[u8], limits: &Limits) -> Result<Vec<Answer>, Faults> {
    let mut answers = vec![Answer::default(); task.truth.objects.len()];
    let header = Header { version: Some("1.0"), challenge: "ego4d_vq3d_challenge" };
    JsonReader::read(bytes, limits, |reader| {
        read_answers(reader, &task.truth.index, header, query_set, |query, places| {
            answers[query] = judge(&places, &task.truth.objects[query], task.mode);
        })
    })?;
    Ok(answers)
}

fn query_set(reader: &mut JsonReader<'_, '_>) -> Read<Places> {
    let (mut in_room, mut from_camera) = (Slot::default(), Slot::default());
    let object = reader.object(|reader, key| {
        match &**key {
            "pred_3d_vec_world" => in_room.put(place(reader)?),
            "pred_3d_vec_query_frame" => from_camera.put(place(reader)?),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    let in_room = in_room.require("pred_3d_vec_world", reader);
    let from_camera = from_camera.require("pred_3d_vec_query_frame", reader);
    Ok(in_room.zip(from_camera).map(|(in_room, from_camera)| Places { in_room, from_camera }))
}

/// Reads a place, or `null` for none.
fn place(reader: &mut JsonReader<'_, '_>) -> Read<Option<Vector>> {
    if reader.null()? {
        return Ok(Some(None));
    }
    Ok(vector(reader)?.map(Some))
}

fn judge(places: &Places, object: &Object, mode: Mode) -> Answer {
    let Some(in_room) = places.in_room else { return Answer::default() };
    let angle = places.from_camera.zip(object.from_camera).map(|(answer, truth)| {
        let cosine = cosine(answer, truth);
        match mode {
            // Nobody looks in the direction of a vector without length: it is neither right nor opposite.
            Mode::Strict if cosine.is_nan() => FRAC_PI_2,
            Mode::Strict => cosine.clamp(-1.0, 1.0).acos(),
            Mode::Reference => cosine.acos(),
        }
    });
    Answer {
        distance: Some(distance(in_room, object.first_center)),
        success: distance(object.center, in_room) < object.radius,
        posed: places.from_camera.is_some(),
        angle,
    }
}
