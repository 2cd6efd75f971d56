//! The tables that researchers and organizers import: vocabularies, taxonomies, mappings, time use, shares.

use domain::framing::{FramingDraft, NOT_DISCLOSED};
use research::framing::shares::read_shares;
use research::imports;
use research::imports::framing::read_framing;
use research::mappings::Mapping;
use research::mappings::circles::refuse_circles;
use research::taxonomies::Taxonomy;
use research::time_use::{self, Day};
use research::vocabularies::Vocabularies;

use super::faults;

/// Reads arbitrary bytes as vocabularies: every code is found again, and borrowed ones end somewhere.
pub(crate) fn vocabularies(bytes: &[u8]) -> bool {
    let read = Vocabularies::read(bytes, &imports::limits());
    match &read {
        Ok(read) => {
            for vocabulary in read.all() {
                let found = read.vocabulary(&vocabulary.name).expect("a vocabulary has its name");
                assert!(found.codes.iter().all(|code| found.contains(&code.code)));
            }
        }
        Err(refused) => faults::check(refused),
    }
    read.is_ok()
}

/// Reads arbitrary bytes as a taxonomy: every term is found again, below as many terms as its depth says.
pub(crate) fn taxonomy(bytes: &[u8]) -> bool {
    let read = Taxonomy::read("fuzz", bytes, &imports::limits());
    match &read {
        Ok(read) => {
            for (position, term) in read.terms().iter().enumerate() {
                assert_eq!(read.find(&term.code), Some(position));
                assert_eq!(read.ancestor(position, term.depth), Some(position));
                assert!(read.ancestor(position, 1).is_some(), "{term:?} hangs from nothing");
            }
        }
        Err(refused) => faults::check(refused),
    }
    read.is_ok()
}

/// Reads arbitrary bytes as a file with a framing: what is taken is one that can be recorded, as far as its goal is said.
pub(crate) fn framing_file(bytes: &[u8]) -> bool {
    let proposal = serde_json::json!({"unit": "clip", "label_source": "closed_list", "perspective": "camera_wearer",
        "stated_goal": "Find moments."});
    let proposal: FramingDraft = serde_json::from_value(proposal).expect("a framing");
    let read = read_framing(bytes, &imports::limits(), &proposal);
    match &read {
        Ok(read) => {
            assert!(!read.said.is_empty() || read.framing == proposal, "what is not said stays");
            let unknown = |code: &&str| *code != NOT_DISCLOSED;
            for (field, vocabulary, code) in read.framing.codes() {
                if read.said.contains(field) && unknown(&code) {
                    Vocabularies::shipped().code(vocabulary, code).expect("a code that is known");
                }
            }
        }
        Err(refused) => faults::check(refused),
    }
    read.is_ok()
}

/// Reads arbitrary bytes as a mapping into ICATUS: shares are whole and within their bounds.
pub(crate) fn mapping(bytes: &[u8]) -> bool {
    let icatus = Taxonomy::icatus_2016();
    let read = Mapping::read("fuzz", "1", icatus, bytes, &imports::limits());
    match &read {
        Ok(read) => {
            refuse_circles([read]).expect("a mapping from one list into another is no circle");
            for term in read.terms() {
                let shares = read.shares_in(term, time_use::CLASSES, time_use::class_of);
                let sum: f64 = shares.weight.iter().sum();
                assert!(sum < 1e-6 || (sum - 1.0).abs() < 1e-6, "{term:?}");
                let bounds = shares.least.iter().zip(&shares.most).zip(&shares.weight);
                for ((least, most), weight) in bounds {
                    assert!(*least <= weight + 1e-6 && *weight <= most + 1e-6, "{term:?}");
                }
            }
        }
        Err(refused) => faults::check(refused),
    }
    read.is_ok()
}

/// Reads arbitrary bytes as tables of time use: days have shares, and they are whole.
pub(crate) fn time_use(bytes: &[u8]) -> bool {
    let read = time_use::read(bytes, &imports::limits());
    match &read {
        Ok(read) => {
            for population in read {
                for shares in [Day::All, Day::Waking].into_iter().filter_map(|day| population.shares(day)) {
                    assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-6, "{population:?}");
                    assert!(shares.iter().all(|share| *share >= 0.0), "{population:?}");
                }
            }
        }
        Err(refused) => faults::check(refused),
    }
    read.is_ok()
}

/// Reads arbitrary bytes as shares of activities: they are of known terms, each once, and at most the whole.
pub(crate) fn activity_shares(bytes: &[u8]) -> bool {
    let icatus = Taxonomy::icatus_2016();
    let read = read_shares(icatus, bytes, &imports::limits());
    match &read {
        Ok(read) => {
            assert!(read.iter().map(|(_, share)| share).sum::<f64>() < 1.0 + 1e-6);
            let mut codes: Vec<&String> = read.iter().map(|(code, _)| code).collect();
            assert!(codes.iter().all(|code| icatus.find(code).is_some()));
            codes.sort();
            codes.dedup();
            assert_eq!(codes.len(), read.len());
        }
        Err(refused) => faults::check(refused),
    }
    read.is_ok()
}
