//! Reads boxes in tables: one row for each.

use sdk::rows::CsvRows;
use sdk::text::quoted;
use sdk::{Code, Fault, Faults, Inputs, Items, Limits, Mode, Place, Table};

use super::{Detection, PreparedVoc, TrueBox, Truth};
use crate::corners::Corners;
use crate::sheet::{cell_fault, columns, numbers};

const CORNERS: [&str; 4] = ["xmin", "ymin", "xmax", "ymax"];

/// Reads the images and the true boxes; `listed` classes are all there are.
///
/// Without annotations there are images alone, in their own table or in the main one.
pub(super) fn read_annotations(
    inputs: &Inputs<'_>,
    listed: Option<&[String]>,
    mode: Mode,
) -> Result<Truth, Faults> {
    let limits = Limits::default();
    let mut truth = Truth::default();
    read_images(inputs, &mut truth, &limits).map_err(|faults| faults.of_file("images"))?;
    for name in listed.unwrap_or_default() {
        code(&mut truth, name);
    }
    if inputs.are_unannotated() {
        return Ok(truth);
    }
    let main = inputs.require(Inputs::MAIN)?.single()?;
    read_boxes(&main.bytes, &mut truth, listed.is_some(), mode, &limits)
        .map_err(|faults| faults.of_file(Inputs::MAIN))?;
    Ok(truth)
}

fn read_images(inputs: &Inputs<'_>, truth: &mut Truth, limits: &Limits) -> Result<(), Faults> {
    let name =
        if inputs.are_unannotated() && inputs.get("images").is_none() { Inputs::MAIN } else { "images" };
    let table = Table::read(&inputs.require(name)?.single()?.bytes, limits)?;
    let column = table.require("image_id")?;
    let mut faults = Faults::new();
    table.unique(column, &mut faults);
    let ids: Vec<String> = (0..table.len()).map(|row| table.cell(row, column).to_owned()).collect();
    truth.images = ids.iter().cloned().zip(0..).collect();
    truth.items = Items::ungrouped(ids);
    faults.or(())
}

/// The position of a class, which may be new.
fn code(truth: &mut Truth, name: &str) -> u32 {
    if let Some(code) = truth.codes.get(name) {
        return *code;
    }
    let code = truth.classes.len() as u32;
    truth.classes.push(name.to_owned());
    truth.codes.insert(name.to_owned(), code);
    code
}

fn read_boxes(
    bytes: &[u8],
    truth: &mut Truth,
    listed: bool,
    mode: Mode,
    limits: &Limits,
) -> Result<(), Faults> {
    let mut rows = CsvRows::open(bytes, limits)?;
    let mut faults = Faults::new();
    let difficult = rows.columns().iter().position(|column| column == "difficult");
    let Some([image, class]) = columns(&mut rows, ["image_id", "class"]) else {
        return Err(rows.into_faults());
    };
    let Some(corners) = columns(&mut rows, CORNERS) else {
        return Err(rows.into_faults());
    };
    let mut in_images = vec![Vec::new(); truth.items.len()];
    while let Some(row) = rows.next_row()? {
        let numbers = numbers(row, corners, CORNERS, &mut faults);
        let corners = numbers
            .filter(|corners| mode == Mode::Reference || are_in_order(*corners, row.line(), &mut faults));
        let found = truth.images.get(row.cell(image)).copied();
        if found.is_none() {
            faults.push_with(|| {
                cell_fault(row, image, Code::UnknownIds, "image_id", "an id of the table of images")
            });
        }
        let difficult = match difficult.map(|column| (column, row.cell(column).trim())) {
            None | Some((_, "0")) => false,
            Some((_, "1")) => true,
            Some((column, _)) => {
                faults.push_with(|| cell_fault(row, column, Code::OutOfRange, "difficult", "0 or 1"));
                false
            }
        };
        let class = match listed && !truth.codes.contains_key(row.cell(class)) {
            true => {
                faults.push_with(|| {
                    cell_fault(row, class, Code::UnknownLabel, "class", "one of the listed classes")
                });
                continue;
            }
            false => code(truth, row.cell(class)),
        };
        if let (Some(image), Some(corners)) = (found, corners) {
            truth.boxes.entry((class, image)).or_default().push(TrueBox { corners, difficult });
            in_images[image as usize].push(class);
        }
    }
    faults.extend(rows.into_faults());
    for classes in &mut in_images {
        classes.sort_unstable();
        classes.dedup();
    }
    let names = &truth.classes;
    let values = in_images.iter().map(|found| found.iter().map(|class| names[*class as usize].as_str()));
    truth.items.set_attribute("class", values);
    faults.or(())
}

