//! How long a sender may pause in the middle of a body.
//!
//! The server limits the time for the headers; without this, a body that stops arriving would hold its handler,
//! and what that has opened, for as long as the connection stays.

use std::io;
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _};
use futures_util::{StreamExt as _, stream};

/// Long enough for a phone in a tunnel.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Makes a body that pauses too long end with an error.
pub async fn lose_patience<B: MessageBody>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let payload = request.take_payload();
    request.set_payload(match payload {
        Payload::None => Payload::None,
        arriving => Payload::Stream { payload: Box::pin(bounded(arriving, LONGEST_PAUSE)) },
    });
    next.call(request).await
}

fn bounded(
    payload: Payload,
    longest: Duration,
) -> impl futures_util::Stream<Item = Result<actix_web::web::Bytes, PayloadError>> {
    let pieces = stream::unfold(Some(payload), move |payload| async move {
        let mut payload = payload?;
        match tokio::time::timeout(longest, payload.next()).await {
            Ok(Some(Ok(chunk))) => Some((Ok(chunk), Some(payload))),
            Ok(Some(Err(error))) => Some((Err(error), None)),
            Ok(None) => None,
            Err(_) => {
                let error = io::Error::new(io::ErrorKind::TimedOut, "no more bytes of the body came");
                Some((Err(PayloadError::Io(error)), None))
            }
        }
    });
    // Readers of forms ask once more after the end.
    pieces.fuse()
}

#[cfg(test)]
mod tests {
    use actix_web::web::Bytes;

    use super::*;

    fn arriving(pieces: impl futures_util::Stream<Item = Result<Bytes, PayloadError>> + 'static) -> Payload {
        Payload::Stream { payload: Box::pin(pieces) }
    }

    #[actix_web::test]
    async fn a_body_that_stops_ends_with_an_error_and_one_that_flows_does_not() {
        let flowing = stream::iter([Ok(Bytes::from_static(b"a")), Ok(Bytes::from_static(b"b"))]);
        let read: Vec<_> = bounded(arriving(flowing), Duration::from_secs(60)).collect().await;
        assert!(read.len() == 2 && read.iter().all(Result::is_ok));

        let stopping = stream::iter([Ok(Bytes::from_static(b"a"))]).chain(stream::pending());
        let read: Vec<_> = bounded(arriving(stopping), Duration::from_millis(1)).collect().await;
        assert!(read.len() == 2 && read[0].is_ok());
        assert!(matches!(&read[1], Err(PayloadError::Io(error)) if error.kind() == io::ErrorKind::TimedOut));
    }
}
