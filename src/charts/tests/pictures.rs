//! What is drawn of small data, as text: a change of a picture is a change that somebody has looked at.

use heldout_charts::*;

fn about(key: &str, title: &str) -> About {
    About {
        key: key.to_owned(),
        title: title.to_owned(),
        description: format!("{title}, made up."),
        notes: vec![
            "Snapshot 0193, of 42 teams.".to_owned(),
            "2 numbers are withheld: fewer than 5 people.".to_owned(),
        ],
    }
}

fn curve(name: &str, points: &[(f64, f64)]) -> Line {
    Line { name: name.to_owned(), points: points.to_vec(), said: Vec::new(), stepped: false, holds: false }
}

#[test]
fn lorenz_curves() {
    let lines = Lines {
        about: about("lorenz", "Concentration of submissions"),
        x: Axis::between("share of teams", 0.0, 1.0),
        y: Axis::between("share of submissions", 0.0, 1.0),
        lines: vec![
            curve("2023 · Gini 0.38", &[(0.0, 0.0), (0.5, 0.2), (0.8, 0.5), (1.0, 1.0)]),
            curve("2024 · Gini 0.72", &[(0.0, 0.0), (0.5, 0.05), (0.9, 0.3), (1.0, 1.0)]),
        ],
        even: Some(Even { from: (0.0, 0.0), to: (1.0, 1.0), name: "everybody the same".to_owned() }),
    };
    insta::assert_snapshot!("lorenz", lines.draw().inline());
}

#[test]
fn steps_of_records() {
    let lines = Lines {
        about: about("records", "Records"),
        x: Axis {
            name: "date".to_owned(),
            range: Some((0.0, 60.0)),
            named: vec![(0.0, "March".to_owned()), (31.0, "April".to_owned())],
        },
        y: Axis::open("mAP"),
        lines: vec![Line {
            name: "mAP 0.42".to_owned(),
            points: vec![(9.0, 0.351), (19.0, 0.372), (26.0, 0.411), (46.0, 0.4202)],
            said: ["Ada", "Bo", "Ada", "<Cy & co>"].map(str::to_owned).to_vec(),
            stepped: true,
            holds: true,
        }],
        even: None,
    };
    insta::assert_snapshot!("records", lines.draw().inline());
}

#[test]
fn bars_with_what_is_hidden() {
    let segment = |name: &str, value: f64, hidden: bool| Segment { name: name.to_owned(), value, hidden };
    let bar = |name: &str, segments: Vec<Segment>, note: &str, group: Option<&str>| Bar {
        name: name.to_owned(),
        segments,
        note: note.to_owned(),
        group: group.map(str::to_owned),
    };
    let bars = Bars {
        about: about("sectors", "People by sector"),
        bars: vec![
            bar(
                "2023",
                vec![
                    segment("academia", 31.0, false),
                    segment("industry", 18.0, false),
                    segment("hidden", 9.0, true),
                ],
                "58",
                Some("By sector"),
            ),
            bar("2024", vec![segment("academia", 22.0, false), segment("industry", 40.0, false)], "62", None),
        ],
    };
    insta::assert_snapshot!("bars", bars.draw().inline());
}

#[test]
fn columns_to_the_deadline() {
    let column = |hour: usize| Column {
        name: (12 - hour).to_string(),
        value: (hour != 3).then(|| 0.01 * (hour * hour) as f64),
    };
    let columns = Columns {
        about: about("pressure", "The last hours"),
        counted: "share of what is still to come".to_owned(),
        steps: "hours to the deadline".to_owned(),
        named_every: 3,
        columns: (0..12).map(column).collect(),
    };
    insta::assert_snapshot!("columns", columns.draw().inline());
}

