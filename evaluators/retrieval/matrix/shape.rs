//! How many items each side has: what is known of a matrix whose relevancies are held out.

use sdk::{Code, Faults, JsonReader, Limits, Slot};

/// The most rows, and the most columns: as many items have names.
const MOST: u32 = 1 << 20;

/// Reads `{"rows": 4, "columns": 3}`.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<(usize, usize), Faults> {
    let shape = JsonReader::read(bytes, limits, |reader| {
        let (mut rows, mut columns) = (Slot::default(), Slot::default());
        let object = reader.object(|reader, key| {
            match &**key {
                "rows" => rows.put(side(reader)?),
                "columns" => columns.put(side(reader)?),
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        let both = object.map(|()| (rows.require("rows", reader), columns.require("columns", reader)));
        Ok(both.and_then(|(rows, columns)| Some((rows?, columns?))))
    })?;
    // A side that is not there is a fault, so that both are here.
    Ok(shape.unwrap_or_default())
}

fn side(reader: &mut JsonReader<'_, '_>) -> sdk::Read<usize> {
    let Some(number) = reader.integer()? else { return Ok(None) };
    let side = u32::try_from(number).ok().filter(|side| (1..=MOST).contains(side));
    if side.is_none() {
        let expected = format!("1 to {MOST}");
        reader.fault(Code::OutOfRange, "no side has so many items", expected, number.to_string());
    }
    Ok(side.map(|side| side as usize))
}
