//! `challenge clone`: the draft of the next edition.

use domain::Slug;
use serde::Deserialize;
use serde_json::json;

use crate::{Client, ClientError};

/// What is cloned, and what is otherwise in the new challenge.
#[derive(Debug, Clone)]
pub struct CloneChallenge {
    /// The challenge.
    pub source: String,
    /// The slug of the new one.
    pub slug: String,
    /// Its heading; the same without one.
    pub title: Option<String>,
    /// Which edition it is; the same without one.
    pub edition: Option<String>,
    /// How many days later everything takes place.
    pub shift_days: i32,
    /// Whether its phases keep the held-out annotations.
    pub annotations: bool,
}

#[derive(Deserialize)]
struct Made {
    slug: String,
}

/// Makes the draft, and says what comes next.
pub fn clone(client: &mut Client<'_>, wanted: &CloneChallenge) -> Result<(), ClientError> {
    let read = |text: &str| {
        Slug::parse(text).map_err(|invalid| ClientError::Usage(format!("the slug {text:?} {}", invalid.rule)))
    };
    let (source, slug) = (read(&wanted.source)?, read(&wanted.slug)?);
    let body = json!({
        "slug": slug,
        "title": wanted.title,
        "edition": wanted.edition,
        "shift_days": wanted.shift_days,
        "annotations": wanted.annotations,
    });
    let key = client.random_name();
    let made: Made = client.api()?.post(&format!("/challenges/{source}/clone"), &body, Some(&key))?.json()?;
    let out = &mut client.terminal.out;
    writeln!(out, "made the draft {}; nobody but you sees it", made.slug)?;
    writeln!(out, "see how its phases frame what they count, and decide that, before you publish it")?;
    Ok(())
}
