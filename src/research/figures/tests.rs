//! Figures of small snapshots: what they show, and what they never do.

use super::*;
use crate::disclosure::{Policy, PublicTable, PublishedTable, publish, release};
use crate::measure::definition;
use crate::measures::{Parameters, compute};
use crate::snapshot::sample::{at, citation, decision, latitude, program, three_editions, version};
use crate::snapshot::{Contract, Credit, DisclosedField, Exclusion, Lists, LoggedEvent, Records, Snapshot};

/// A figure as everybody sees it: of measures that were released, tables that were published, and nothing else.
fn drawn(figure: Figure, snapshot: &Snapshot) -> Drawn {
    let over: Vec<&str> = snapshot
        .editions
        .iter()
        .filter(|edition| edition.closes_at <= snapshot.as_of)
        .map(|edition| edition.id.as_str())
        .collect();
    let values = figure.measures().iter().filter_map(|id| {
        let value = compute(id, snapshot, &Parameters::default()).unwrap();
        release(definition(id).unwrap(), &value, Policy::DEFAULT, |edition| over.contains(&edition))
    });
    let values: Vec<MeasureValue> = values.collect();
    let tables: Vec<(&str, PublishedTable)> = [("By sector", PublicTable::PeopleBySector)]
        .into_iter()
        .filter_map(|(name, table)| {
            let table = table.of(snapshot, &Lists::default()).ok()?;
            Some((name, publish(&table, Policy::DEFAULT).ok()?.table))
        })
        .collect();
    let records = RecordTables::of(snapshot, Policy::DEFAULT, 10);
    let released = Released { values: &values, records: &records, tables: &tables };
    let provenance = Provenance { snapshot: "s-42".into(), as_of: "2025-12-31".into() };
    figure.draw(&released, &provenance)
}

/// The picture of a figure, as text.
fn picture(figure: Figure, snapshot: &Snapshot) -> String {
    let drawn = drawn(figure, snapshot);
    drawn.picture.unwrap_or_else(|| panic!("{}: {:?}", drawn.key, drawn.notes)).inline()
}

fn snapshot() -> Snapshot {
    let mut records = three_editions();
    for team in 0..12 {
        let id = format!("team \"{team}\", of many");
        records.team(&id, &[]);
        for edition in ["2023", "2024"] {
            records.enter(&id, edition);
            for _ in 0..(if edition == "2024" { team } else { team % 2 }) {
                records.submit(&id, edition, &format!("{edition}-04-01"), 0.5);
            }
        }
    }
    Snapshot::new(records).unwrap()
}

/// Fifty teams of two, thirty in every edition, of which twenty are in the next; two thirds have a score. All of the rest is on record too.
fn large() -> Snapshot {
    let mut records = three_editions();
    records.organization("university", "academia", "AT");
    records.organization("company", "industry_other", "US");
    for team in 0..50 {
        let id = format!("t{team}");
        let people = [format!("p{team}a"), format!("p{team}b")];
        records.person(&people[0], Some("university"));
        records.person(&people[1], Some(if team % 2 == 0 { "company" } else { "university" }));
        records.team(&id, &[&people[0], &people[1]]);
        for (place, edition) in ["2023", "2024", "2025"].into_iter().enumerate() {
            if (10 * place..10 * place + 30).contains(&team) {
                records.enter(&id, edition);
                if team % 3 > 0 {
                    let day = format!("{edition}-05-{:02}", 1 + team % 31);
                    records.submit(&id, edition, &day, team as f64);
                }
            }
        }
    }
    add_production(&mut records);
    for (year, function) in
        [("2021", "background"), ("2022", "uses_for_training"), ("2023", "uses_for_training")]
    {
        records.citations.push(citation(&format!("{year}-02-01"), "2024-01-01", function));
    }
    Snapshot::new(records).unwrap()
}

