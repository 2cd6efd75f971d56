use super::*;
use crate::fault::Findings;

fn read(text: &str) -> Node {
    parse("c.yaml", text.as_bytes()).unwrap_or_else(|findings| panic!("{findings}\n{text}")).root
}

fn refused(text: &str) -> Findings {
    parse("c.yaml", text.as_bytes()).unwrap_err()
}

fn text<'n>(node: &'n Node, key: &str) -> &'n str {
    node.get(key).and_then(Node::text).unwrap_or_else(|| panic!("{key} of {node:?}"))
}

fn scalar<'n>(node: &'n Node, key: &str) -> &'n Scalar {
    match &node.get(key).unwrap().value {
        Value::Scalar(scalar) => scalar,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_organizers_write_is_read() {
    let node = read(concat!(
        "\u{feff}---\r\n",
        "title: A challenge # of ours\r\n",
        "published: True\n",
        "hidden: \"no\"\n",
        "empty:\nnothing: ~\n",
        "link: http://x.org/a?b=c#d\n",
        "quoted: 'it''s'\n",
        "long: one\n  and two\n",
        "page: |\n  a\n   b\n",
        "leaderboard:\n- id: 1\n  schema: {\n\"labels\": [\"A\", 'B',],\n  \"default_order_by\": \"A\",\n}\n",
    ));
    assert_eq!(text(&node, "title"), "A challenge");
    assert_eq!(scalar(&node, "published").flag(), Some(true));
    assert_eq!(scalar(&node, "hidden").flag(), Some(false));
    assert!(node.get("empty").is_none() && node.get("nothing").is_none() && node.get("absent").is_none());
    assert_eq!(text(&node, "link"), "http://x.org/a?b=c#d");
    assert_eq!(text(&node, "quoted"), "it's");
    assert_eq!(text(&read("a: ! 12\n"), "a"), "12");
    assert_eq!(text(&node, "long"), "one and two");
    assert_eq!(text(&node, "page"), "a\n b\n");
    let Value::List(boards) = &node.get("leaderboard").unwrap().value else { panic!() };
    let schema = boards[0].get("schema").unwrap();
    let Value::List(labels) = &schema.get("labels").unwrap().value else { panic!() };
    assert_eq!(labels.iter().filter_map(Node::text).collect::<Vec<_>>(), ["A", "B"]);
    assert_eq!(labels[1].position, crate::Position { line: 17, column: 17 });
}

#[test]
fn anchors_stand_for_their_values_and_merge_keys_merge() {
    let node = read("a: &A {label: Results, rank: 1}\nb: *A\nc:\n  <<: *A\n  rank: 2\n");
    assert_eq!(node.get("b").unwrap().value, node.get("a").unwrap().value);
    assert_eq!(node.get("b").unwrap().position.line, 2);
    let merged = node.get("c").unwrap();
    assert_eq!((text(merged, "label"), text(merged, "rank")), ("Results", "2"));
}

#[test]
fn the_last_of_two_equal_keys_counts() {
    let document = parse("c.yaml", b"a: 1\nb: 2\na: 3\n<<: {a: 4, c: 5}\n").unwrap();
    let values = ["a", "b", "c"].map(|key| text(&document.root, key));
    assert_eq!(values, ["3", "2", "5"]);
    assert_eq!(document.warnings[0].to_string(), "c.yaml:3: the key \"a\" stands twice; this value counts");
}

#[test]
fn numbers_are_asked_for() {
    let node = read("a: 5\nb: '5'\nc: 5.0\nd: 5.5\ne: 1_000\nf: five\ng: -3\nh: 1e400\ni: ''\n");
    let integers: Vec<_> =
        ["a", "b", "c", "d", "e", "f", "g", "i"].map(|key| scalar(&node, key).integer()).into();
    let expected = [Some(5), Some(5), Some(5), None, Some(1000), None, Some(-3), None];
    assert_eq!(integers, expected);
    assert_eq!(scalar(&node, "d").number(), Some(5.5));
    assert_eq!(scalar(&node, "h").number(), None, "an infinite number is none");
}

#[test]
fn what_is_refused_has_its_place() {
    let cases = [
        ("title: A: b\n", 1, 9, "Mapping values are not allowed"),
        ("a: 1\nb: !!python/unicode 'x'\n", 2, 4, "Could not determine a constructor for the tag"),
        ("a: 1\nb: !!python/object:os.system [x]\n", 2, 4, "python/object:os.system"),
        ("a: \"x\n", 1, 4, "in line 1"),
        ("a: 1\n---\nb: 2\n", 2, 1, "Expected a single document"),
        ("a: *nothing\n", 1, 4, "in line 1, column 4"),
        ("a: &A [*A]\n", 1, 8, "Found an alias inside of what it stands for"),
        ("? [a]\n: 1\n", 1, 3, "Found a key that is a list"),
    ];
    for (text, line, column, message) in cases {
        let findings = refused(text);
        let fault = &findings.faults[0];
        assert!(fault.message.contains(message), "{text:?}: {fault}");
        assert_eq!(fault.position, Some(crate::Position { line, column }), "{text:?}: {fault}");
        assert_eq!(fault.file, "c.yaml");
    }
    let both = refused("a: !!python/none x\nb: !!python/none y\n");
    assert_eq!(both.faults.len(), 2, "every fault at once: {both}");
}

#[test]
fn growth_and_depth_are_bounded() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    assert!(refused(&bomb).to_string().contains("more than 100000 values"));
    let long = format!("a: &a \"{}\"\nb: [{}]\n", "x".repeat(500_000), ["*a"; 50].join(", "));
    assert!(refused(&long).to_string().contains("bytes of text"));
    for opening in ["[", "{a: ", "- ", "? "] {
        assert!(!refused(&opening.repeat(10_000)).is_usable());
    }
    let large = vec![b'#'; LONGEST + 1];
    assert!(parse("c.yaml", &large).unwrap_err().to_string().contains("at most"));
    assert!(refused("").to_string().contains("nothing in the file"));
    let not_text = parse("c.yaml", b"a: 1\nb: \xff").unwrap_err();
    assert_eq!(not_text.faults[0].position, Some(crate::Position { line: 2, column: 4 }));
}

