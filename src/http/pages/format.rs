//! Numbers, sizes and moments as people read them.

use app::App;
use app::leaderboards::{Board, Shown};
use domain::metric::MetricSpec;
use domain::{Timestamp, phase::WindowState};

/// A moment in two forms: for people, and for the `datetime` attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Moment {
    /// `31 May 2026, 12:00 UTC`.
    pub(super) text: String,
    /// RFC 3339.
    pub(super) machine: String,
    /// `in 3 days`, `2 hours ago`.
    pub(super) relative: String,
}

impl Moment {
    /// `at`, as seen at the present moment.
    pub(super) fn new(app: &App, at: Timestamp) -> Self {
        Self::seen(at, app.now())
    }

    /// `at`, as seen at the moment `now`.
    pub(super) fn seen(at: Timestamp, now: Timestamp) -> Self {
        Self { text: written(at), machine: at.to_string(), relative: distance(at, now) }
    }
}

fn written(at: Timestamp) -> String {
    at.to_jiff().strftime("%-d %b %Y, %H:%M UTC").to_string()
}

/// How far a moment lies ahead or behind, in the one unit that says most.
///
/// What lies ahead is rounded down, so that nobody counts on time that is not there.
fn distance(at: Timestamp, now: Timestamp) -> String {
    let seconds = at.as_seconds() - now.as_seconds();
    let ahead = seconds.abs();
    let (count, unit) = match ahead {
        0..60 => return if seconds > 0 { "in less than a minute" } else { "just now" }.to_owned(),
        60..3_600 => (ahead / 60, "minute"),
        3_600..172_800 => (ahead / 3_600, "hour"),
        172_800..5_184_000 => (ahead / 86_400, "day"),
        _ => (ahead / 2_592_000, "month"),
    };
    let plural = if count == 1 { "" } else { "s" };
    if seconds > 0 { format!("in {count} {unit}{plural}") } else { format!("{count} {unit}{plural} ago") }
}

/// Where a phase stands, with the moment at which that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Window {
    /// `open`, `upcoming`, `closed`.
    pub(super) state: &'static str,
    /// `Closes`, `Opens`, `Closed`; with a moment behind it.
    pub(super) verb: &'static str,
    /// When; absent where it never closes.
    pub(super) moment: Option<Moment>,
}

impl Window {
    /// A window, as seen at the moment `now`.
    pub(super) fn seen(opens_at: Timestamp, closes_at: Option<Timestamp>, now: Timestamp) -> Self {
        let (state, verb, moment) = match domain::phase::window_at(opens_at, closes_at, now) {
            WindowState::Upcoming => ("upcoming", "Opens", Some(opens_at)),
            WindowState::Open => ("open", "Closes", closes_at),
            WindowState::Closed => ("closed", "Closed", closes_at),
        };
        Self { state, verb, moment: moment.map(|at| Moment::seen(at, now)) }
    }
}

/// A score with its digits; a dash where there is none.
pub(super) fn score(value: Option<f64>, decimals: u8) -> String {
    let Some(value) = value else { return "–".to_owned() };
    let text = format!("{value:.*}", usize::from(decimals));
    // What rounds to nothing has no sign.
    match text.strip_prefix('-') {
        Some(digits) if digits.chars().all(|c| c == '0' || c == '.') => digits.to_owned(),
        _ => text,
    }
}

/// The sign of a unit; empty where the bare number is what is meant.
pub(super) fn unit(name: &str) -> &str {
    match name {
        "percent" => "%",
        "seconds" => "s",
        "fraction" | "coefficient" | "none" => "",
        other => other,
    }
}

/// A metric as the head of a column shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heading {
    /// What it is called.
    pub(super) label: String,
    /// The sign of its unit; may be empty.
    pub(super) unit: String,
    /// Whether more is better.
    pub(super) higher_is_better: bool,
    /// How many digits stand behind the point.
    pub(super) decimals: u8,
}

