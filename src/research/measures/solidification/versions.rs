//! S3, version pinning: which versions of the dataset submissions and citing works are on, how old those are when they are used, and
//! for how long the test annotations have stood still.

use std::collections::BTreeMap;

use domain::Timestamp;

use crate::measure::Reading;
use crate::measures::statistics::quantiles::median;
use crate::measures::{Panel, Parameters, share_of};
use crate::snapshot::{DatasetVersion, Snapshot};

const SECONDS_OF_A_YEAR: f64 = 365.25 * 86_400.0;

/// The version that somebody uses, where it is known, and when.
type Use<'s> = (Option<&'s str>, Timestamp);

pub(super) fn measure(snapshot: &Snapshot, _: &Parameters, panel: &mut Panel) {
    let released: BTreeMap<&str, Timestamp> =
        snapshot.dataset_versions.iter().map(|version| (version.id.as_str(), version.released_at)).collect();
    let submissions =
        snapshot.submissions.iter().map(|one| (one.dataset_version.as_deref(), one.submitted_at));
    let citations = snapshot
        .citations
        .iter()
        .map(|one| (one.dataset_version.as_deref(), Timestamp::start_of_utc_day(one.published)));
    let users: [(&str, Vec<Use<'_>>); 2] =
        [("submissions", submissions.collect()), ("citations", citations.collect())];
    for (who, uses) in users {
        let known: Vec<(&str, Timestamp)> =
            uses.iter().filter_map(|(version, at)| Some(((*version)?, *at))).collect();
        let n = known.len();
        panel.push(
            Reading::exact("version_known_share", uses.len(), share_of(n as f64, uses.len() as f64))
                .of("by", who),
        );
        let mut versions: BTreeMap<&str, usize> = BTreeMap::new();
        for (version, _) in &known {
            *versions.entry(version).or_insert(0) += 1;
        }
        for (version, count) in versions {
            let reading = Reading::exact("share", n, share_of(count as f64, n as f64));
            panel.push(reading.of("by", who).of("version", version));
        }
        let ages: Vec<f64> = known
            .iter()
            .filter_map(|(version, at)| Some(at.seconds_since(*released.get(version)?) / SECONDS_OF_A_YEAR))
            .collect();
        panel.push(Reading::exact("median_age_in_years", ages.len(), median(&ages)).of("by", who));
    }
    let unchanged = unchanged_since(&snapshot.dataset_versions);
    let years = unchanged.map(|since| snapshot.as_of.seconds_since(since) / SECONDS_OF_A_YEAR);
    panel.push(Reading::exact("years_of_unchanged_test", snapshot.dataset_versions.len(), years));
}

/// How many submissions are on the last version that was published when they were sent, of how many whose version is known.
pub(super) fn versions_in_use(snapshot: &Snapshot) -> (usize, usize) {
    let known = snapshot
        .submissions
        .iter()
        .filter_map(|one| Some((one.dataset_version.as_deref()?, one.submitted_at)));
    let is_latest = |(version, at): &(&str, Timestamp)| {
        let published = snapshot.dataset_versions.iter().filter(|version| version.released_at <= *at);
        published.max_by_key(|version| version.released_at).is_some_and(|latest| latest.id == *version)
    };
    (known.clone().filter(is_latest).count(), known.count())
}

/// Since when the test annotations are those of the last version that has any; none where no version has.
fn unchanged_since(versions: &[DatasetVersion]) -> Option<Timestamp> {
    let mut with_test: Vec<&DatasetVersion> =
        versions.iter().filter(|version| version.test_digest.is_some()).collect();
    with_test.sort_by_key(|version| version.released_at);
    let digest = &with_test.last()?.test_digest;
    let same = with_test.iter().rev().take_while(|version| version.test_digest == *digest);
    same.last().map(|version| version.released_at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::compute;
    use crate::snapshot::sample::{at, three_editions, version};

    #[test]
    fn a_test_that_came_back_is_as_old_as_its_return() {
        let versions = [
            version("1", "2021-01-01", Some("a")),
            version("2", "2022-01-01", Some("b")),
            version("4", "2024-01-01", Some("a")),
            version("3", "2023-01-01", Some("a")),
            version("5", "2025-01-01", None),
        ];
        assert_eq!(unchanged_since(&versions), Some(at("2023-01-01")));
        assert_eq!(unchanged_since(&versions[4..]), None);
    }

    #[test]
    fn submissions_are_on_versions() {
        let mut records = three_editions();
        records.dataset_versions =
            vec![version("1", "2023-04-01", Some("a")), version("2", "2024-01-01", Some("a"))];
        records.team("red", &[]);
        records.enter("red", "2024");
        for version in [Some("1"), Some("1"), Some("2"), None] {
            records.submit("red", "2024", "2024-03-31", 0.5).dataset_version = version.map(str::to_owned);
        }
        let value = compute("S3", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let of = |statistic: &str, version: Option<&str>| {
            let found = value.readings.iter().find(|one| {
                one.statistic == statistic
                    && one.of.get("by").is_none_or(|by| by == "submissions")
                    && one.of.get("version").map(String::as_str) == version
            });
            found.unwrap().value().unwrap()
        };
        assert_eq!((of("version_known_share", None), of("share", Some("1"))), (0.75, 2.0 / 3.0));
        assert!((of("median_age_in_years", None) - 365.0 / 365.25).abs() < 1e-9);
        // From 1 April 2023 to the end of 2025.
        assert!((of("years_of_unchanged_test", None) - 1_005.0 / 365.25).abs() < 1e-9);
    }
}