fn add_production(records: &mut Records) {
    let mut work = program("narration");
    work.latitude = vec![
        latitude("may_skip", "used", "annotator", 9),
        latitude("may_skip", "decisive", "annotation_manager", 6),
        latitude("free_text", "none", "annotator", 4),
    ];
    work.contracts = vec![Contract {
        vendor: None,
        workers: Some((40, 60)),
        person_hours: Some((200_000.0, 250_000.0)),
        living_wage_ratio: None,
    }];
    records.programs.push(work);
    for (role, named, counted) in [("camera_wearer", 0, Some(931)), ("annotator", 3, Some(100))] {
        records.credits.push(Credit { role: role.into(), named, counted });
    }
    for disclosure in ["public_document", "unknown"] {
        let [role, field] = ["annotator", "pay"].map(str::to_owned);
        records.disclosed_fields.push(DisclosedField { role, field, disclosure: disclosure.into() });
    }
    for (id, kind) in
        [("d0", "exclusion"), ("d1", "exclusion"), ("d2", "metric_choice"), ("d3", "access_grant")]
    {
        let mut made = decision(id, None);
        (made.kind, made.decided_at) = (kind.into(), Some(at("2022-03-01")));
        records.decisions.push(made);
    }
    for (reason, basis, decision, hours) in [
        ("too_private", "documented_decision", Some("d0"), Some(120.0)),
        ("too_private", "stated_policy", None, Some(30.0)),
        ("ambiguous", "inferred_from_absence", None, None),
    ] {
        let [reason, stage, basis] = [reason, "annotation", basis].map(str::to_owned);
        let decision = decision.map(str::to_owned);
        records.exclusions.push(Exclusion { reason, stage, basis, decision, hours, instances: None });
    }
    records.dataset_versions.push(version("ego@1", "2021-10-13", None));
    for (kind, origin) in [("dataset.announced", Some("backfill")), ("member.joined", None)] {
        let origin = origin.map(str::to_owned);
        records.events.push(LoggedEvent { occurred_at: at("2021-01-05"), kind: kind.into(), origin });
    }
}

/// One team of two people and two of one, of whom one is heard; two annotators tell of their work.
fn tiny() -> Snapshot {
    let mut records = three_editions();
    records.editions.truncate(2);
    records.tasks.truncate(2);
    records.organization("university", "academia", "AT");
    records.person("a", Some("university"));
    for (team, people) in [("t0", &["a", "b"][..]), ("t1", &["d"]), ("t2", &["e"])] {
        records.team(team, people);
        records.enter(team, "2023");
        records.enter(team, "2024");
    }
    records.submit("t0", "2023", "2023-04-01", 0.5);
    let mut work = program("narration");
    work.latitude = vec![latitude("may_skip", "used", "annotator", 2)];
    records.programs.push(work);
    let mut made = decision("d", None);
    (made.kind, made.decided_at) = ("disqualification".into(), Some(at("2023-05-01")));
    records.decisions.push(made);
    Snapshot::new(records).unwrap()
}

#[test]
fn what_is_withheld_leaves_no_number() {
    let value = compute("P1", &snapshot(), &Parameters::default()).unwrap();
    let statistics = ["gini", "gini_corrected", "hhi", "largest_1", "largest_3"];
    let table = Table::of(&value, |reading| statistics.contains(&reading.statistic.as_str()));
    assert_eq!(table.columns, ["edition", "over", "statistic", "value", "lower", "upper", "n", "state"]);
    // Six active teams in 2023: five numbers over the active and over all teams.
    assert_eq!(table.withheld, Some((10, 10)));
    for row in &table.rows {
        assert_eq!(row[0] == "2023", row[7] == "withheld: fewer than 10", "{row:?}");
        assert_eq!(row[0] == "2023", row[3].is_empty() && row[6].is_empty(), "{row:?}");
    }
}

#[test]
fn curves_begin_and_end_and_small_editions_have_none() {
    let table = lorenz_curves(&snapshot(), 10);
    assert_eq!(table.withheld, Some((1, 10)));
    assert_eq!(table.rows.len(), 12, "eleven active teams");
    assert_eq!(
        (table.rows[0][1..].concat(), table.rows[11][1..].concat()),
        ("00".to_owned(), "11".to_owned())
    );
}

