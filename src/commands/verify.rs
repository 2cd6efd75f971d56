//! `heldout verify`: whether a signed file is what a server signed, with no server.

use std::path::PathBuf;

use anyhow::Context as _;
use app::identity::SignedFile;
use clap::Args;

use crate::io::Io;

/// The largest file that is read: 1 GiB.
const LARGEST: u64 = 1 << 30;

/// What `heldout verify` is told.
#[derive(Debug, Clone, Args)]
pub struct VerifyArgs {
    /// The signed file
    pub file: PathBuf,
    /// The id of the key that is trusted; without it any key will do, and its id is printed
    #[arg(long, value_name = "KEY")]
    pub key: Option<String>,
}

pub fn run(args: &VerifyArgs, io: &mut Io<'_>) -> anyhow::Result<u8> {
    let shown = args.file.display();
    let size = std::fs::metadata(&args.file).with_context(|| format!("cannot read {shown}"))?.len();
    anyhow::ensure!(size <= LARGEST, "{shown} has {size} bytes; signed files have at most {LARGEST}");
    let bytes = std::fs::read(&args.file).with_context(|| format!("cannot read {shown}"))?;
    let file = match SignedFile::verify(&bytes, args.key.as_deref()) {
        Ok(file) => file,
        Err(refusal) => {
            writeln!(io.err, "{shown} does not verify: {refusal}")?;
            return Ok(1);
        }
    };
    let said = |name: &str| file.record.get(name).and_then(|value| value.as_str()).unwrap_or("-").to_owned();
    writeln!(io.out, "{shown} is as it was signed")?;
    writeln!(io.out, "kind    {}", said("kind"))?;
    writeln!(io.out, "server  {}", said("server"))?;
    writeln!(io.out, "taken   {}", said("taken_at"))?;
    writeln!(io.out, "key     {}", file.key_id())?;
    writeln!(io.out, "sha256  {}", file.digest())?;
    if args.key.is_none() {
        writeln!(
            io.err,
            "compare the key with the one that the server publishes under /.well-known/jwks.json"
        )?;
    }
    Ok(0)
}
