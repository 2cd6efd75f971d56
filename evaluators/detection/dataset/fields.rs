//! Fields that both files have: boxes, keypoints and masks.

use std::borrow::Cow;

use sdk::{Code, Fault, JsonReader, Read};

use crate::boxes::Box4;

/// A mask as it is written.
#[derive(Debug)]
pub(super) enum WrittenMask<'a> {
    /// Corners, `x0, y0, x1, y1, ...` each.
    Polygons(Vec<Vec<f64>>),
    /// Runs of pixels in an image of this height and width.
    Runs([u32; 2], Counts<'a>),
}

/// Runs of pixels, compressed or not.
#[derive(Debug)]
pub(super) enum Counts<'a> {
    Text(Cow<'a, str>),
    List(Vec<i64>),
}

/// Reads `[x, y, width, height]`; width and height above zero where boxes must be `filled`, else at least zero.
pub(super) fn read_box(reader: &mut JsonReader<'_, '_>, filled: Option<bool>) -> Read<Box4> {
    let Some(read) = reader.numbers::<4>("[x, y, width, height]")? else {
        return Ok(None);
    };
    let [x, y, width, height] = read;
    let smallest = width.min(height);
    let wanted = match filled {
        Some(true) if smallest <= 0.0 => "width > 0 and height > 0",
        Some(false) if smallest < 0.0 => "width >= 0 and height >= 0",
        _ if !(width * height).is_finite() || !(x + width).is_finite() || !(y + height).is_finite() => {
            "an area and edges that are finite"
        }
        _ => return Ok(Some(read)),
    };
    reader.fault_with(|| {
        let found = format!("[{x}, {y}, {width}, {height}]");
        Fault::whole(Code::OutOfRange, "the box is no area of pixels", wanted, found).hint(
            "a box is [x, y, width, height] in pixels from the upper left corner, not two corners [x1, y1, x2, y2]",
        )
    });
    Ok(None)
}

/// Appends `x, y, v` of exactly `count` keypoints to `points`; they are taken back where the shape is wrong.
pub(super) fn read_keypoints(
    reader: &mut JsonReader<'_, '_>,
    count: usize,
    points: &mut Vec<f64>,
) -> Read<()> {
    let (start, wanted) = (points.len(), count * 3);
    let length = reader.array(|reader, index| {
        if index >= wanted as u64 {
            return reader.skip();
        }
        points.extend(reader.number()?);
        Ok(())
    })?;
    let Some(length) = length else { return Ok(None) };
    let whole = points.len() - start == wanted;
    if !whole || length != wanted as u64 {
        points.truncate(start);
    }
    if length != wanted as u64 {
        let message = format!("an object has {count} keypoints of three numbers");
        reader.fault(Code::WrongShape, message, format!("{wanted} numbers"), format!("{length} values"));
        return Ok(None);
    }
    Ok(whole.then_some(()))
}

/// Reads a mask; polygons are only for the annotations.
pub(super) fn read_mask<'a>(reader: &mut JsonReader<'a, '_>, polygons: bool) -> Read<WrittenMask<'a>> {
    if reader.at_array()? {
        if polygons {
            return read_polygons(reader);
        }
        reader.fault_with(|| {
            let wanted = "{\"size\": [height, width], \"counts\": \"...\"}";
            Fault::whole(Code::WrongType, "a predicted mask is runs of pixels", wanted, "a list")
                .hint("pycocotools.mask.encode makes runs of an array of pixels, frPyObjects of polygons")
        });
        reader.skip()?;
        return Ok(None);
    }
    read_runs(reader)
}

fn read_polygons<'a>(reader: &mut JsonReader<'a, '_>) -> Read<WrittenMask<'a>> {
    let (mut polygons, mut right) = (Vec::new(), true);
    let list = reader.array(|reader, _| {
        let mut polygon = Vec::new();
        let length = reader.array(|reader, _| {
            polygon.extend(reader.number()?);
            Ok(())
        })?;
        match length {
            Some(length) if length < 6 || length % 2 == 1 => {
                let found = format!("{length} values");
                let wanted = "x and y of three corners or more";
                reader.fault(Code::WrongShape, "a polygon has three corners or more", wanted, found);
                right = false;
            }
            Some(length) if length == polygon.len() as u64 => polygons.push(polygon),
            _ => right = false,
        }
        Ok(())
    })?;
    if list == Some(0) {
        reader.fault(Code::WrongShape, "a mask has a polygon", "one polygon or more", "none");
        right = false;
    }
    Ok(list.filter(|_| right).map(|_| WrittenMask::Polygons(polygons)))
}

fn read_runs<'a>(reader: &mut JsonReader<'a, '_>) -> Read<WrittenMask<'a>> {
    let (mut size, mut counts) = (sdk::Slot::default(), sdk::Slot::default());
    let object = reader.object(|reader, key| {
        match &**key {
            "size" => size.put(read_size(reader)?),
            "counts" if reader.at_array()? => {
                let mut list = Vec::new();
                let length = reader.array(|reader, _| {
                    list.extend(reader.integer()?);
                    Ok(())
                })?;
                counts.put(length.filter(|length| *length == list.len() as u64).map(|_| Counts::List(list)));
            }
            "counts" => counts.put(reader.string()?.map(Counts::Text)),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    let size = size.require("size", reader);
    let counts = counts.require("counts", reader);
    Ok(size.zip(counts).map(|(size, counts)| WrittenMask::Runs(size, counts)))
}

fn read_size(reader: &mut JsonReader<'_, '_>) -> Read<[u32; 2]> {
    let mut size = Vec::new();
    let length = reader.array(|reader, index| {
        if index < 2 {
            size.extend(pixels(reader)?);
            return Ok(());
        }
        reader.skip()
    })?;
    let Some(length) = length else { return Ok(None) };
    if length != 2 {
        let found = format!("{length} values");
        reader.fault(Code::WrongShape, "a size is a height and a width", "[height, width]", found);
        return Ok(None);
    }
    Ok(<[u32; 2]>::try_from(size).ok())
}

/// The largest height or width of an image.
const LONGEST_SIDE: i64 = 65_535;

/// Reads a height or width.
pub(super) fn pixels(reader: &mut JsonReader<'_, '_>) -> Read<u32> {
    let Some(side) = reader.integer()? else { return Ok(None) };
    if !(0..=LONGEST_SIDE).contains(&side) {
        let wanted = format!("0 to {LONGEST_SIDE} pixels");
        reader.fault(Code::OutOfRange, "the image is not that large", wanted, side.to_string());
        return Ok(None);
    }
    Ok(Some(side as u32))
}