#[test]
fn csv_comes_back_as_it_was() {
    let table = drawn(Figure::RecordLadder, &snapshot()).table;
    let text = table.csv();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), table.columns);
    let rows: Vec<Vec<String>> =
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    assert_eq!(rows, table.rows);
    assert!(rows.iter().flatten().any(|cell| cell.contains("\", of many")));
}

#[test]
fn the_list_is_that_of_the_specification() {
    let numbers: Vec<u8> = Figure::ALL.into_iter().map(Figure::number).collect();
    assert_eq!(numbers, [1, 2, 5, 8, 9, 10, 11, 12, 13, 14, 16, 17, 18, 19]);
    for figure in Figure::ALL {
        assert_eq!(Figure::of_key(figure.key()), Some(figure));
        assert!(figure.measures().iter().all(|id| definition(id).is_some()), "{}", figure.key());
    }
}

#[test]
fn every_figure_is_drawn_with_its_table_and_its_snapshot() {
    let snapshot = large();
    for figure in Figure::ALL {
        let drawn = drawn(figure, &snapshot);
        assert_eq!((drawn.key, drawn.number), (figure.key(), figure.number()));
        assert!(drawn.picture.is_some(), "{}: {:?}", drawn.key, drawn.notes);
        assert!(!drawn.table.rows.is_empty(), "{}", drawn.key);
        assert!(drawn.table.rows.iter().all(|row| row.len() == drawn.table.columns.len()), "{}", drawn.key);
        assert!(drawn.notes.last().unwrap().contains("s-42"), "{}", drawn.key);
        assert!(!drawn.picture.unwrap().inline().contains("NaN"), "{}", drawn.key);
    }
}

#[test]
fn of_a_few_people_nothing_is_told() {
    let snapshot = tiny();
    // What is left is about no people, or on the board: when editions were, the record, and how far from its ceiling it is.
    let open = [Figure::LifeLine, Figure::RecordLadder, Figure::Uptake, Figure::Claims];
    for figure in Figure::ALL {
        let drawn = drawn(figure, &snapshot);
        assert_eq!(
            drawn.picture.is_some(),
            matches!(figure, Figure::LifeLine | Figure::RecordLadder | Figure::Claims),
            "{}",
            drawn.key
        );
        let place = |name: &str| drawn.table.columns.iter().position(|column| column == name);
        for row in drawn.table.rows.iter().filter(|_| !open.contains(&figure)) {
            let numbers = ["value", "lower", "upper", "n", "teams", "continued", "people", "freedom"];
            let told: Vec<&String> = numbers.iter().filter_map(|name| Some(&row[place(name)?])).collect();
            assert!(told.iter().all(|cell| cell.is_empty()), "{}: {row:?}", drawn.key);
        }
    }
    let lanes = drawn(Figure::LifeLine, &snapshot).table;
    assert!(lanes.rows.iter().all(|row| row[0] == "competition"), "{lanes:?}");
    assert!(drawn(Figure::DecisionChain, &snapshot).table.rows.is_empty(), "one decision about one team");
    assert_eq!(drawn(Figure::Latitude, &snapshot).table.withheld, Some((1, 5)));
}

#[test]
fn the_life_line_tells_what_was_written_down_later_and_leaves_people_out() {
    let found = drawn(Figure::LifeLine, &large());
    assert_eq!(found.table.rows[0], ["production", "dataset announced", "2021-01-05", "", "backfill"]);
    assert!(found.table.rows.iter().any(|row| row[1..4] == ["2023", "2023-03-01", "2023-06-01"]));
    let words: Vec<&str> = found.table.rows.iter().map(|row| row[1].as_str()).collect();
    assert!(!words.iter().any(|word| word.contains("member") || word.contains("access")), "{words:?}");
    let text = found.picture.unwrap().inline();
    assert!(text.contains("s1 ring") && text.contains("dataset announced (written down later)"), "{text}");
}

