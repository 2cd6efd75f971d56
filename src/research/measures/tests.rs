//! Measures against published values.
