//! Challenges are found by what they are told apart by, with how many there are of each kind.

use std::collections::BTreeMap;

use domain::Actor;
use storage::challenges::facets::{self, Traits};
use storage::challenges::{self, Challenge, Filter, Standing};

use super::list::ListChallenges;
use crate::App;
use crate::failure::{Failure, Outcome};

/// So many values of a facet are counted at most, the most frequent ones.
const MOST_VALUES: usize = 100;

/// A challenge of a search.
#[derive(Debug, Clone)]
pub struct FoundChallenge {
    /// The challenge.
    pub challenge: Challenge,
    /// What it is told apart by.
    pub traits: Traits,
}

/// What challenges are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Facet {
    /// Where they stand in time.
    State,
    /// Their tags.
    Tag,
    /// The series they are editions of.
    Series,
    /// What scores their phases.
    Evaluator,
    /// Who sees them.
    Openness,
    /// Who may enter.
    Admission,
}

impl Facet {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::State, Self::Tag, Self::Series, Self::Evaluator, Self::Openness, Self::Admission];
}

/// How many challenges a search finds, and how many of each kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetCounts {
    /// How many it finds.
    pub total: usize,
    /// The values of every facet with how many challenges have them, most first; values that none has are left out.
    ///
    /// What the search asks of a facet itself is not asked when that facet is counted, so that its other values can be
    /// chosen instead; tags are asked all the same, because a challenge has several and another one narrows the search.
    pub facets: BTreeMap<Facet, Vec<(String, usize)>>,
}

/// A page of challenges that the actor may see, newest first, each with its traits.
pub async fn search_challenges(
    app: &App,
    actor: &Actor,
    asked: ListChallenges,
) -> Outcome<Vec<FoundChallenge>> {
    let (now, limit) = (app.now(), i64::from(asked.limit));
    let filter = asked.filter(actor)?;
    app.db
        .read(move |conn| {
            let found = challenges::list(conn, &filter, now, limit)?;
            let ids: Vec<_> = found.iter().map(|(challenge, _)| challenge.id).collect();
            // Both are newest first and in one transaction.
            let traits = facets::of(conn, &ids, now)?;
            let pairs = found.into_iter().zip(traits);
            Ok(pairs.map(|((challenge, _), traits)| FoundChallenge { challenge, traits }).collect())
        })
        .await
}

/// How many challenges a search finds of each kind, whatever its page.
pub async fn count_facets(app: &App, actor: &Actor, asked: ListChallenges) -> Outcome<FacetCounts> {
    let now = app.now();
    let filter = asked.filter(actor)?;
    let unfaceted = Filter {
        organized_by: filter.organized_by,
        viewer: filter.viewer,
        text: filter.text.clone(),
        ..Filter::default()
    };
    let all = app.db.read(move |conn| Ok::<_, Failure>(facets::of_matching(conn, &unfaceted, now)?)).await?;
    Ok(count(&all, &filter))
}

fn count(all: &[Traits], filter: &Filter) -> FacetCounts {
    let counted = |facet: Facet| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for traits in all.iter().filter(|traits| is_asked_for(traits, filter, Some(facet))) {
            for value in values(traits, facet) {
                *counts.entry(value).or_default() += 1;
            }
        }
        let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
        counts.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        counts.truncate(MOST_VALUES);
        (facet, counts)
    };
    FacetCounts {
        total: all.iter().filter(|traits| is_asked_for(traits, filter, None)).count(),
        facets: Facet::ALL.into_iter().map(counted).collect(),
    }
}

/// Whether a challenge has what the filter asks of every facet but one.
fn is_asked_for(traits: &Traits, filter: &Filter, but: Option<Facet>) -> bool {
    let asked_and_not = |facet: Facet, is_so: bool| but != Some(facet) && !is_so;
    let is_none_or = |wanted: Option<&str>, has: &str| wanted.is_none_or(|wanted| wanted == has);
    let series = traits.series.as_ref().map_or("", |slug| slug.as_str());
    !(asked_and_not(Facet::State, filter.standing.is_none_or(|standing| standing == traits.standing))
        || !filter.tags.iter().all(|tag| traits.tags.contains(tag))
        || asked_and_not(Facet::Series, is_none_or(filter.series.as_ref().map(domain::Slug::as_str), series))
        || asked_and_not(
            Facet::Evaluator,
            filter.evaluator.as_ref().is_none_or(|evaluator| traits.evaluators.contains(evaluator)),
        )
        || asked_and_not(Facet::Openness, filter.openness.is_none_or(|wanted| wanted == traits.openness))
        || asked_and_not(Facet::Admission, filter.admission.is_none_or(|wanted| wanted == traits.admission)))
}

fn values(traits: &Traits, facet: Facet) -> Vec<String> {
    match facet {
        Facet::State => vec![standing_name(traits.standing).to_owned()],
        Facet::Tag => traits.tags.iter().map(ToString::to_string).collect(),
        Facet::Series => traits.series.iter().map(ToString::to_string).collect(),
        Facet::Evaluator => traits.evaluators.iter().cloned().collect(),
        Facet::Openness => vec![traits.openness.as_str().to_owned()],
        Facet::Admission => vec![traits.admission.as_str().to_owned()],
    }
}

/// The public name of where a challenge stands in time.
pub fn standing_name(standing: Standing) -> &'static str {
    match standing {
        Standing::Open => "open",
        Standing::Upcoming => "upcoming",
        Standing::Closed => "closed",
    }
}
