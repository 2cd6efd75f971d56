#![doc = include_str!("README.md")]
#![deny(missing_docs)]

pub mod archive;
pub mod check;
pub mod evaluator;
pub mod evidence;
pub mod fault;
pub mod files;
pub mod ids;
pub mod input;
pub mod items;
pub mod json;
pub mod limits;
pub mod manifest;
pub mod numbers;
pub mod params;
pub mod primitives;
pub mod roll;
pub mod rows;
pub mod run;
pub mod saved;
pub mod sheet;
pub mod sum;
pub mod table;
pub mod text;
pub mod texts;

pub use evaluator::{Evaluator, Mode, Prepared};
pub use evidence::{Evidence, Score, Scores, Undefined};
pub use fault::{AnnotationFaults, Code, Fault, Faults, Place, SubmissionFaults};
pub use ids::Ids;
pub use input::{File, Input, Inputs};
pub use items::Items;
pub use json::{JsonReader, Read, Slot, Stop};
pub use limits::Limits;
pub use manifest::{Direction, Format, Manifest, Metric, Reference};
pub use params::{Param, ParamKind, ParamValue, Params, Schema};
pub use table::Table;
