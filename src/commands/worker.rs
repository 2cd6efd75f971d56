//! `heldout worker`: evaluates for a server that runs elsewhere.

use std::sync::Arc;

use ::worker::Worker;
use tokio_util::sync::CancellationToken;

use crate::{ConfigArgs, memory, wiring};

pub fn run(args: ConfigArgs) -> anyhow::Result<u8> {
    let configuration = wiring::load(args)?;
    wiring::start_log(&configuration.settings.log)?;
    let app = wiring::open(&configuration)?;
    let mailer = wiring::mailer(&configuration)?;
    wiring::runtime()?.block_on(async {
        let stop = CancellationToken::new();
        wiring::stop_on_signal(&stop)?;
        let name = wiring::worker_name(&app.sources);
        Worker::new(Arc::clone(&app), mailer, name, Arc::new(|_, _, _| {}), memory::held_by_this_thread)
            .with_programs(wiring::programs(&configuration.settings.programs))
            .run(stop)
            .await;
        app.db.close().await;
        Ok(0)
    })
}
