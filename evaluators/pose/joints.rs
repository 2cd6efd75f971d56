//! Joints in space, and how they are read.

use sdk::{Code, Fault, JsonReader, Read};

/// A place in space, in metres.
pub(crate) type Point = [f64; 3];

/// The distance of two places.
pub(crate) fn distance(a: Point, b: Point) -> f64 {
    difference(a, b).iter().map(|one| one * one).sum::<f64>().sqrt()
}

/// What leads from the second place to the first.
pub(crate) fn difference(a: Point, b: Point) -> Point {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

/// Reads the joints of a prediction, exactly `N` of them.
///
/// Nothing where the list is empty, which says that nothing is predicted.
pub(crate) fn predicted<const N: usize>(reader: &mut JsonReader<'_, '_>) -> Read<Option<[Point; N]>> {
    let mut joints = [[0.0; 3]; N];
    let mut right = 0;
    let Some(length) = reader.array(|reader, index| match joints.get_mut(index as usize) {
        Some(joint) => {
            if let Some(point) = reader.numbers::<3>("[x, y, z]")? {
                *joint = point;
                right += 1;
            }
            Ok(())
        }
        None => reader.skip(),
    })?
    else {
        return Ok(None);
    };
    if length == 0 {
        return Ok(Some(None));
    }
    if length != N as u64 {
        wrong_count(reader, N, length);
        return Ok(None);
    }
    Ok((right == N).then_some(Some(joints)))
}

/// Reads true joints, of which some may be absent: `null`, or a place of `null` or `NaN`; nothing where the list is empty.
pub(crate) fn annotated<const N: usize>(reader: &mut JsonReader<'_, '_>) -> Read<Option<[Option<Point>; N]>> {
    let mut joints = [None; N];
    let before = reader.fault_count();
    let Some(length) = reader.array(|reader, index| match joints.get_mut(index as usize) {
        Some(joint) => {
            *joint = point_or_absent(reader)?.flatten();
            Ok(())
        }
        None => reader.skip(),
    })?
    else {
        return Ok(None);
    };
    if length == 0 {
        return Ok(Some(None));
    }
    if length != N as u64 {
        wrong_count(reader, N, length);
    }
    Ok((reader.fault_count() == before).then_some(Some(joints)))
}

fn point_or_absent(reader: &mut JsonReader<'_, '_>) -> Read<Option<Point>> {
    if reader.null()? {
        return Ok(Some(None));
    }
    let mut point = [0.0; 3];
    let (mut present, mut absent) = (0, 0);
    let Some(length) = reader.array(|reader, index| match point.get_mut(index as usize) {
        Some(axis) => {
            match reader.number_or_absent()? {
                Some(Some(number)) => {
                    *axis = number;
                    present += 1;
                }
                Some(None) => absent += 1,
                None => {}
            }
            Ok(())
        }
        None => reader.skip(),
    })?
    else {
        return Ok(None);
    };
    match (length, present, absent) {
        (3, 3, _) => Ok(Some(Some(point))),
        (3, _, 3) => Ok(Some(None)),
        (3, present, absent) if present + absent < 3 => Ok(None),
        _ => {
            let message = "a joint is a place, or absent as a whole";
            reader.fault(
                Code::WrongShape,
                message,
                "[x, y, z]",
                format!("{length} values, {absent} of them absent"),
            );
            Ok(None)
        }
    }
}

fn wrong_count(reader: &mut JsonReader<'_, '_>, wanted: usize, found: u64) {
    reader.fault_with(|| {
        let message = format!("{wanted} joints are wanted here");
        Fault::whole(
            Code::WrongShape,
            message,
            format!("{wanted} places [x, y, z]"),
            format!("{found} values"),
        )
    });
}