#[test]
fn ranges_and_dumbbells() {
    let range = |name: &str, marks: &[(usize, f64)], bounds: Option<(f64, f64)>, note: &str| Range {
        name: name.to_owned(),
        marks: marks.iter().map(|(series, value)| Mark { series: *series, value: *value }).collect(),
        bounds,
        note: note.to_owned(),
    };
    let bounds = Ranges {
        about: about("divergence", "Divergence from time use"),
        measured: "bit".to_owned(),
        series: vec!["point".to_owned()],
        ranges: vec![
            range("United States", &[(0, 0.082)], Some((0.0, 0.361)), "0.082"),
            range("Italy", &[(0, 0.1)], Some((0.02, 0.4)), "0.100"),
        ],
    };
    insta::assert_snapshot!("divergence", bounds.draw().inline());
    let dumbbell = Ranges {
        about: about("activities", "What counts"),
        measured: "share".to_owned(),
        series: ["waking hours", "items"].map(str::to_owned).to_vec(),
        ranges: vec![
            range("Unpaid work", &[(0, 0.15), (1, 0.41)], None, "× 2.7"),
            range("Care", &[(0, 0.03), (1, 0.0)], None, "× 0"),
        ],
    };
    insta::assert_snapshot!("dumbbell", dumbbell.draw().inline());
}

#[test]
fn a_heat_map() {
    let cell = |value: f64| Cell { value: Some(value), interval: Some((value - 0.05, value + 0.05)) };
    let heat = Heat {
        about: about("heat", "Score by activity"),
        columns: [("Unpaid work", "n = 180"), ("Leisure", "n = 40"), ("other (merged)", "n = 12")]
            .map(|(name, under)| (name.to_owned(), under.to_owned()))
            .to_vec(),
        rows: vec![
            Row { name: "Ada".to_owned(), cells: vec![cell(0.371), cell(0.409), cell(0.55)] },
            Row {
                name: "A team with a very long name indeed".to_owned(),
                cells: vec![cell(0.534), Cell { value: None, interval: None }, cell(0.448)],
            },
        ],
        decimals: 3,
    };
    insta::assert_snapshot!("heat", heat.draw().inline());
}

#[test]
fn ranks_under_other_weights() {
    let course = |name: &str, ranks: [usize; 3], facts: [&str; 2], stands_out: bool| Course {
        name: name.to_owned(),
        ranks: ranks.to_vec(),
        facts: facts.map(str::to_owned).to_vec(),
        stands_out,
    };
    let bump = Bump {
        about: about("bump", "Would another day win?"),
        orders: ["as scored", "uniform", "time use"].map(str::to_owned).to_vec(),
        facts: ["weight to win", "of all weights"].map(str::to_owned).to_vec(),
        courses: vec![
            course("Ada", [1, 3, 2], ["–", "6 %"], true),
            course("Bo", [2, 1, 1], ["4 %", "72 %"], true),
            course("Cy", [3, 2, 3], ["19 %", "21 %"], false),
        ],
    };
    insta::assert_snapshot!("bump", bump.draw().inline());
}

#[test]
fn lanes_of_time() {
    let moment = |name: &str, at: f64, until: Option<f64>, told_later: bool| Moment {
        name: name.to_owned(),
        at,
        until,
        told_later,
    };
    let lanes = Lanes {
        about: about("life-line", "Life line"),
        range: (0.0, 1000.0),
        named: vec![(0.0, "2021".to_owned()), (365.0, "2022".to_owned()), (730.0, "2023".to_owned())],
        lanes: vec![
            Lane {
                name: "production".to_owned(),
                moments: vec![moment("announced", 10.0, None, true), moment("version 1", 100.0, None, false)],
            },
            Lane {
                name: "competition".to_owned(),
                moments: vec![
                    moment("the edition of 2023", 990.0, None, false),
                    moment("the edition of 2022", 400.0, Some(490.0), false),
                    moment("extended by a week", 420.0, None, false),
                ],
            },
        ],
    };
    insta::assert_snapshot!("lanes", lanes.draw().inline());
}

#[test]
fn flows_between_columns() {
    let stage = |name: &str, nodes: &[(&str, f64)]| Stage {
        name: name.to_owned(),
        nodes: nodes.iter().map(|(name, value)| Node { name: (*name).to_owned(), value: *value }).collect(),
    };
    let flows = Flows {
        about: about("flows", "Who decides what"),
        stages: vec![
            stage("who", &[("organizer", 9.0), ("funder", 3.0)]),
            stage("what", &[("exclusion", 7.0), ("metric choice", 5.0)]),
        ],
        flows: vec![
            Flow { stage: 0, from: 0, to: 0, value: Some(7.0) },
            Flow { stage: 0, from: 0, to: 1, value: Some(2.0) },
            Flow { stage: 0, from: 1, to: 1, value: None },
            Flow { stage: 1, from: 0, to: 0, value: Some(1.0) },
        ],
    };
    insta::assert_snapshot!("flows", flows.draw().inline());
}

