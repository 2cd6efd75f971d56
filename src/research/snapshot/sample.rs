//! Small snapshots for tests.

use domain::Timestamp;
use jiff::civil::Date;

use super::*;

/// A moment on a day.
pub(crate) fn at(day: &str) -> Timestamp {
    let text = if day.contains('T') { day.to_owned() } else { format!("{day}T12:00:00Z") };
    Timestamp::parse(&text).unwrap()
}

/// A day.
pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Records of the end of 2025 with editions in March to May of 2023, 2024 and 2025, and one task in each.
pub(crate) fn three_editions() -> Records {
    let mut records = Records::empty(at("2025-12-31"));
    for year in ["2023", "2024", "2025"] {
        records.editions.push(Edition {
            id: year.into(),
            opens_at: at(&format!("{year}-03-01T00:00:00Z")),
            closes_at: at(&format!("{year}-06-01T00:00:00Z")),
        });
        records.tasks.push(task(&format!("{year}/moments"), year, "moments"));
    }
    records
}

pub(crate) fn task(id: &str, edition: &str, lineage: &str) -> Task {
    Task {
        id: id.into(),
        edition: edition.into(),
        lineage: lineage.into(),
        higher_is_better: true,
        submission_limit: None,
        ceiling: None,
        first_baseline: None,
        borrowed: false,
        bound_tools: 0,
        retired_by: None,
    }
}

impl Records {
    /// Adds an organization of a sector and a country.
    pub(crate) fn organization(&mut self, id: &str, sector: &str, country: &str) {
        let sector = Classification {
            scheme: Scheme::Sector,
            code: sector.into(),
            list_version: "2023".into(),
            from: None,
            to: None,
        };
        let (id, country) = (id.to_owned(), Some(country.to_owned()));
        self.organizations.push(Organization { id, country, classes: vec![sector] });
    }

    /// Adds a person who has always been with an organization; one of no organization with none.
    pub(crate) fn person(&mut self, id: &str, organization: Option<&str>) {
        let affiliations =
            organization.into_iter().map(|organization| affiliation(organization, 1.0)).collect();
        self.people.push(Person { id: id.into(), affiliations });
    }

    /// Adds a team of people who have always been in it; people who are new are added without an affiliation.
    pub(crate) fn team(&mut self, id: &str, people: &[&str]) {
        for person in people {
            if !self.people.iter().any(|known| known.id == *person) {
                self.person(person, None);
            }
        }
        let membership = |person: &&str| Membership {
            person: (*person).into(),
            joined_at: at("2020-01-01"),
            left_at: None,
        };
        self.teams.push(Team {
            id: id.into(),
            names: Vec::new(),
            memberships: people.iter().map(membership).collect(),
        });
    }

    /// Registers a team on the fifth day of an edition.
    pub(crate) fn enter(&mut self, team: &str, edition: &str) -> &mut Registration {
        self.registrations.push(Registration {
            id: format!("{team}@{edition}"),
            team: team.into(),
            edition: edition.into(),
            registered_at: at(&format!("{edition}-03-05")),
            organizer_relation: "none".into(),
            uptake: None,
        });
        self.registrations.last_mut().unwrap()
    }

    /// Adds a scored, public submission to the task of an edition.
    pub(crate) fn submit(&mut self, team: &str, edition: &str, moment: &str, score: f64) -> &mut Submission {
        self.submissions.push(Submission {
            id: format!("s{}", self.submissions.len()),
            registration: format!("{team}@{edition}"),
            task: format!("{edition}/moments"),
            submitted_at: at(moment),
            outcome: Outcome::Scored,
            score: Some(score),
            interval: None,
            metric: "map".into(),
            annotations: "digest".into(),
            is_public: true,
            retracted_at: None,
            dataset_version: None,
            declaration: None,
        });
        self.submissions.last_mut().unwrap()
    }
}

/// A share of a person at an organization, always.
pub(crate) fn affiliation(organization: &str, weight: f64) -> Affiliation {
    Affiliation {
        organization: Some(organization.into()),
        country: None,
        career_stage: "faculty".into(),
        weight,
        from: day("2000-01-01"),
        to: None,
    }
}

/// A programme of which nothing is known.
pub(crate) fn program(id: &str) -> Program {
    Program {
        id: id.into(),
        stage: "benchmark_labels".into(),
        footage_hours: None,
        instances: None,
        contracts: Vec::new(),
        latitude: Vec::new(),
        agreement: None,
        unsure_share: None,
        other_share: None,
    }
}

pub(crate) fn latitude(dimension: &str, value: &str, informant_role: &str, informants: u32) -> Latitude {
    Latitude {
        dimension: dimension.into(),
        value: value.into(),
        informant_role: informant_role.into(),
        informants,
    }
}

/// A decision of somebody, or of nobody knows whom.
pub(crate) fn decision(id: &str, decided_by: Option<&str>) -> Decision {
    Decision {
        id: id.into(),
        kind: "inclusion".into(),
        decided_by: decided_by.map(str::to_owned),
        decider_role: "organizer".into(),
        rationale: "none_given".into(),
        decided_at: None,
        parties: Vec::new(),
    }
}

/// A request of a person who is not known, with what was decided and when.
pub(crate) fn access_request(number: usize, requested: &str, answer: Option<(bool, &str)>) -> AccessRequest {
    AccessRequest {
        id: format!("a{number}"),
        person: None,
        organization: None,
        country: None,
        requested_at: at(requested),
        answer: answer.map(|(granted, day)| AccessAnswer { granted, decided_at: at(day), expires_at: None }),
        licence_version: None,
    }
}

/// A citation of a work that was published on one day and found on another.
pub(crate) fn citation(published: &str, seen: &str, function: &str) -> Citation {
    Citation {
        publication: format!("of {published}"),
        published: day(published),
        seen_at: at(seen),
        function: function.into(),
        dataset_version: None,
    }
}

pub(crate) fn version(id: &str, released: &str, test_digest: Option<&str>) -> DatasetVersion {
    DatasetVersion {
        id: id.into(),
        released_at: at(released),
        test_digest: test_digest.map(str::to_owned),
        instances: None,
        removed_instances: 0,
        corrected_instances: 0,
    }
}
