//! Three ways to write the same rows give the same scores.

use conformance::task::values;
use sdk::Mode;

use crate::support::{evaluate_file, prepare};

/// All forms of a submission must score like the first.
fn same(id: &str, truths: &[&str], params: &[(&str, &str)], forms: &[(&str, &str)]) {
    let mut first = None;
    for truth in truths {
        let prepared = prepare(id, truth, params, Mode::Strict).unwrap();
        for (name, text) in forms {
            let scores = values(&evaluate_file(prepared.as_ref(), name, text).unwrap());
            assert_eq!(*first.get_or_insert(scores.clone()), scores, "{name}: {text}");
        }
    }
}

#[test]
fn labels() {
    let truths = [
        "id,label\n01,a\n1,\"b,c\"\n",
        "\u{feff}label,id\r\na,01\r\n\"b,c\",1\r\n",
        "{\"id\": \"01\", \"label\": \"a\"}\n\n{\"label\": \"b,c\", \"id\": \"1\"}\n",
        "{\"01\": \"a\",\n \"1\": \"b,c\"}",
    ];
    let forms = [
        ("s.csv", "id,label\n1,a\n01,a\n"),
        ("s.jsonl", "{\"id\":\"1\",\"label\":\"a\"}\n{\"id\":\"01\",\"label\":\"a\"}\n"),
        ("s.json", "{\"1\":\"a\",\"01\":\"a\"}"),
        ("s", "{\"1\":\"a\",\"01\":\"a\"}"),
    ];
    same("classification_label", &truths, &[], &forms);
}

#[test]
fn binary_scores() {
    let truths = [
        "id,label\na,1\nb,0\n",
        "{\"a\": 1, \"b\": 0}",
        "{\"id\":\"a\",\"label\":1}\n{\"id\":\"b\",\"label\":\"0\"}",
    ];
    let forms = [
        ("s.csv", "id,score\nb,0.25\na,7.5e-1\n"),
        ("s.jsonl", "{\"id\":\"a\",\"score\":0.75}\n{\"id\":\"b\",\"score\":0.25}"),
        ("s.json", "{\"a\":0.75,\"b\":0.25}"),
        ("s", "{\"id\":\"a\",\"score\":0.75}\n{\"id\":\"b\",\"score\":0.25}"),
    ];
    same("classification_binary", &truths, &[], &forms);
}

#[test]
fn probabilities() {
    let forms = [
        ("s.csv", "y,id,x\n0.5,a,0.5\n1,b,0\n"),
        ("s.jsonl", "{\"id\":\"a\",\"x\":0.5,\"y\":0.5}\n{\"y\":1,\"x\":0,\"id\":\"b\"}"),
        ("s.json", "{\"b\":{\"x\":0,\"y\":1},\"a\":{\"x\":0.5,\"y\":0.5}}"),
    ];
    same("classification_probability", &["id,label\na,x\nb,y\n"], &[], &forms);
}

#[test]
fn several_labels() {
    let truths = [
        "id,labels\na,x|y\nb,\nc,y\n",
        "{\"a\": [\"x\", \"y\"], \"b\": [], \"c\": \"y\"}",
        "{\"id\":\"a\",\"labels\":\"x|y\"}\n{\"id\":\"b\",\"labels\":[]}\n{\"id\":\"c\",\"labels\":[\"y\"]}",
    ];
    let forms = [
        ("s.csv", "id,x,y\na,0.9,0.1\nb,0.2,0.6\nc,-3,5\n"),
        ("s.json", "{\"a\":{\"x\":0.9,\"y\":0.1},\"b\":{\"x\":0.2,\"y\":0.6},\"c\":{\"x\":-3,\"y\":5}}"),
    ];
    same("classification_multilabel", &truths, &[], &forms);
}
