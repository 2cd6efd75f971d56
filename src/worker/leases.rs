//! The leases that this process holds, and how it holds on to them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use app::App;
use domain::LeaseToken;

/// Tells a running evaluation to stop.
#[derive(Debug, Clone, Default)]
pub(crate) struct StopFlag(Arc<AtomicBool>);

impl StopFlag {
    pub(crate) fn raise(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_raised(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The leases in this process.
#[derive(Debug, Default)]
pub(crate) struct Leases {
    held: Mutex<HashMap<LeaseToken, StopFlag>>,
}

/// A lease in this process; letting go of it ends its heartbeats.
pub(crate) struct Held<'a> {
    leases: &'a Leases,
    token: LeaseToken,
    pub(crate) stop: StopFlag,
}

impl Leases {
    /// Begins to send heartbeats for a lease.
    pub(crate) fn hold(&self, token: LeaseToken) -> Held<'_> {
        let stop = StopFlag::default();
        self.lock().insert(token, stop.clone());
        Held { leases: self, token, stop }
    }

    /// Sends a heartbeat for every lease; an evaluation whose lease is gone is told to stop.
    ///
    /// A database that cannot be reached is no reason to stop: the lease may still be there when it is back.
    pub(crate) async fn renew(&self, app: &App) {
        let held: Vec<(LeaseToken, StopFlag)> =
            self.lock().iter().map(|(token, stop)| (*token, stop.clone())).collect();
        for (token, stop) in held {
            match app::scoring::heartbeat(app, vec![token]).await {
                Ok(true) => {}
                Ok(false) => stop.raise(),
                Err(failure) => tracing::warn!(error = ?failure, "a heartbeat could not be sent"),
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<LeaseToken, StopFlag>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.leases.lock().remove(&self.token);
    }
}
