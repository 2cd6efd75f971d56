//! Figures as SVG.
//!
//! Each kind of figure is one file: it takes what is to be seen, and gives a [`Picture`], which is written for a page or as a file
//! of its own.
//! Lines and bars carry their names and values themselves, so that there is no legend to look up; grid lines are few; what colour
//! tells, a stroke, a hatching or a word tells too; and every figure has a title and a description for those who hear it.
//! Colours are variables of [`STYLE`], once for light and once for dark.

mod bars;
mod bump;
mod columns;
mod flows;
mod heat;
mod labels;
mod lanes;
mod lines;
mod magnitudes;
mod picture;
mod radar;
mod ranges;
mod scale;

pub use bars::{Bar, Bars, Segment};
pub use bump::{Bump, Course};
pub use columns::{Column, Columns};
pub use flows::{Flow, Flows, Node, Stage};
pub use heat::{Cell, Heat, Row};
pub use lanes::{Lane, Lanes, Moment};
pub use lines::{Axis, Even, Line, Lines};
pub use magnitudes::{Magnitude, Magnitudes};
pub use picture::{About, Picture, STYLE};
pub use radar::{Outline, Radar};
pub use ranges::{Mark, Range, Ranges};
pub use scale::brief;
