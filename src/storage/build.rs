//! Rebuilds the crate when a migration changes: they are compiled in.

#[expect(clippy::print_stdout, reason = "this is how a build script talks to cargo")]
fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