/// Whether the corners of a box are left, upper, right and lower.
fn are_in_order(corners: Corners, line: u64, faults: &mut Faults) -> bool {
    let [left, upper, right, lower] = corners;
    let in_order = left <= right && upper <= lower;
    if !in_order {
        faults.push_with(|| {
            let found = format!("{left}, {upper}, {right}, {lower}");
            let message = "the box ends before it starts";
            Fault::whole(Code::OutOfRange, message, "xmin <= xmax and ymin <= ymax", found)
                .hint(
                    "a box is its left, upper, right and lower pixel, not a corner with a width and a height",
                )
                .at(Place::Line(line))
        });
    }
    in_order
}

/// The detections of a submission.
pub(super) struct Sent {
    /// The detections of every class, in the order of the file.
    pub(super) by_class: Vec<Vec<Detection>>,
    /// How many were dropped because no image shows their class.
    pub(super) without_truth: u64,
}

/// Reads the detections.
pub(super) fn read_submission(task: &PreparedVoc, bytes: &[u8], limits: &Limits) -> Result<Sent, Faults> {
    let mut rows = CsvRows::open(bytes, limits)?;
    let mut faults = Faults::new();
    let mut sent = Sent { by_class: vec![Vec::new(); task.truth.classes.len()], without_truth: 0 };
    let wanted = ["image_id", "class", "score", "xmin", "ymin", "xmax", "ymax"];
    let Some([image, class, score, left, upper, right, lower]) = columns(&mut rows, wanted) else {
        return Err(rows.into_faults());
    };
    let mut any = false;
    while let Some(row) = rows.next_row()? {
        any = true;
        let read = numbers(
            row,
            [score, left, upper, right, lower],
            ["score", "xmin", "ymin", "xmax", "ymax"],
            &mut faults,
        );
        let read = read.map(|[score, left, upper, right, lower]| (score, [left, upper, right, lower]));
        let read =
            read.filter(|(_, corners)| task.keep_reversed || are_in_order(*corners, row.line(), &mut faults));
        let found = task.truth.images.get(row.cell(image)).copied();
        if found.is_none() {
            faults.push_with(|| {
                cell_fault(row, image, Code::UnknownIds, "image_id", "the id of an image of this task")
                    .hint("ids of another split, or of another task, are not known here")
            });
        }
        let class = match task.truth.codes.get(row.cell(class)) {
            Some(code) => Some(*code),
            None if task.listed => {
                faults.push_with(|| {
                    let found = quoted(row.cell(class));
                    let message = format!("{found} is no class of this task");
                    Fault::whole(Code::UnknownLabel, message, "a class of this task", found)
                        .hint("classes are compared letter by letter, blanks and case included")
                        .at(Place::Line(row.line()))
                });
                None
            }
            None => {
                sent.without_truth += 1;
                None
            }
        };
        if let (Some(image), Some((score, corners)), Some(class)) = (found, read, class) {
            sent.by_class[class as usize].push(Detection { image, score, corners });
        }
    }
    if !any {
        let message = "the table has no detection";
        faults.push(Fault::whole(Code::EmptySubmission, message, "one row or more", "none"));
    }
    faults.extend(rows.into_faults());
    faults.or(sent)
}
