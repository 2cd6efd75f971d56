//! Challenges are found by their tags and by what else tells them apart, and counted by the same.

use std::collections::BTreeSet;

use domain::challenge::tags;
use domain::entry::{Admission, EntryRules, Openness};
use domain::{Actor, Slug, Tag, Title};
use heldout_app::challenges::detail::read_challenge;
use heldout_app::challenges::entry::set_entry_rules;
use heldout_app::challenges::list::ListChallenges;
use heldout_app::challenges::publish::publish_challenge;
use heldout_app::challenges::records::Standing;
use heldout_app::challenges::search::{Facet, FacetCounts, count_facets, search_challenges};
use heldout_app::challenges::series::{SeriesDraft, create_series};
use heldout_app::challenges::update::{ChallengeChange, update_challenge};
use test_support::TestDatabase;

use crate::bench::{Bench, split};

test_support::both_databases!(
    counts_are_the_lengths_of_the_lists_behind_them,
    tags_are_replaced_and_the_change_is_told,
    nobody_counts_what_they_may_not_see,
);

fn tagged(words: &[&str]) -> BTreeSet<Tag> {
    tags(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>()).unwrap()
}

fn all() -> ListChallenges {
    ListChallenges { limit: 100, ..ListChallenges::default() }
}

async fn found(bench: &Bench, actor: &Actor, asked: ListChallenges) -> Vec<String> {
    let found = search_challenges(&bench.app, actor, asked).await.unwrap();
    found
        .into_iter()
        .map(|found| {
            assert_eq!(found.challenge.id, found.traits.id);
            found.challenge.slug.into()
        })
        .collect()
}

async fn published(bench: &Bench, owner: &Actor, slug: &str, series: Option<&str>, words: &[&str]) {
    bench.clock.forward(1);
    bench
        .draft(owner, |draft| {
            draft.slug = Slug::parse(slug).unwrap();
            draft.series = series.map(|slug| Slug::parse(slug).unwrap());
            draft.tags = tagged(words);
        })
        .await;
    publish_challenge(&bench.app, owner, slug).await.unwrap();
}

/// The search that asks for one more value of a facet.
fn narrowed(asked: &ListChallenges, facet: Facet, value: &str) -> ListChallenges {
    let mut asked = asked.clone();
    match facet {
        Facet::State => {
            asked.standing = [Standing::Open, Standing::Upcoming, Standing::Closed]
                .into_iter()
                .find(|standing| heldout_app::challenges::search::standing_name(*standing) == value);
        }
        Facet::Tag => asked.tags.push(Tag::parse(value).unwrap()),
        Facet::Series => asked.series = Some(Slug::parse(value).unwrap()),
        Facet::Evaluator => asked.evaluator = Some(value.to_owned()),
        Facet::Openness => asked.openness = Some(Openness::parse(value).unwrap()),
        Facet::Admission => asked.admission = Some(Admission::parse(value).unwrap()),
    }
    asked
}

async fn counts(bench: &Bench, actor: &Actor, asked: ListChallenges) -> FacetCounts {
    count_facets(&bench.app, actor, asked).await.unwrap()
}

