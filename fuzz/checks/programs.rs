//! What programs in the sandbox leave behind: scores, values of items, and what an evaluation script returned.

use heldout_sandbox::contracts::{codabench, evalai, items};
use sdk::{Evidence, Limits};

use super::faults;
use super::items::sound;

/// Reads arbitrary bytes as values of items; what is accepted has a score for every metric, and can be stored.
pub(crate) fn values_of_items(bytes: &[u8]) -> bool {
    match items::read_items(bytes, &Limits::default()) {
        Ok(read) => {
            sound(&read.items);
            assert_eq!(read.items.len(), read.evidence.items());
            for metric in read.evidence.metrics() {
                assert!(
                    read.evidence.score_all().get(&metric.name).is_some(),
                    "{} has no score",
                    metric.name
                );
            }
            let written = read.evidence.to_bytes().expect("it can be stored");
            Evidence::from_bytes(&written).expect("what was stored is read");
            true
        }
        Err(refused) => {
            faults::check(&refused);
            false
        }
    }
}

/// Reads arbitrary bytes as either file of scores; only finite numbers of wanted columns come out.
pub(crate) fn scores(bytes: &[u8]) -> bool {
    let columns = ["accuracy".to_owned(), "set1_score".to_owned()];
    let read = [codabench::read_scores_json(bytes, &columns), codabench::read_scores_text(bytes, &columns)];
    for scores in read.iter().flatten() {
        assert!(
            scores.keys().all(|key| columns.contains(key)) && scores.values().all(|score| score.is_finite())
        );
    }
    for refused in read.iter().filter_map(|read| read.as_ref().err()) {
        assert!(!refused.to_string().is_empty());
    }
    read.iter().any(Result::is_ok)
}

/// Reads arbitrary bytes as what an evaluation script returned.
pub(crate) fn answer(bytes: &[u8]) -> bool {
    let splits = ["test_split".to_owned(), "train_split".to_owned()];
    match evalai::read_answer(bytes, &splits) {
        Ok(evaluated) => {
            for row in &evaluated.splits {
                assert!(splits.contains(&row.split) && row.metrics.values().all(|value| value.is_finite()));
            }
            true
        }
        Err(faults) => {
            assert!(!faults.is_empty(), "nothing is told of a refused answer");
            false
        }
    }
}

/// Cuts arbitrary text into the words of a command.
pub(crate) fn command(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    codabench::words_of(text).is_ok_and(|words| {
        assert!(!words.is_empty());
        true
    })
}
