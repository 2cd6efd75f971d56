//! A pool of connections with a fair queue before it.
//!
//! Callers wait on an asynchronous semaphore, first come first served, and take a blocking thread
//! only when a connection is there for them: a crowd of readers does not become a crowd of threads.

use std::sync::Arc;
use std::time::Duration;

use diesel::r2d2::{ConnectionManager, CustomizeConnection, Error as PoolError, Pool, R2D2Connection};
use tokio::sync::Semaphore;

use super::DatabaseConfig;
use crate::StoreError;

pub(super) struct Lane<C: R2D2Connection + 'static> {
    pool: Pool<ConnectionManager<C>>,
    permits: Arc<Semaphore>,
    connections: u32,
    patience: Duration,
}

impl<C: R2D2Connection + Send + 'static> Lane<C> {
    pub(super) fn open(
        url: &str,
        config: &DatabaseConfig,
        test_on_check_out: bool,
        prepare: impl CustomizeConnection<C, PoolError>,
    ) -> Result<Self, StoreError> {
        let connections = config.connections.max(1);
        let pool = Pool::builder()
            .max_size(connections)
            .min_idle(Some(1))
            .connection_timeout(config.patience)
            .test_on_check_out(test_on_check_out)
            .connection_customizer(Box::new(prepare))
            .build(ConnectionManager::new(url))
            .map_err(unavailable)?;
        let permits = Arc::new(Semaphore::new(connections as usize));
        Ok(Self { pool, permits, connections, patience: config.patience })
    }

    /// Runs `work` on a connection of its own, on a blocking thread, to its end.
    pub(super) async fn run<T, E>(
        &self,
        work: impl FnOnce(&mut C) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let waiting = tokio::time::timeout(self.patience, Arc::clone(&self.permits).acquire_owned());
        let Ok(Ok(permit)) = waiting.await else {
            let reason = format!("all {} connections are in use", self.connections);
            return Err(StoreError::Unavailable { reason }.into());
        };
        let pool = self.pool.clone();
        let running = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let mut conn = pool.get().map_err(unavailable)?;
            work(&mut conn)
        });
        match running.await {
            Ok(outcome) => outcome,
            Err(stopped) => Err(match stopped.try_into_panic() {
                Ok(payload) => StoreError::panicked(payload.as_ref()).into(),
                Err(_) => StoreError::Unavailable { reason: "the process is shutting down".into() }.into(),
            }),
        }
    }

    /// Waits until nobody uses a connection.
    pub(super) async fn quiet(&self) {
        drop(self.permits.acquire_many(self.connections).await);
    }

    pub(super) fn in_use(&self) -> usize {
        self.connections as usize - self.permits.available_permits()
    }

    pub(super) fn idle(&self) -> usize {
        self.pool.state().idle_connections as usize
    }
}

fn unavailable(error: impl std::fmt::Display) -> StoreError {
    StoreError::Unavailable { reason: error.to_string() }
}
