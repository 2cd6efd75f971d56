//! Reads a submission: parallel lists of videos, of the ego camera's logits and of the exo cameras'.

use sdk::roll::repeated;
use sdk::{Code, Fault, Faults, JsonReader, Limits, Place, Stop};

use super::{LEVELS, Logits, Prediction, VIEWS};
use crate::roll::{Call, Ids, Roll, complete, unknown};

/// The lists of a submission, as far as they are there.
#[derive(Default)]
struct Lists {
    /// The item of every row; nothing where the row names none.
    items: Option<Vec<Option<u32>>>,
    ego: Option<Vec<Logits>>,
    exo: Option<Vec<[Logits; VIEWS]>>,
}

/// Reads what is predicted for every video, in the order of the items.
pub(super) fn read(ids: &Ids, bytes: &[u8], limits: &Limits) -> Result<Vec<Prediction>, Faults> {
    let mut lists = Lists::default();
    let mut roll = Roll::new(ids, "video");
    let mut read = JsonReader::read(bytes, limits, |reader| read_lists(reader, &mut lists, &mut roll));
    if lists.items.is_some() {
        read = complete(read, &roll);
    }
    let mut faults = read.err().unwrap_or_default();
    let rows = lists.items.as_ref().map_or(0, Vec::len);
    let lengths = [
        ("ego_model_predictions", lists.ego.as_ref().map(Vec::len)),
        ("exo_model_predictions", lists.exo.as_ref().map(Vec::len)),
    ];
    for (name, length) in lengths {
        if let (Some(length), Some(_)) = (length.filter(|length| *length != rows), &lists.items) {
            let message = format!("{name:?} is not as long as \"videos\"");
            let fault =
                Fault::whole(Code::WrongShape, message, format!("{rows} rows"), format!("{length} rows"));
            faults.push(fault.at(Place::Pointer(format!("/{name}"))));
        }
    }
    faults.or(())?;
    let mut predictions = vec![Prediction::default(); ids.len()];
    let (items, ego, exo) =
        (lists.items.into_iter().flatten(), lists.ego.into_iter().flatten(), lists.exo.into_iter().flatten());
    for ((item, ego), exo) in items.zip(ego).zip(exo) {
        if let Some(item) = item {
            predictions[item as usize] = Prediction { ego, exo };
        }
    }
    Ok(predictions)
}

fn read_lists(reader: &mut JsonReader<'_, '_>, lists: &mut Lists, roll: &mut Roll<'_>) -> Result<(), Stop> {
    let mut labels = false;
    let object = reader.object(|reader, key| {
        match &**key {
            "videos" => {
                let mut items = Vec::new();
                reader.array(|reader, _| {
                    items.push(video(reader, roll)?);
                    Ok(())
                })?;
                lists.items = Some(items);
            }
            "ego_model_predictions" => {
                let mut rows = Vec::new();
                reader.array(|reader, _| {
                    rows.push(logits(reader)?);
                    Ok(())
                })?;
                lists.ego = Some(rows);
            }
            "exo_model_predictions" => {
                let mut rows = Vec::new();
                reader.array(|reader, _| {
                    rows.push(views(reader)?);
                    Ok(())
                })?;
                lists.exo = Some(rows);
            }
            name => {
                labels |= name == "predictions";
                reader.skip()?;
            }
        }
        Ok(())
    })?;
    let fields = [
        ("videos", lists.items.is_some()),
        ("ego_model_predictions", lists.ego.is_some()),
        ("exo_model_predictions", lists.exo.is_some()),
    ];
    for (name, _) in fields.into_iter().filter(|(_, there)| object.is_some() && !there) {
        reader.fault_with(|| {
            let message = format!("the field {name:?} is missing");
            let fault = Fault::whole(Code::MissingField, message, format!("a list {name:?}"), "none");
            match labels {
                true => fault.hint("labels are not enough: the logits of every camera are wanted"),
                false => fault,
            }
        });
    }
    Ok(())
}

fn video(reader: &mut JsonReader<'_, '_>, roll: &mut Roll<'_>) -> Result<Option<u32>, Stop> {
    let Some(id) = reader.string()? else {
        return Ok(None);
    };
    match roll.call(&id) {
        Call::First(item) => return Ok(Some(item)),
        Call::Again(_) => reader.fault_with(|| repeated("video", &id)),
        Call::Unknown => reader.fault_with(|| unknown("video", &id)),
    }
    Ok(None)
}

/// Reads the logits of one camera.
fn logits(reader: &mut JsonReader<'_, '_>) -> Result<Logits, Stop> {
    let mut logits = [0.0; LEVELS];
    let length = reader.array(|reader, level| match logits.get_mut(level as usize) {
        Some(logit) => {
            *logit = reader.number()?.unwrap_or_default();
            Ok(())
        }
        None => reader.skip(),
    })?;
    require_length(reader, length, LEVELS, "levels");
    Ok(logits)
}

/// Reads the logits of the exo cameras.
fn views(reader: &mut JsonReader<'_, '_>) -> Result<[Logits; VIEWS], Stop> {
    let mut views = [[0.0; LEVELS]; VIEWS];
    let length = reader.array(|reader, view| match views.get_mut(view as usize) {
        Some(of_view) => {
            *of_view = logits(reader)?;
            Ok(())
        }
        None => reader.skip(),
    })?;
    require_length(reader, length, VIEWS, "views");
    Ok(views)
}

fn require_length(reader: &mut JsonReader<'_, '_>, length: Option<u64>, wanted: usize, of: &str) {
    if let Some(length) = length.filter(|length| *length != wanted as u64) {
        let message = format!("there are not {wanted} {of}");
        reader.fault(Code::WrongShape, message, format!("{wanted} {of}"), format!("{length} values"));
    }
}
