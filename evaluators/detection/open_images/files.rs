//! Reads the tables of Open Images: boxes, labels of images, the hierarchy, the classes, and detections.

use sdk::rows::{CsvRow, CsvRows};
use sdk::text::quoted;
use sdk::{Code, Fault, Faults, Inputs, Items, Limits, Place, Table};

use super::hierarchy::Hierarchy;
use super::{Detection, Edges, Truth};
use crate::sheet::{cell_fault, columns, numbers};

const EDGES: [&str; 4] = ["XMin", "YMin", "XMax", "YMax"];

/// Reads all tables of the annotations.
pub(super) fn read_annotations(inputs: &Inputs<'_>) -> Result<Truth, Faults> {
    let limits = Limits::default();
    let mut truth = Truth::default();
    if let Some(classes) = inputs.get("classes") {
        let read =
            Table::read(&classes.single()?.bytes, &limits).and_then(|table| read_classes(&table, &mut truth));
        read.map_err(|faults| faults.of_file("classes"))?;
    }
    let hierarchy = match inputs.get("hierarchy") {
        Some(hierarchy) => Hierarchy::read(&hierarchy.single()?.bytes, &limits)
            .map_err(|faults| faults.of_file("hierarchy"))?,
        None => Hierarchy::default(),
    };
    if !truth.listed {
        for class in hierarchy.classes() {
            add_class(&mut truth, class);
        }
    }
    let mut ids = Vec::new();
    let mut faults = Faults::new();
    if inputs.are_unannotated() {
        let table = Table::read(&inputs.require(Inputs::MAIN)?.single()?.bytes, &limits)?;
        let column = table.require("ImageID")?;
        for row in 0..table.len() {
            image_of(&mut truth, &mut ids, table.cell(row, column));
        }
        truth.items = Items::ungrouped(ids);
        return Ok(truth);
    }
    let labels = inputs.require("image_labels")?.single()?;
    if let Err(found) = read_labels(&labels.bytes, &hierarchy, &mut truth, &mut ids, &limits) {
        faults.extend(found.of_file("image_labels"));
    }
    let main = inputs.require(Inputs::MAIN)?.single()?;
    if let Err(found) = read_boxes(&main.bytes, &hierarchy, &mut truth, &mut ids, &limits) {
        faults.extend(found.of_file(Inputs::MAIN));
    }
    truth.items = Items::ungrouped(ids);
    add_slices(&mut truth);
    faults.or(truth)
}

/// Lets images be chosen by the classes that they show.
fn add_slices(truth: &mut Truth) {
    let mut shown = vec![Vec::new(); truth.items.len()];
    for ((class, image), boxes) in &truth.known {
        if !(boxes.single.is_empty() && boxes.groups.is_empty()) {
            shown[*image as usize].push(*class);
        }
    }
    shown.iter_mut().for_each(|classes| classes.sort_unstable());
    let names = &truth.classes;
    let values = shown.iter().map(|classes| classes.iter().map(|class| names[*class as usize].as_str()));
    truth.items.set_attribute("class", values);
}

fn read_classes(table: &Table, truth: &mut Truth) -> Result<(), Faults> {
    let column = table.require("LabelName")?;
    let mut faults = Faults::new();
    table.unique(column, &mut faults);
    for row in 0..table.len() {
        add_class(truth, table.cell(row, column));
    }
    truth.listed = true;
    faults.or(())
}

fn add_class(truth: &mut Truth, name: &str) -> u32 {
    if let Some(code) = truth.codes.get(name) {
        return *code;
    }
    let code = truth.classes.len() as u32;
    truth.classes.push(name.to_owned());
    truth.codes.insert(name.to_owned(), code);
    code
}

/// The class of that name; where the classes are listed, nothing for one that is not.
fn class_of(truth: &mut Truth, name: &str) -> Option<u32> {
    if truth.listed { truth.codes.get(name).copied() } else { Some(add_class(truth, name)) }
}

fn image_of(truth: &mut Truth, ids: &mut Vec<String>, id: &str) -> u32 {
    if let Some(image) = truth.images.get(id) {
        return *image;
    }
    let image = ids.len() as u32;
    ids.push(id.to_owned());
    truth.images.insert(id.to_owned(), image);
    image
}

/// Reads which classes were looked for in which images: with what is found everything above it is found, and with what
/// is absent everything below it.
fn read_labels(
    bytes: &[u8],
    hierarchy: &Hierarchy,
    truth: &mut Truth,
    ids: &mut Vec<String>,
    limits: &Limits,
) -> Result<(), Faults> {
    let mut rows = CsvRows::open(bytes, limits)?;
    let mut faults = Faults::new();
    let Some([image, label, confidence]) = columns(&mut rows, ["ImageID", "LabelName", "Confidence"]) else {
        return Err(rows.into_faults());
    };
    while let Some(row) = rows.next_row()? {
        let [id, label] = [image, label].map(|column| row.cell(column));
        let image = image_of(truth, ids, id);
        let related: Vec<&str> = match row.cell(confidence).trim().parse::<f64>() {
            Ok(1.0) => hierarchy.above(label).collect(),
            Ok(0.0) => hierarchy.below(label).collect(),
            _ => {
                faults.push_with(|| cell_fault(row, confidence, Code::OutOfRange, "Confidence", "0 or 1"));
                continue;
            }
        };
        for label in related.into_iter().chain([label]) {
            if let Some(class) = class_of(truth, label) {
                truth.known.entry((class, image)).or_default();
            }
        }
    }
    faults.extend(rows.into_faults());
    faults.or(())
}

