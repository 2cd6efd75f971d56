//! Works that cite a dataset are put on record by anybody who has seen the citation.

use domain::event::EventKind;
use domain::{Actor, PublicationId};
use serde_json::json;
use storage::datasets::citations::{self, Citation, PublicationDraft};
use storage::datasets::production::Recording;
use storage::events;

use super::production::{days, refuse, texts, version_of};
use super::read::look_up;
use crate::App;
use crate::activities::recorder;
use crate::context::event;
use crate::failure::{Code, Failure, FieldError, Outcome};
use crate::framing::record::wrong_codes;

/// A citation as somebody has seen it.
#[derive(Debug, Clone)]
pub struct CitationDraft {
    /// The work; one that is on record under the same DOI or number is that one.
    pub publication: PublicationDraft,
    /// What for (`citation.function`).
    pub function: String,
    /// The version that it uses, where it says so.
    pub version: Option<String>,
    /// Where the citation was seen.
    pub seen_in: String,
}

/// Puts a citation of a dataset on record; a work can cite for several ends, each once.
pub async fn record_citation(
    app: &App,
    actor: &Actor,
    dataset: &str,
    draft: CitationDraft,
) -> Outcome<PublicationId> {
    let recording = Recording { by: recorder(actor)?, at: app.now() };
    refuse(wrong_in(app, &draft))?;
    let (actor, key, new) = (actor.clone(), dataset.to_owned(), app.sources.new_id::<PublicationId>());
    app.db
        .write(move |conn| {
            let dataset = look_up(conn, &key)?.ok_or_else(Failure::not_found)?;
            let version = match &draft.version {
                Some(version) => Some(version_of(conn, &dataset, version)?.id),
                None => None,
            };
            let said = &draft.publication;
            let id = match citations::find(conn, said.doi.as_deref(), said.arxiv.as_deref())? {
                Some(known) => known.id,
                None => {
                    citations::insert(conn, new, said, recording)?;
                    new
                }
            };
            let citation = Citation {
                function: draft.function.clone(),
                dataset_version_id: version,
                seen_in: draft.seen_in.clone(),
                recorded_at: recording.at,
            };
            if !citations::cite(conn, (id, dataset.id), &citation, recording)? {
                return Err(Failure::new(Code::StateConflict, "this is on record already"));
            }
            let payload = [("dataset", json!(dataset.id)), ("function", json!(draft.function))];
            let subject = format!("publication:{id}");
            let told = event(&actor, recording.at, EventKind::PublicationSeen, subject, None, payload);
            events::append(conn, told)?;
            Ok(id)
        })
        .await
}

fn wrong_in(app: &App, draft: &CitationDraft) -> Vec<FieldError> {
    let said = &draft.publication;
    let mut errors = days(app, &[("published_on", Some(&said.published_on))]);
    errors.extend(texts(&[
        ("title", &said.title, 1),
        ("venue", &said.venue, 0),
        ("seen_in", &draft.seen_in, 1),
    ]));
    let is_doi =
        |doi: &String| doi.starts_with("10.") && doi.contains('/') && doi.len() <= 200 && doi.is_ascii();
    if said.doi.as_ref().is_some_and(|doi| !is_doi(doi)) {
        errors.push(FieldError::new("doi", "must be a DOI such as 10.1000/182"));
    }
    let is_arxiv = |number: &String| {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        number.split_once('.').is_some_and(|(month, rest)| month.len() == 4 && digits(month) && digits(rest))
    };
    if said.arxiv.as_ref().is_some_and(|number| !is_arxiv(number)) {
        errors.push(FieldError::new(
            "arxiv",
            "must be a number of arXiv without its version, such as 2110.07058",
        ));
    }
    if said.doi.is_none() && said.arxiv.is_none() {
        errors.push(FieldError::new("doi", "must be given, or arxiv"));
    }
    errors.extend(wrong_codes(&[("function", "citation.function", &draft.function)]));
    errors
}
