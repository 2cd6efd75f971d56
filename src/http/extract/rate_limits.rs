//! How many requests one person, or one address, may send in a short time.
//!
//! These buckets live in the memory of one process and only keep a client from crowding out the others.
//! What must be fair to the last one, such as the quota of submissions, is in the database.
//!
//! A request that proves who sends it counts for that account, every other one for its network address;
//! so a handler's actor extractor asks here after it has looked at the credentials,
//! and a wrong credential is charged to the address it came from.

use std::future::{Ready, ready};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use app::settings::LimitSettings;
use app::{Code, Failure};
use domain::{Actor, Digest, UserId};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::middleware::edge::ClientAddress;
use crate::problem::Problem;

/// Buckets that are full again are forgotten whenever this many checks were made.
const CHECKS_BETWEEN_SWEEPS: u32 = 4096;

/// Who is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// An account.
    User(UserId),
    /// A network address: an IPv4 address, or the /64 block of an IPv6 one, which one household has to itself.
    Address(IpAddr),
    /// The digest of an e-mail address that somebody tries to sign in with, whether an account has it or not.
    Mailbox(Digest),
    /// A connection without an address, such as a local socket.
    Unknown,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrafficKind {
    /// Attempts to sign in, register, or reset a password.
    SignIn,
    /// Requests that change something.
    Write,
    /// Requests that only read.
    Read,
    /// Files that are checked without being submitted, which are changes besides.
    Check,
}

type Bucket<C> = RateLimiter<Subject, DashMapStateStore<Subject>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// The buckets.
pub struct RateLimits<C: Clock = DefaultClock> {
    sign_in: Option<Bucket<C>>,
    write: Option<Bucket<C>>,
    read: Option<Bucket<C>>,
    check: Option<Bucket<C>>,
    clock: C,
    checks: AtomicU32,
}

impl Subject {
    /// The account of the actor, or the address of the request.
    pub fn of(actor: &Actor, request: &HttpRequest) -> Self {
        actor.user().map_or_else(|| Self::address_of(request), Self::User)
    }

    /// The address of the request.
    pub fn address_of(request: &HttpRequest) -> Self {
        request.extensions().get::<ClientAddress>().map_or(Self::Unknown, |client| Self::address(client.0))
    }

    fn address(address: IpAddr) -> Self {
        Self::Address(match address.to_canonical() {
            IpAddr::V4(v4) => IpAddr::V4(v4),
            IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() >> 64 << 64).into()),
        })
    }
}

impl TrafficKind {
    /// What a request with this method is, unless it is an attempt to sign in.
    pub fn of(method: &Method) -> Self {
        if [Method::GET, Method::HEAD, Method::OPTIONS].contains(method) { Self::Read } else { Self::Write }
    }
}

impl RateLimits {
    /// The buckets that the settings ask for.
    pub fn new(settings: &LimitSettings) -> Self {
        Self::with_clock(settings, DefaultClock::default())
    }
}

impl<C: Clock + Clone> RateLimits<C> {
    fn with_clock(settings: &LimitSettings, clock: C) -> Self {
        let bucket = |per_minute| {
            let quota = Quota::per_minute(NonZeroU32::new(per_minute)?);
            Some(RateLimiter::new(quota, DashMapStateStore::default(), clock.clone()))
        };
        Self {
            sign_in: bucket(settings.sign_in_per_minute),
            write: bucket(settings.write_per_minute),
            read: bucket(settings.read_per_minute),
            check: bucket(settings.check_per_minute),
            clock,
            checks: AtomicU32::new(0),
        }
    }

    /// Counts one request, or refuses it with the time after which there is room again.
    pub fn check(&self, kind: TrafficKind, subject: Subject) -> Result<(), Failure> {
        let bucket = match kind {
            TrafficKind::SignIn => &self.sign_in,
            TrafficKind::Write => &self.write,
            TrafficKind::Read => &self.read,
            TrafficKind::Check => &self.check,
        };
        let Some(bucket) = bucket else { return Ok(()) };
        if self.checks.fetch_add(1, Ordering::Relaxed) % CHECKS_BETWEEN_SWEEPS == CHECKS_BETWEEN_SWEEPS - 1 {
            self.forget_the_idle();
        }
        bucket.check_key(&subject).map_err(|refused| {
            let wait = refused.wait_time_from(self.clock.now());
            Failure::new(Code::RateLimited, "too many requests in a short time").retry_after(wait)
        })
    }

    fn forget_the_idle(&self) {
        for bucket in [&self.sign_in, &self.write, &self.read, &self.check].into_iter().flatten() {
            bucket.retain_recent();
        }
    }
}