impl Heading {
    /// The columns of a board; the metric that ranks has the digits that the phase's rules give it.
    pub(super) fn of_board(board: &Board) -> Vec<Self> {
        let mut headings: Vec<Self> = board.metrics.iter().map(Self::from).collect();
        if let (Some(primary), Some(decimals)) = (headings.first_mut(), board.phase.ranking.0.decimals) {
            primary.decimals = decimals;
        }
        headings
    }
}

impl From<&MetricSpec> for Heading {
    fn from(metric: &MetricSpec) -> Self {
        Self {
            label: metric.label.clone(),
            unit: unit(&metric.unit).to_owned(),
            higher_is_better: metric.higher_is_better,
            decimals: metric.decimals,
        }
    }
}

/// A size as people read it: `1.5 MiB`.
pub(super) fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if bytes < 1024 {
        return format!("{bytes} bytes");
    }
    let mut value = bytes as f64;
    let mut name = "";
    for unit in UNITS {
        if value < 1024.0 {
            break;
        }
        value /= 1024.0;
        name = unit;
    }
    let text = format!("{value:.1}");
    format!("{} {name}", text.strip_suffix(".0").unwrap_or(&text))
}

/// What is withheld of scores, and until when; nothing where all is shown.
pub(super) fn release_notice(app: &App, shown: Shown) -> Option<String> {
    let moment = |at| Moment::new(app, at).text;
    Some(match shown {
        Shown::Everything => return None,
        Shown::Rounded(decimals) => {
            format!("Until the result is published, scores are shown with {decimals} decimals.")
        }
        Shown::Steps => "Until the result is published, a score is shown only where it is an improvement that chance does not \
             explain, and by the ranking metric alone."
            .to_owned(),
        Shown::AsOf(at) => format!("Scores are shown at set times: this is how things stood at {}.", moment(at)),
        Shown::Nothing { until: Some(at) } => format!("Scores are shown from {} on.", moment(at)),
        Shown::Nothing { until: None } => "Scores are shown when the result is published.".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn a_moment_is_told_in_utc_and_from_now() {
        let now = at("2026-05-31T12:00:00Z");
        let moment = |text| Moment::seen(at(text), now);
        assert_eq!(moment("2026-06-01T12:00:00+02:00").text, "1 Jun 2026, 10:00 UTC");
        for (text, relative) in [
            ("2026-05-31T12:00:30Z", "in less than a minute"),
            ("2026-05-31T11:59:30Z", "just now"),
            ("2026-05-31T12:01:59Z", "in 1 minute"),
            ("2026-06-02T11:59:59Z", "in 47 hours"),
            ("2026-06-02T12:00:00Z", "in 2 days"),
            ("2026-05-29T00:00:00Z", "2 days ago"),
            ("2027-05-31T12:00:00Z", "in 12 months"),
        ] {
            assert_eq!(moment(text).relative, relative, "{text}");
        }
    }

    #[test]
    fn a_window_tells_what_comes_next() {
        let (opens, closes) = (at("2026-05-01T00:00:00Z"), at("2026-06-01T12:00:00Z"));
        let seen = |now| {
            let window = Window::seen(opens, Some(closes), at(now));
            (window.state, window.verb, window.moment.unwrap().machine)
        };
        assert_eq!(seen("2026-04-01T00:00:00Z"), ("upcoming", "Opens", opens.to_string()));
        assert_eq!(seen("2026-05-31T00:00:00Z"), ("open", "Closes", closes.to_string()));
        assert_eq!(seen("2026-06-01T12:00:00Z"), ("closed", "Closed", closes.to_string()));
        assert!(Window::seen(opens, None, at("2030-01-01T00:00:00Z")).moment.is_none());
    }

    #[test]
    fn scores_have_their_digits() {
        assert_eq!(score(Some(12.345), 2), "12.35");
        assert_eq!(score(Some(-0.001), 2), "0.00");
        assert_eq!(score(Some(-1.0), 1), "-1.0");
        assert_eq!(score(None, 2), "–");
    }

    #[test]
    fn sizes_are_short() {
        assert_eq!(
            [size(0), size(1024), size(1536), size(2 << 30)],
            ["0 bytes", "1 KiB", "1.5 KiB", "2 GiB"]
        );
    }
}
