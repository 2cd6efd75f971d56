//! `heldout admin verify`: says what was checked, and everything that is wrong.

use std::sync::Arc;

use app::App;
use app::verify::{Verified, verify};
use clap::Args;
use indicatif::ProgressBar;
use serde_json::json;

use crate::evaluate::OutputFormat;
use crate::io::Io;

/// What `heldout admin verify` is told.
#[derive(Debug, Clone, Args)]
pub struct VerifyArgs {
    /// Also draws all replicates again from the stored evidence and compares them bit for bit; takes as long as drawing did
    #[arg(long)]
    pub redraw: bool,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    pub format: OutputFormat,
}

pub async fn run(app: Arc<App>, args: &VerifyArgs, io: &mut Io<'_>) -> anyhow::Result<u8> {
    let bar = ProgressBar::new(0);
    let follow = |done: u64, of: u64| {
        bar.set_length(of);
        bar.set_position(done);
    };
    let verified = verify(&app, args.redraw, &follow).await?;
    bar.finish_and_clear();
    match args.format {
        OutputFormat::Text => print(&verified, args.redraw, io)?,
        OutputFormat::Json => {
            let document = json!({
                "events": verified.events,
                "scored_submissions": verified.scored,
                "standings": verified.standings,
                "described_boards": verified.described,
                "results": verified.results,
                "redrawn_evaluations": args.redraw.then_some(verified.redrawn),
                "artifacts": verified.artifacts,
                "artifact_bytes": verified.artifact_bytes,
                "findings": verified.findings,
            });
            writeln!(io.out, "{document:#}")?;
        }
    }
    Ok(u8::from(!verified.findings.is_empty()))
}

fn print(verified: &Verified, redraw: bool, io: &mut Io<'_>) -> std::io::Result<()> {
    let Verified { events, scored, standings, described, results, redrawn, .. } = verified;
    let Verified { artifacts, artifact_bytes, findings, .. } = verified;
    writeln!(io.out, "{events} events follow each other")?;
    writeln!(io.out, "{scored} scored submissions were checked for one score per metric and split")?;
    writeln!(io.out, "{standings} places on leaderboards were worked out anew")?;
    writeln!(io.out, "{described} leaderboards' statistics were worked out anew from their replicates")?;
    writeln!(io.out, "{results} published results were checked against their signatures")?;
    writeln!(io.out, "{artifacts} artifacts with {artifact_bytes} bytes were read")?;
    if redraw {
        writeln!(io.out, "the replicates of {redrawn} evaluations were drawn again from their evidence")?;
    }
    for finding in findings {
        writeln!(io.out, "wrong: {finding}")?;
    }
    match findings.len() {
        0 => writeln!(io.out, "everything is as it must be"),
        1 => writeln!(io.out, "1 thing is wrong"),
        several => writeln!(io.out, "{several} things are wrong"),
    }
}