/// Reads the boxes; each is one of its class and of all above it.
fn read_boxes(
    bytes: &[u8],
    hierarchy: &Hierarchy,
    truth: &mut Truth,
    ids: &mut Vec<String>,
    limits: &Limits,
) -> Result<(), Faults> {
    let mut rows = CsvRows::open(bytes, limits)?;
    let mut faults = Faults::new();
    let Some([image, label, group, edges @ ..]) =
        columns(&mut rows, ["ImageID", "LabelName", "IsGroupOf", "XMin", "YMin", "XMax", "YMax"])
    else {
        return Err(rows.into_faults());
    };
    while let Some(row) = rows.next_row()? {
        let edges = read_edges(row, edges, &mut faults);
        let image = image_of(truth, ids, row.cell(image));
        let is_group = match row.cell(group).trim() {
            "0" => false,
            "1" => true,
            _ => {
                faults.push_with(|| cell_fault(row, group, Code::OutOfRange, "IsGroupOf", "0 or 1"));
                continue;
            }
        };
        let Some(edges) = edges else { continue };
        let label = row.cell(label);
        for label in hierarchy.above(label).chain([label]) {
            if let Some(class) = class_of(truth, label) {
                let boxes = truth.known.entry((class, image)).or_default();
                if is_group { &mut boxes.groups } else { &mut boxes.single }.push(edges);
            }
        }
    }
    faults.extend(rows.into_faults());
    faults.or(())
}

/// Reads the edges of a box, as shares of the sides of its image; a box may stick out, but not by more than a side.
fn read_edges(row: CsvRow<'_>, columns: [usize; 4], faults: &mut Faults) -> Option<Edges> {
    let edges = numbers(row, columns, EDGES, faults)?;
    let [left, upper, right, lower] = edges;
    let wanted = if left > right || upper > lower {
        "XMin <= XMax and YMin <= YMax"
    } else if edges.iter().any(|edge| !(-1.0..=2.0).contains(edge)) {
        "shares of the sides of the image, from 0 to 1"
    } else {
        return Some(edges);
    };
    faults.push_with(|| {
        let found = format!("XMin {left}, YMin {upper}, XMax {right}, YMax {lower}");
        Fault::whole(Code::OutOfRange, "the box is no part of an image", wanted, found)
            .hint("edges are shares of the width and height of the image, not pixels; their order in the row is by column name")
            .at(Place::Line(row.line()))
    });
    None
}

/// The detections of a submission.
#[derive(Debug)]
pub(super) struct Sent {
    /// The detections of every class, in the order of the file.
    pub(super) by_class: Vec<Vec<Detection>>,
    /// How many were dropped because their class is not known.
    pub(super) unknown_labels: u64,
}

/// Reads the detections.
pub(super) fn read_submission(truth: &Truth, bytes: &[u8], limits: &Limits) -> Result<Sent, Faults> {
    let mut rows = CsvRows::open(bytes, limits)?;
    let mut faults = Faults::new();
    let mut sent = Sent { by_class: vec![Vec::new(); truth.classes.len()], unknown_labels: 0 };
    let wanted = ["ImageID", "LabelName", "Score", "XMin", "YMin", "XMax", "YMax"];
    let Some([image, label, score, edges @ ..]) = columns(&mut rows, wanted) else {
        return Err(rows.into_faults());
    };
    let mut any = false;
    while let Some(row) = rows.next_row()? {
        any = true;
        let read = numbers(row, [score], ["Score"], &mut faults);
        let edges = read_edges(row, edges, &mut faults);
        let found = truth.images.get(row.cell(image)).copied();
        if found.is_none() {
            faults.push_with(|| {
                cell_fault(row, image, Code::UnknownIds, "ImageID", "the id of an image of this task")
                    .hint("ids of another split, or of another task, are not known here")
            });
        }
        let class = truth.codes.get(row.cell(label)).copied();
        match class {
            None if truth.listed => faults.push_with(|| {
                let found = quoted(row.cell(label));
                let message = format!("{found} is no class of this task");
                Fault::whole(Code::UnknownLabel, message, "a class of this task", found)
                    .hint("classes are named by their identifiers, as /m/01yrx")
                    .at(Place::Line(row.line()))
            }),
            None => sent.unknown_labels += 1,
            Some(_) => {}
        }
        if let (Some(image), Some(class), Some([score]), Some(edges)) = (found, class, read, edges) {
            sent.by_class[class as usize].push(Detection { image, score, edges });
        }
    }
    if !any {
        let message = "the table has no detection";
        faults.push(Fault::whole(Code::EmptySubmission, message, "one row or more", "none"));
    }
    faults.extend(rows.into_faults());
    faults.or(sent)
}