#[test]
fn outlines_over_spokes() {
    let outline =
        |name: &str, values: [Option<f64>; 4]| Outline { name: name.to_owned(), values: values.to_vec() };
    let radar = Radar {
        about: about("latitude", "Latitude"),
        spokes: ["may skip", "free text", "pace pressure", "knows purpose"].map(str::to_owned).to_vec(),
        rings: ["nominal", "used", "decisive"].map(str::to_owned).to_vec(),
        outlines: vec![
            outline("annotator", [Some(1.0), Some(0.0), None, Some(2.0)]),
            outline("annotation manager", [Some(3.0), Some(2.0), Some(2.5), Some(3.0)]),
        ],
    };
    insta::assert_snapshot!("radar", radar.draw().inline());
}

#[test]
fn orders_of_magnitude() {
    let bar = |name: &str, bounds: Option<(f64, f64)>, note: &str, group: Option<&str>| Magnitude {
        name: name.to_owned(),
        bounds,
        note: note.to_owned(),
        group: group.map(str::to_owned),
    };
    let bars = Magnitudes {
        about: about("labours", "Four labours"),
        bars: vec![
            bar("people", Some((931.0, 931.0)), "931", Some("Camera wearers")),
            bar("named", Some((0.0, 0.0)), "0", None),
            bar("hours", Some((200_000.0, 250_000.0)), "200000 to 250000", Some("Annotators")),
            bar("people", None, "not disclosed", None),
        ],
    };
    insta::assert_snapshot!("magnitudes", bars.draw().inline());
}

#[test]
fn a_file_of_its_own_brings_title_notes_and_style() {
    let columns = Columns {
        about: about("alone", "Alone"),
        counted: String::new(),
        steps: String::new(),
        named_every: 1,
        columns: vec![Column { name: "1".to_owned(), value: Some(1.0) }],
    };
    let text = columns.draw().standalone();
    assert!(text.contains(&STYLE.replace('<', "")));
    for told in ["<title id=\"alone-title\">Alone</title>", "of 42 teams", "2 numbers are withheld"] {
        assert!(text.contains(told), "{told}");
    }
}

#[test]
fn nothing_is_drawn_as_nothing() {
    let empty = [
        Lines {
            about: about("a", "A"),
            x: Axis::open("x"),
            y: Axis::open("y"),
            lines: Vec::new(),
            even: None,
        }
        .draw(),
        Bars { about: about("b", "B"), bars: Vec::new() }.draw(),
        Columns {
            about: about("c", "C"),
            counted: String::new(),
            steps: String::new(),
            named_every: 0,
            columns: Vec::new(),
        }
        .draw(),
        Ranges { about: about("d", "D"), measured: String::new(), series: Vec::new(), ranges: Vec::new() }
            .draw(),
        Heat { about: about("e", "E"), columns: Vec::new(), rows: Vec::new(), decimals: 2 }.draw(),
        Bump { about: about("f", "F"), orders: Vec::new(), facts: Vec::new(), courses: Vec::new() }.draw(),
        Lanes { about: about("g", "G"), range: (0.0, 0.0), named: Vec::new(), lanes: Vec::new() }.draw(),
        Flows { about: about("h", "H"), stages: Vec::new(), flows: Vec::new() }.draw(),
        Radar { about: about("i", "I"), spokes: Vec::new(), rings: Vec::new(), outlines: Vec::new() }.draw(),
        Magnitudes { about: about("j", "J"), bars: Vec::new() }.draw(),
    ];
    for picture in empty {
        let text = picture.inline();
        assert!(text.starts_with("<svg") && !text.contains("NaN") && !text.contains("inf"), "{text}");
    }
}