async fn counts_are_the_lengths_of_the_lists_behind_them(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    let series = SeriesDraft {
        slug: Slug::parse("rooms").unwrap(),
        title: Title::parse("Rooms").unwrap(),
        description: String::new(),
    };
    create_series(&bench.app, &owner, series, None).await.unwrap();
    published(&bench, &owner, "kitchen", Some("rooms"), &["Video", "action recognition"]).await;
    bench.phase(&owner, vec![split("all", domain::split::SplitRule::All)]).await;
    published(&bench, &owner, "garden", Some("rooms"), &["video"]).await;
    published(&bench, &owner, "garage", None, &["audio", "video"]).await;
    published(&bench, &owner, "attic", None, &[]).await;
    let approval = EntryRules { admission: Admission::Approval, ..EntryRules::open() };
    set_entry_rules(&bench.app, &owner, "garage", approval).await.unwrap();

    let of_tags = |words: &[&str]| ListChallenges { tags: tagged(words).into_iter().collect(), ..all() };
    let nobody = Actor::Anonymous;
    assert_eq!(found(&bench, &nobody, of_tags(&["VIDEO"])).await, ["garage", "garden", "kitchen"]);
    assert_eq!(found(&bench, &nobody, of_tags(&["video", "audio"])).await, ["garage"]);
    let video_of_rooms = narrowed(&of_tags(&["video"]), Facet::Series, "rooms");
    assert_eq!(found(&bench, &nobody, video_of_rooms).await, ["garden", "kitchen"]);
    assert_eq!(found(&bench, &nobody, narrowed(&all(), Facet::Admission, "approval")).await, ["garage"]);

    // Whatever is asked, every count is what one gets by asking for that value.
    let asked = [
        all(),
        of_tags(&["video"]),
        narrowed(&all(), Facet::Series, "rooms"),
        narrowed(&of_tags(&["video"]), Facet::State, "upcoming"),
        narrowed(&all(), Facet::Admission, "approval"),
        ListChallenges { text: Some("gar".into()), ..all() },
    ];
    let mut compared = 0;
    for asked in asked {
        let counted = counts(&bench, &nobody, asked.clone()).await;
        assert_eq!(counted.total, found(&bench, &nobody, asked.clone()).await.len());
        for (facet, values) in counted.facets {
            for (value, count) in values {
                let list = found(&bench, &nobody, narrowed(&asked, facet, &value)).await;
                assert_eq!(list.len(), count, "{facet:?} {value} of {asked:?}");
                compared += 1;
            }
        }
    }
    assert!(compared > 20, "{compared}");

    let counted = counts(&bench, &nobody, all()).await;
    let most_first = [("video", 3), ("action-recognition", 1), ("audio", 1)];
    assert_eq!(counted.facets[&Facet::Tag], most_first.map(|(tag, count)| (tag.to_owned(), count)));
    assert_eq!(counted.facets[&Facet::State], [("upcoming".to_owned(), 3), ("open".to_owned(), 1)]);

    // A page is a page of the search.
    let first = ListChallenges { limit: 1, ..of_tags(&["video"]) };
    let last = search_challenges(&bench.app, &nobody, first).await.unwrap()[0].challenge.id;
    let rest = ListChallenges { before: Some(last), ..of_tags(&["video"]) };
    assert_eq!(found(&bench, &nobody, rest).await, ["garden", "kitchen"]);
}

async fn tags_are_replaced_and_the_change_is_told(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    let id = bench.draft(&owner, |draft| draft.tags = tagged(&["one", "two"])).await;
    let change = ChallengeChange { tags: Some(tagged(&["Two", "three"])), ..Default::default() };
    for _ in 0..2 {
        update_challenge(&bench.app, &owner, "kitchen", change.clone()).await.unwrap();
        let read = read_challenge(&bench.app, &owner, "kitchen").await.unwrap();
        assert_eq!(read.tags, tagged(&["three", "two"]));
    }
    assert_eq!(bench.events(id).await, ["challenge.created", "challenge.updated"]);

    let many: Vec<String> = (0..13).map(|number| format!("tag {number}")).collect();
    let change = ChallengeChange { tags: Some(tags(&many).unwrap()), ..Default::default() };
    let refused = update_challenge(&bench.app, &owner, "kitchen", change).await.unwrap_err();
    assert_eq!(refused.errors[0].field, "tags");
    assert_eq!(read_challenge(&bench.app, &owner, "kitchen").await.unwrap().tags.len(), 2);
}

async fn nobody_counts_what_they_may_not_see(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    published(&bench, &owner, "kitchen", None, &["secret"]).await;
    let rules = EntryRules { openness: Openness::Private, ..EntryRules::open() };
    set_entry_rules(&bench.app, &owner, "kitchen", rules).await.unwrap();
    let stranger = bench.person("stranger").await;
    let private = narrowed(&all(), Facet::Openness, "private");
    for blind in [&stranger, &Actor::Anonymous] {
        let counted = counts(&bench, blind, private.clone()).await;
        assert_eq!(counted.total, 0);
        assert!(counted.facets.values().all(Vec::is_empty), "{counted:?}");
    }
    let own = ListChallenges { organized: true, ..private };
    assert_eq!(counts(&bench, &owner, own).await.total, 1);
}