#[test]
fn four_labours_stand_beside_each_other() {
    let found = drawn(Figure::FourLabours, &large());
    let row = |role: &str, what: &str| {
        let row = found.table.rows.iter().find(|row| row[0] == role && row[1] == what).unwrap();
        row[2..].join(" ")
    };
    assert_eq!(row("camera_wearer", "people"), "931 931 disclosed");
    assert_eq!(row("annotator", "hours"), "200000 250000 disclosed");
    assert_eq!(row("annotator", "named"), "3 3 disclosed");
    assert_eq!(row("citing_author", "people"), "  not disclosed");
    let text = found.picture.unwrap().inline();
    assert!(text.contains("Annotators · 50 % of questions answered") && text.contains("-hatch)"), "{text}");
}

#[test]
fn the_chain_begins_with_who_decided_and_ends_with_metrics() {
    let text = picture(Figure::DecisionChain, &large());
    for told in [
        "organizer to exclusion: 2",
        "organizer to metric choice: 1",
        "exclusion to none given: 2",
        ">map 49<",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert!(!text.contains("access grant"), "{text}");
}

#[test]
fn teams_go_on_where_enough_do_and_enough_do_not() {
    let found = drawn(Figure::Constellations, &large());
    assert_eq!(found.table.rows[0], ["2023", "30", "2024", "20"]);
    assert!(found.picture.unwrap().inline().contains("30 teams to 30 teams: 20"));
    // Four of thirty do not go on: their number is withheld, and nothing says it.
    let mut records = three_editions();
    for team in 0..40 {
        let id = format!("t{team}");
        records.team(&id, &[]);
        for (edition, teams) in [("2023", 0..30), ("2024", 4..40)] {
            if teams.contains(&team) {
                records.enter(&id, edition);
            }
        }
    }
    let found = drawn(Figure::Constellations, &Snapshot::new(records).unwrap());
    assert_eq!(found.table.rows[0], ["2023", "30", "2024", ""]);
    let text = found.picture.unwrap().inline();
    assert!(text.contains(">withheld<") && !text.contains("26"), "{text}");
}

#[test]
fn a_register_of_exclusions_says_what_nobody_decided() {
    let found = drawn(Figure::Exclusions, &large());
    assert_eq!(
        found.table.rows[1],
        ["annotation", "too_private", "documented_decision", "1", "0", "120", ""]
    );
    let text = found.picture.unwrap().inline();
    assert!(text.contains("150 h · 1 of 2 undecided") && text.contains("hours not told"), "{text}");
    assert!(found.notes[0].starts_with("67 % of all exclusions"), "{:?}", found.notes);
}

#[test]
fn few_informants_have_no_outline() {
    let found = drawn(Figure::Latitude, &large());
    assert_eq!(found.table.withheld, Some((1, 5)), "four annotators on free text");
    let rows: Vec<String> = found.table.rows.iter().map(|row| row[1..].join(" ")).collect();
    assert_eq!(rows, ["may_skip annotator 9 2", "may_skip annotation_manager 6 3"]);
    let text = found.picture.unwrap().inline();
    assert!(text.contains("annotator, may skip: 2") && !text.contains("annotator, free text"), "{text}");
}

#[test]
fn citations_add_up_by_function() {
    let text = picture(Figure::Uptake, &large());
    assert!(text.contains("uses for training 2") && text.contains("background 1"), "{text}");
}

#[test]
fn a_claim_stands_beside_its_share_and_its_bounds() {
    let found = drawn(Figure::Claims, &large());
    let text = found.picture.unwrap().inline();
    // Ten of thirty teams have no score.
    assert!(text.contains("P5: 0.333") && text.contains("Teams register and stay silent"), "{text}");
    assert!(found.notes.iter().any(|note| note.contains("Silent participation, silent share, n = 30")));
    assert!(found.table.rows.iter().any(|row| row[0] == "S2" && row[1] == "year=all"), "{:?}", found.table);
}
