//! What a bundle says of the challenge itself.

use std::collections::BTreeSet;

use super::Challenge;
use super::script;
use crate::imported::{NamedFile, Prize, Sponsor};
use crate::source::{Source, TextFile};
use crate::yaml::Table;

/// Fields of EvalAI's servers that mean nothing here.
const OF_ITS_SERVERS: [&str; 5] = ["worker_", "vpc_", "job_", "ecs_", "cli_version"];

/// The fields of knowledge that EvalAI knows.
const DOMAINS: [&str; 6] = ["CV", "NLP", "RL", "MM", "AUD", "TAB"];

/// The longest evaluation, in seconds, where the bundle names none; also the longest that is taken here.
const DAY: u32 = 86_400;

pub(super) fn read(root: &Table<'_>, source: &Source<'_>) -> Option<Challenge> {
    let root = &root
        .clone()
        .complaining("ERROR: Unable to serialize the challenge because of the following errors: ");
    let title = root.short_text("title", 100).filter(|title| !title.trim().is_empty());
    if title.is_none() {
        root.fault("Please add the challenge title");
    }
    let description = page(root, source, "description", "Please add the challenge description");
    let evaluation_details = page(root, source, "evaluation_details", "Please add the evaluation details");
    let terms_and_conditions =
        page(root, source, "terms_and_conditions", "Please add the terms and conditions.");
    let submission_guidelines =
        page(root, source, "submission_guidelines", "Please add the submission guidelines.");
    let remote_evaluation = root.flag("remote_evaluation").unwrap_or(false);
    let evaluation_script = script::read(root, source, remote_evaluation);
    let window = window(root);
    refuse_images(root);
    warn_of_unused(root);

    Some(Challenge {
        title: title?.to_owned(),
        short_description: root.text("short_description").unwrap_or_default().to_owned(),
        description: description?,
        evaluation_details: evaluation_details?,
        terms_and_conditions: terms_and_conditions?,
        submission_guidelines: submission_guidelines?,
        leaderboard_description: root.text("leaderboard_description").unwrap_or_default().to_owned(),
        image: image(root, source),
        start_date: window?.0,
        end_date: window?.1,
        published: root.flag("published").unwrap_or(false),
        remote_evaluation,
        evaluation_script: evaluation_script?,
        tags: tags(root),
        domain: domain_of(root),
        prizes: prizes(root),
        sponsors: sponsors(root),
        submission_time_limit: time_limit(root),
        enable_forum: root.flag("enable_forum").unwrap_or(true),
        forum_url: root.text("forum_url").map(str::to_owned),
        anonymous_leaderboard: root.flag("anonymous_leaderboard").unwrap_or(false),
        is_registration_open: root.flag("is_registration_open").unwrap_or(true),
        manual_participant_approval: root.flag("manual_participant_approval").unwrap_or(false),
        allowed_email_domains: root.texts("allowed_email_domains"),
        blocked_email_domains: root.texts("blocked_email_domains"),
        banned_email_ids: root.texts("banned_email_ids"),
        max_team_members: team_size(root),
        require_complete_profile: root.flag("require_complete_profile").unwrap_or(false),
    })
}

/// The HTML of a page that must be there.
fn page(root: &Table<'_>, source: &Source<'_>, key: &str, missing: &str) -> Option<String> {
    let named = root.text(key).filter(|named| !named.is_empty());
    let (Some(named), Some(item)) = (named, root.get(key)) else {
        if root.get(key).is_none_or(|item| item.text().is_some()) {
            root.fault(missing);
        }
        return None;
    };
    if source.has_file(named) && !named.trim().ends_with(".html") {
        item.fault(format!("File {key} is not a HTML file. Please specify a valid HTML file"));
        return None;
    }
    match source.text_file(&item, named) {
        TextFile::Read(text) => Some(text),
        TextFile::Refused => None,
        TextFile::Absent => {
            item.fault(format!("File at path {key} not found. Please specify a valid file path"));
            None
        }
    }
}

/// EvalAI drops a picture that is absent or of another kind without a word.
fn image(root: &Table<'_>, source: &Source<'_>) -> Option<NamedFile> {
    let named = root.text("image")?;
    let is_picture = [".jpg", ".jpeg", ".png"].iter().any(|ending| named.trim().ends_with(ending));
    let file = source.file(named).filter(|_| is_picture);
    if file.is_none()
        && let Some(item) = root.get("image")
    {
        item.warn(format!(
            "the picture {named} is left out: it must be a .jpg, .jpeg or .png file of the bundle"
        ));
    }
    file
}