#[test]
fn moments_in_every_form_that_is_seen() {
    let cases = [
        ("2024-10-14 00:00:00", "2024-10-14T00:00:00.000000Z"),
        ("2021-04-24", "2021-04-24T00:00:00.000000Z"),
        ("2018-08-20 00:00:00+00:00", "2018-08-20T00:00:00.000000Z"),
        ("1-1-2026", "2026-01-01T00:00:00.000000Z"),
        ("10-07-2025", "2025-10-07T00:00:00.000000Z"),
        ("9-30-2019", "2019-09-30T00:00:00.000000Z"),
        ("30-9-2019", "2019-09-30T00:00:00.000000Z"),
        ("12/31/2019 23:59", "2019-12-31T23:59:00.000000Z"),
        ("2024-04-3 07:00:00", "2024-04-03T07:00:00.000000Z"),
        ("2024-6-4 7:00:00", "2024-06-04T07:00:00.000000Z"),
        ("2019-12-12 6:59:59", "2019-12-12T06:59:59.000000Z"),
        ("2019-12-12 13:30:00.25", "2019-12-12T13:30:00.250000Z"),
        ("2019-12-12T13:30:00Z", "2019-12-12T13:30:00.000000Z"),
        ("2019-12-12t13:30:00 -0700", "2019-12-12T20:30:00.000000Z"),
        ("2019-12-12 13:30:00 +5", "2019-12-12T08:30:00.000000Z"),
        (" 2019-12-12  13:30:00  UTC ", "2019-12-12T13:30:00.000000Z"),
    ];
    for (text, moment) in cases {
        assert_eq!(parse_moment(text).map(|moment| moment.to_string()).as_deref(), Some(moment), "{text}");
    }
    for text in [
        "",
        "soon",
        "2024",
        "2024-10",
        "2024-13-01",
        "2023-02-29",
        "13-13-2020",
        "1-1-26",
        "2024-10-14 25:00:00",
        "2024-10-14 7",
        "2024-10-14 07:00:00 CET",
        "2024-10-14 07:00:00+99",
        "2024-10-14-1",
        "0001-01-01",
        "２０２４-10-14",
        "2024-1é-1",
        "2024-10-14 07:00:00.",
        "2024-10-14 07:00:00 +é",
    ] {
        assert_eq!(parse_moment(text), None, "{text}");
    }
}