/// In the signature of a handler: the request is an attempt to sign in, register or reset, and there was room for it.
pub struct SignInLimit(web::Data<RateLimits>);

impl SignInLimit {
    /// Counts the attempt for the account too, wherever it came from: passwords are not guessed from many addresses.
    pub fn and_mailbox(&self, email: &str) -> Result<(), Failure> {
        let mailbox = Digest::of(email.trim().to_lowercase().as_bytes());
        self.0.check(TrafficKind::SignIn, Subject::Mailbox(mailbox))
    }
}

impl FromRequest for SignInLimit {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let outcome = match request.app_data::<web::Data<RateLimits>>() {
            Some(limits) => {
                limits.check(TrafficKind::SignIn, Subject::address_of(request)).map(|()| Self(limits.clone()))
            }
            None => Err(Failure::internal("the rate limits are not part of the application's data")),
        };
        ready(outcome.map_err(Problem))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use governor::clock::FakeRelativeClock;

    use super::*;

    fn limits(clock: &FakeRelativeClock, read: u32) -> RateLimits<FakeRelativeClock> {
        let settings = LimitSettings {
            upload_bytes: 1,
            upload_expiry_seconds: 1,
            sign_in_per_minute: 2,
            write_per_minute: 3,
            read_per_minute: read,
            check_per_minute: 4,
        };
        RateLimits::with_clock(&settings, clock.clone())
    }

    fn address(text: &str) -> Subject {
        Subject::address(text.parse().unwrap())
    }

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let clock = FakeRelativeClock::default();
        let limits = limits(&clock, 0);
        let ada = address("192.0.2.1");
        for _ in 0..2 {
            limits.check(TrafficKind::SignIn, ada).unwrap();
        }
        let refused = limits.check(TrafficKind::SignIn, ada).unwrap_err();
        assert_eq!((refused.code, refused.retry_after), (Code::RateLimited, Some(Duration::from_secs(30))));
        clock.advance(Duration::from_secs(30));
        limits.check(TrafficKind::SignIn, ada).unwrap();
        limits.check(TrafficKind::SignIn, ada).unwrap_err();
    }

    #[test]
    fn a_mailbox_is_counted_from_every_address() {
        let clock = FakeRelativeClock::default();
        let limits = limits(&clock, 0);
        let mailbox = Subject::Mailbox(Digest::of(b"ada@example.org"));
        for host in ["192.0.2.1", "192.0.2.2"] {
            limits.check(TrafficKind::SignIn, address(host)).unwrap();
            limits.check(TrafficKind::SignIn, mailbox).unwrap();
        }
        limits.check(TrafficKind::SignIn, address("192.0.2.3")).unwrap();
        limits.check(TrafficKind::SignIn, mailbox).unwrap_err();
        limits.check(TrafficKind::SignIn, Subject::Mailbox(Digest::of(b"bob@example.org"))).unwrap();
    }

    #[test]
    fn kinds_and_subjects_have_buckets_of_their_own() {
        let clock = FakeRelativeClock::default();
        let limits = limits(&clock, 0);
        for _ in 0..3 {
            limits.check(TrafficKind::Write, address("192.0.2.1")).unwrap();
        }
        limits.check(TrafficKind::Write, address("192.0.2.1")).unwrap_err();
        limits.check(TrafficKind::Write, address("192.0.2.2")).unwrap();
        limits.check(TrafficKind::SignIn, address("192.0.2.1")).unwrap();
        for _ in 0..1000 {
            limits.check(TrafficKind::Read, address("192.0.2.1")).expect("0 is no limit");
        }
    }

    #[test]
    fn one_household_is_one_subject() {
        assert_eq!(address("2001:db8:1:2::1"), address("2001:db8:1:2:ffff::9"));
        assert_ne!(address("2001:db8:1:2::1"), address("2001:db8:1:3::1"));
        assert_eq!(address("::ffff:192.0.2.1"), address("192.0.2.1"));
        assert_ne!(address("192.0.2.1"), address("192.0.2.2"));
    }

    #[test]
    fn full_buckets_are_forgotten() {
        let clock = FakeRelativeClock::default();
        let limits = limits(&clock, 60);
        for last in 0..200_u8 {
            limits.check(TrafficKind::Read, Subject::Address([192, 0, 2, last].into())).unwrap();
        }
        let read = limits.read.as_ref().unwrap();
        assert_eq!(read.len(), 200);
        clock.advance(Duration::from_secs(120));
        limits.forget_the_idle();
        assert_eq!(read.len(), 0);
    }
}
