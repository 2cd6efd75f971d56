use sdk::Ids;

use super::*;

fn read_file(name: &str, bytes: &[u8]) -> Result<Predictions, Unreadable> {
    let ids: Ids = ["a", "b", "c", "18"].into_iter().collect();
    let (items, _) = IdIndex::of(ids);
    read_predictions(&Input::file(name, bytes), &items, &Limits::default())
}

fn read(text: &str) -> Predictions {
    read_file("file", text.as_bytes()).unwrap()
}

#[test]
fn the_same_predictions_are_the_same_whatever_the_form() {
    let table = "id,label\na,1.50\nb,walk\nc,x\n";
    let archive = sdk::archive::pack([("answers.csv", table.as_bytes())]).unwrap();
    let wanted = read(table);
    assert_eq!(wanted.answers.as_ref().unwrap().iter().filter(|answer| **answer != NO_ANSWER).count(), 3);
    for same in [
        "label,id\r\nx,c\r\nwalk,b\r\n1.5,a\r\n",
        "{\"id\": \"c\", \"label\": \"x\"}\n{\"label\": 1.5, \"id\": \"a\"}\n{\"id\": \"b\", \"label\": \"walk\"}\n",
        r#"{"b": "walk", "c": {"label": "x"}, "a": 15e-1}"#,
        r#"{"version": "7", "challenge": "x", "results": {"b": "walk", "c": "x", "a": 1.5}}"#,
        r#"[{"id": "b", "label": "walk"}, {"id": "c", "label": "x"}, {"id": "a", "label": "1.5"}]"#,
    ] {
        assert_eq!(read(same), wanted, "{same}");
    }
    assert_eq!(read_file("answers.zip", &archive).unwrap(), wanted);
    for other in
        ["id,label\na,1.51\nb,walk\nc,x\n", "id,label\nb,1.5\na,walk\nc,x\n", "id,label\na,1.5\nb,walk\n"]
    {
        assert_ne!(read(other).digest, wanted.digest, "{other}");
    }
}

#[test]
fn an_answer_changes_with_its_item_alone() {
    let one = read("id,label\na,x\nb,y\nc,z\n").answers.unwrap();
    let other = read("id,label\na,x\nb,y\nc,w\n").answers.unwrap();
    assert_eq!((one[0], one[1]), (other[0], other[1]));
    assert_ne!(one[2], other[2]);
    assert_eq!(one[3], NO_ANSWER);
}

#[test]
fn detections_are_gathered_by_image_and_a_category_is_no_image() {
    let boxes = |first: &str, second: &str| {
        read(&format!(
            r#"[{{"image_id": "a", "category_id": 18, "bbox": {first}}}, {{"image_id": "a", "category_id": 18, "bbox": {second}}}]"#
        ))
    };
    let found = boxes("[1, 2]", "[3, 4]");
    assert_eq!(found, boxes("[3, 4]", "[1.0, 2]"));
    assert_ne!(found, boxes("[3, 4]", "[2, 1]"));
    let answers = found.answers.unwrap();
    assert!(answers[0] != NO_ANSWER && answers[1..] == [NO_ANSWER; 3]);
}

#[test]
fn lines_name_items_in_their_places() {
    for (text, item) in [
        ("a Q0 d1 1 0.5 mine\n", 0),
        ("SPEAKER b 1 0.1 4.2 <NA> <NA> s1\n", 1),
        ("put a cup down (c)\n", 2),
        ("18,7,1,1,9,9,1\n", 3),
    ] {
        let answers = read(text).answers.unwrap();
        let named: Vec<usize> = (0..4).filter(|at| answers[*at] != NO_ANSWER).collect();
        assert_eq!(named, [item], "{text}");
    }
    // What a run is called is not what it predicts.
    assert_eq!(read("a Q0 d1 1 0.5 mine\n"), read("a Q0 d1 1 0.50 yours\n"));
}

#[test]
fn files_of_an_archive_are_of_the_items_they_are_named_after() {
    let packed = |first: &[u8], second: &[u8]| {
        let bytes = sdk::archive::pack([("maps/a.png", first), ("maps/b.png", second)]).unwrap();
        read_file("maps.zip", &bytes).unwrap()
    };
    let found = packed(b"\x89one", b"\x89two");
    let other = packed(b"\x89one", b"\x89three");
    assert_ne!(found.digest, other.digest);
    let (found, other) = (found.answers.unwrap(), other.answers.unwrap());
    assert!(found[0] == other[0] && found[1] != other[1] && found[2] == NO_ANSWER);
}

#[test]
fn without_items_everything_counts_and_lists_of_objects_have_no_order() {
    let found = read(r#"{"results": [{"t": [1, 2]}, {"t": [3, 4]}]}"#);
    assert_eq!(found.answers, None);
    assert_eq!(found.digest, read(r#"{"results": [{"t": [3, 4]}, {"t": [1, 2]}]}"#).digest);
    assert_ne!(found.digest, read(r#"{"results": [{"t": [3, 4]}, {"t": [2, 1]}]}"#).digest);
    assert_ne!(read("[[1], [2]]").digest, read("[[2], [1]]").digest);
    assert_ne!(read(r#"{"x": 1}"#).digest, read(r#"{"y": 1}"#).digest);
}

#[test]
fn what_cannot_be_read_says_so() {
    assert_eq!(read_file("x.json", b"{\"a\": "), Err(Unreadable::Damaged("JSON")));
    assert_eq!(read_file("x.json", &[b'['; 1_000_000]), Err(Unreadable::Damaged("JSON")));
    assert_eq!(read_file("x.zip", b"PK\x03\x04rest"), Err(Unreadable::Damaged("zip archive")));
    let (items, _) = IdIndex::of(["a"].into_iter().collect());
    let stopped = Limits::default().stop_when(|| true);
    let long = "a,1\n".repeat(10_000);
    let mut few = Limits::default();
    few.records = 9_999;
    assert_eq!(read_predictions(&Input::file("x", long.as_bytes()), &items, &few), Err(Unreadable::TooLarge));
    assert_eq!(
        read_predictions(&Input::file("x", long.as_bytes()), &items, &stopped),
        Err(Unreadable::Stopped)
    );
    for odd in [&b""[..], b"\xff\xfe", b"\n\n", b",", b"[]", b"{}", b"()"] {
        let _ = read_file("x", odd).unwrap();
    }
}
