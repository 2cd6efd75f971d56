//! `heldout demo`: a site with people, challenges and a season of submissions, in one folder.
//!
//! The first start fills the folder through the real server, queue and workers; every start then serves it.

mod cast;
mod clock;
mod fill;
mod folder;
mod framings;
mod generate;
mod programme;
mod progress;
mod samples;
mod season;
mod settings;
mod site;
mod visitor;
mod welcome;

#[cfg(test)]
mod tests;

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use app::settings::PublicUrl;
use domain::Sources;
use tokio_util::sync::CancellationToken;

use self::clock::SeasonClock;
use self::fill::Filling;
use self::folder::{Demo, Folder, Found};
use self::programme::{Edition, days_before, programme};
use self::progress::Progress;
use self::site::Site;
use self::welcome::Welcome;
use crate::config::Configuration;
use crate::io::Io;
use crate::{sources, wiring};

/// What everything is generated from: every demo of a release has the same files.
const SEED: u64 = 20_110_919;

/// What `heldout demo` is told.
#[derive(Debug, Clone, clap::Args)]
pub struct DemoArgs {
    /// The folder of the demo; it is made and filled when it is missing
    #[arg(long, value_name = "FOLDER", default_value = "heldout-demo")]
    pub folder: PathBuf,
    /// The address and port to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// How browsers reach it, where that is not the address it listens on
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
}

pub fn run(args: DemoArgs, io: &mut Io<'_>) -> anyhow::Result<u8> {
    wiring::start_log(&settings::quiet_log())?;
    wiring::runtime()?.block_on(async {
        let stop = CancellationToken::new();
        let prepared = prepare(&args, &sources::system(), io).await?;
        wiring::stop_on_signal(&stop)?;
        prepared.serve(&args, io, stop).await?;
        Ok(0)
    })
}

/// A filled demo that nobody serves yet.
struct Prepared {
    demo: Demo,
    configuration: Configuration,
    listener: TcpListener,
}

/// Takes the address, and fills the folder if that has not been done.
async fn prepare(args: &DemoArgs, sources: &Sources, io: &mut Io<'_>) -> anyhow::Result<Prepared> {
    // First of all, because nobody wants to wait for a demo that cannot be reached.
    let listener = TcpListener::bind(args.listen).with_context(|| {
        format!("cannot listen on {}; name another port, such as --listen 127.0.0.1:8081", args.listen)
    })?;
    let address = listener.local_addr()?;
    let public_url = args.public_url.clone().unwrap_or_else(|| settings::address_of(address));
    let public_url = PublicUrl::parse(&public_url).map_err(anyhow::Error::msg)?;

    let (folder, found) = Folder::open(&args.folder)?;
    let shown = args.folder.display();
    let already = match found {
        Found::Filled(demo) => {
            writeln!(io.out, "{shown} holds a demo already; its data are kept.")?;
            Some(demo)
        }
        Found::Incomplete => {
            writeln!(io.out, "The demo in {shown} was never completed; it is made anew.")?;
            None
        }
        Found::Fresh => {
            writeln!(io.out, "Filling {shown} with a season of submissions.")?;
            None
        }
    };
    io.out.flush()?;
    let demo = match already {
        Some(demo) => demo,
        None => {
            folder.begin()?;
            let configuration = settings::write(&folder, address, &public_url)?;
            fill(&folder, configuration, sources, io).await?
        }
    };
    let configuration = settings::write(&folder, address, &public_url)?;
    Ok(Prepared { demo, configuration, listener })
}

/// Fills a folder through a server of its own, whose clock goes through the season.
async fn fill(
    folder: &Folder,
    configuration: Configuration,
    sources: &Sources,
    io: &mut Io<'_>,
) -> anyhow::Result<Demo> {
    let programme = programme(SEED);
    let today = sources.now();
    let start = days_before(today, programme.iter().map(Edition::prepared).max().unwrap_or(0));
    let clock = Arc::new(SeasonClock::at(Arc::clone(&sources.clock), start));
    let behind = Sources { clock: clock.clone(), entropy: Arc::clone(&sources.entropy) };

    let listener = TcpListener::bind("127.0.0.1:0").context("no port is free")?;
    let address = settings::address_of(listener.local_addr()?);
    let configuration = settings::for_filling(configuration);
    let site = Site::start(&configuration, behind, listener, CancellationToken::new())?;
    let progress = Progress::over(fill::steps(&programme), io.err);
    let demo = Filling::new(site.app(), address, clock, SEED, today, &progress).run(&programme).await?;
    samples::write(folder, &programme, SEED)?;
    site.stop().await?;
    folder.finish(&demo)?;
    Ok(demo)
}

impl Prepared {
    /// Serves the demo until `stop` is cancelled.
    async fn serve(self, args: &DemoArgs, io: &mut Io<'_>, stop: CancellationToken) -> anyhow::Result<()> {
        let public_url = self.configuration.settings.server.public_url.clone();
        let site = Site::start(&self.configuration, sources::system(), self.listener, stop)?;
        let welcome = Welcome {
            site: public_url.as_str(),
            folder: &args.folder,
            program: &program(),
            demo: &self.demo,
            programme: &programme(SEED),
        };
        welcome.write(io.out)?;
        io.out.flush()?;
        site.until_stopped().await
    }
}

/// The program as it is called from the present folder.
fn program() -> String {
    let program = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("heldout"));
    let present = std::env::current_dir().ok();
    let shown = present.as_deref().and_then(|present| program.strip_prefix(present).ok());
    shown.unwrap_or(&program).display().to_string()
}