fn window(root: &Table<'_>) -> Option<(domain::Timestamp, domain::Timestamp)> {
    if root.get("start_date").is_none() || root.get("end_date").is_none() {
        root.fault("ERROR: Please add the start_date and end_date.");
    }
    let (start, end) = (root.moment("start_date"), root.moment("end_date"));
    if let (Some(start), Some(end), Some(item)) = (start, end, root.get("start_date"))
        && start > end
    {
        item.fault("ERROR: Start date cannot be greater than end date.");
    }
    start.zip(end)
}

fn refuse_images(root: &Table<'_>) {
    for key in ["is_docker_based", "is_static_dataset_code_upload"] {
        if root.flag(key) == Some(true)
            && let Some(item) = root.get(key)
        {
            item.fault(format!(
                "This challenge takes Docker images; this server evaluates prediction files. Set {key}: False."
            ));
        }
    }
}

fn warn_of_unused(root: &Table<'_>) {
    for (key, item) in root.entries() {
        if !item.node.is_null() && OF_ITS_SERVERS.iter().any(|prefix| key.starts_with(prefix)) {
            item.warn(format!("{key} is about EvalAI's own servers and is not used here"));
        }
    }
}

fn tags(root: &Table<'_>) -> Vec<String> {
    let tags = root.texts("tags");
    if tags.len() > 4
        && let Some(item) = root.get("tags")
    {
        item.fault("ERROR: Tags are limited to 4. Please remove extra tags then try again!");
    }
    tags
}

fn domain_of(root: &Table<'_>) -> Option<String> {
    let domain = root.text("domain")?;
    let found = DOMAINS.into_iter().find(|known| *known == domain);
    if found.is_none()
        && let Some(item) = root.get("domain")
    {
        item.fault("ERROR: Domain name is incorrect. Please enter correct domain name then try again!");
    }
    found.map(str::to_owned)
}

fn prizes(root: &Table<'_>) -> Vec<Prize> {
    let mut ranks = BTreeSet::new();
    let mut prizes = Vec::new();
    for item in root.list("prizes") {
        let Some(prize) = item.table("") else { continue };
        let (rank, amount) = (prize.get("rank"), prize.get("amount"));
        let (Some(rank), Some(amount)) = (rank.as_ref(), amount.as_ref()) else {
            item.fault("ERROR: Prize rank or amount not found in YAML data.");
            continue;
        };
        let shown = rank.text().unwrap_or_default();
        if !ranks.insert(shown) {
            rank.fault(format!("ERROR: Duplicate rank {shown} found in YAML data."));
        }
        let number = shown.parse::<u32>().ok().filter(|number| *number >= 1);
        if number.is_none() {
            rank.fault(format!("ERROR: Invalid rank value {shown}. Rank should be an integer."));
        }
        let money = amount.text().unwrap_or_default();
        if !is_amount(money) {
            amount.fault(format!(
                "ERROR: Invalid amount value {money}. Amount should be in decimal format with three-letter \
                 currency code (e.g. 100.00USD, 500EUR, 1000INR)."
            ));
        }
        let description = prize.text("description").unwrap_or_default().to_owned();
        if let Some(rank) = number {
            prizes.push(Prize { rank, amount: money.to_owned(), description });
        }
    }
    prizes.sort_by_key(|prize| prize.rank);
    prizes
}

/// `^\d+(\.\d{1,2})?[A-Z]{3}$`
fn is_amount(text: &str) -> bool {
    let Some((number, currency)) = text.len().checked_sub(3).and_then(|at| text.split_at_checked(at)) else {
        return false;
    };
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    let is_right = match number.split_once('.') {
        Some((whole, cents)) => is_number(whole) && is_number(cents) && cents.len() <= 2,
        None => is_number(number),
    };
    is_right && currency.bytes().all(|letter| letter.is_ascii_uppercase())
}

fn sponsors(root: &Table<'_>) -> Vec<Sponsor> {
    let read = root.list("sponsors").into_iter().filter_map(|item| {
        let sponsor = item.table("")?;
        let (name, website) = (sponsor.text("name"), sponsor.text("website"));
        if name.is_none() || website.is_none() {
            item.fault("ERROR: Sponsor name or url not found in YAML data.");
        }
        Some(Sponsor { name: name?.to_owned(), website: website?.to_owned() })
    });
    read.collect()
}

fn time_limit(root: &Table<'_>) -> u32 {
    let seconds = root.count("submission_time_limit").unwrap_or(DAY);
    if let Some(item) = root.get("submission_time_limit").filter(|_| seconds == 0 || seconds > DAY) {
        item.fault("submission_time_limit: must be between 1 and 86400 seconds");
    }
    seconds
}

fn team_size(root: &Table<'_>) -> Option<u32> {
    let size = root.count("max_team_members")?;
    if let Some(item) = root.get("max_team_members").filter(|_| !(1..=1_000).contains(&size)) {
        item.fault("max_team_members: must be between 1 and 1000");
    }
    Some(size)
}
