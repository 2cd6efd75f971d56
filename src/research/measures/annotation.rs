//! To come.

use super::Measure;

pub(super) const MEASURES: &[(&str, Measure)] = &[];
