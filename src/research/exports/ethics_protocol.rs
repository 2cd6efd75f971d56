//! The draft of an ethics protocol: what a board asks about a challenge, answered from the record, with every gap named.
//!
//! Nothing is made up: what nobody has put on record is "not recorded", and what somebody was asked and did not say is
//! "not disclosed". What the board has to be told beyond that is a question with no answer under it.

use jiff::civil::Date;

use super::sheet::Sheet;
use crate::measure::{Definition, Privacy, definitions};

const NOT_RECORDED: &str = "not recorded";
const NOT_DISCLOSED: &str = "not disclosed";

/// What boards ask and no record answers.
const OPEN_QUESTIONS: [&str; 7] = [
    "What is the lawful basis of each purpose, and is consent free where a prize is at stake?",
    "What harm to reputation or to relations with an employer could follow, and for whom?",
    "Can annotators, or others who depend on the organizers, be harmed by what they tell?",
    "May minors take part, and who agrees for them?",
    "Who acts for the people in the data where data steward and organizer are the same?",
    "To which countries are rows given, and under which safeguards?",
    "What do those who are studied get back?",
];

/// What is on record of a challenge and its data.
#[derive(Debug, Clone, PartialEq)]
pub struct ProtocolRecord {
    /// The title of the challenge.
    pub title: String,
    /// Its address.
    pub url: String,
    /// The day of the draft.
    pub drafted: Date,
    /// What the challenge says of itself; may be empty.
    pub summary: String,
    /// The datasets that its phases bind.
    pub datasets: Vec<ProtocolDataset>,
    /// What is kept of people.
    pub collected: Vec<CollectedField>,
    /// What people are asked to consent to, with the words in force.
    pub purposes: Vec<ProtocolConsent>,
    /// The agreement that researchers sign.
    pub agreement: Option<Agreement>,
    /// How long what is kept, if that is on record.
    pub retention: Option<String>,
    /// The fewest people of a published number.
    pub least_people: u64,
}

/// A dataset and how it came to be.
#[derive(Debug, Clone, PartialEq)]
pub struct ProtocolDataset {
    /// Its name.
    pub name: String,
    /// The reviews of ethics that are on record.
    pub reviews: Vec<EthicsReview>,
    /// Where it was recorded.
    pub sites: Vec<ProtocolSite>,
    /// Programmes of annotation.
    pub programmes: Vec<ProtocolProgramme>,
}

/// A review of ethics; codes are those of the vocabularies of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EthicsReview {
    /// Who reviewed.
    pub board: String,
    /// How independent they were.
    pub independence: String,
    /// What they decided.
    pub decision: String,
    /// Under which number; may be empty.
    pub reference: String,
    /// The day, if it is told.
    pub decided_on: Option<String>,
}

/// A place where people recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct ProtocolSite {
    /// What it is called.
    pub name: String,
    /// Its country, if it is told.
    pub country: Option<String>,
    /// How many people recorded there, if it is told.
    pub participants: Option<u64>,
    /// What they got.
    pub compensation: String,
    /// What became of those who passed by.
    pub bystander_regime: String,
    /// Whether those who recorded saw it before others did.
    pub participant_review: String,
    /// Whether a review on record covers it.
    pub is_reviewed: bool,
}

/// A programme of annotation.
#[derive(Debug, Clone, PartialEq)]
pub struct ProtocolProgramme {
    /// What was made.
    pub stage: String,
    /// The country in which it was done, if it is told.
    pub country: Option<String>,
    /// The fewest and the most workers that are stated.
    pub workers: Option<(u64, u64)>,
    /// What was paid for.
    pub pay_basis: String,
    /// How people were employed.
    pub contract_form: String,
    /// Pay per hour over the local living wage per hour, if it is told.
    pub living_wage_ratio: Option<f64>,
}

/// Something that is kept of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectedField {
    /// What it is.
    pub what: String,
    /// What it is for.
    pub purpose: String,
    /// Whether nobody takes part without it.
    pub is_required: bool,
}

/// A purpose that people consent to, or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProtocolConsent {
    /// Its code (`consent.purpose`).
    pub purpose: String,
    /// The version of the words in force.
    pub version: u32,
    /// Their language (BCP 47).
    pub language: String,
    /// The words.
    pub words: String,
}

/// An agreement on the use of data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Its version.
    pub version: u32,
    /// Its words.
    pub words: String,
}

/// The draft as Markdown.
pub fn ethics_protocol(record: &ProtocolRecord) -> String {
    let mut sheet = Sheet::default();
    sheet.heading("#", &format!("Ethics protocol (draft): {}", record.title));
    sheet.text("Written from what is on record. It is no approval and no legal advice; whoever submits it answers for it and fills the gaps.");
    sheet.facts(&[("Challenge", record.url.clone()), ("Drafted on", record.drafted.to_string())]);

    sheet.heading("##", "1. What is studied");
    sheet.text(or_not_recorded(&record.summary));
    let tiers = [
        ("Measures that anybody may see", &[Privacy::Open, Privacy::TeamPublic][..]),
        ("Measures that anybody may see after disclosure control", &[Privacy::Aggregate]),
        ("Measures for researchers with an approved request", &[Privacy::Restricted]),
    ];
    for (title, classes) in tiers {
        let own = definitions().filter(|definition| classes.contains(&definition.privacy));
        let name = |definition: &Definition| format!("{}: {}", definition.id, definition.title);
        recorded(&mut sheet, title, own.map(name).collect());
    }

    sheet.heading("##", "2. Who the data are about");
    if record.datasets.is_empty() {
        sheet.text("Which data the challenge uses is not recorded.");
    }
    for dataset in &record.datasets {
        write_dataset(&mut sheet, dataset);
    }

    sheet.heading("##", "3. What is kept of those who take part");
    let field = |field: &CollectedField| {
        let needed = if field.is_required { "needed to take part" } else { "voluntary" };
        format!("{}: {} ({needed})", field.what, or_not_recorded(&field.purpose))
    };
    recorded(&mut sheet, "Kept", record.collected.iter().map(field).collect());

    sheet.heading("##", "4. Consent");
    sheet.text("Each purpose is asked for by itself, nothing is agreed to beforehand, and nothing in the competition depends on it.");
    if record.purposes.is_empty() {
        sheet.text("What people consent to is not recorded.");
    }
    for consent in &record.purposes {
        sheet.heading("###", &consent.purpose.replace('_', " "));
        sheet.facts(&[("Words in force", format!("version {}, {}", consent.version, consent.language))]);
        sheet.text(or_not_recorded(&consent.words));
    }

    sheet.heading("##", "5. Use by researchers");
    match &record.agreement {
        Some(agreement) => {
            sheet.facts(&[("Data use agreement", format!("version {}", agreement.version))]);
            sheet.text(or_not_recorded(&agreement.words));
        }
        None => sheet.text("An agreement on the use of data is not recorded."),
    }

    sheet.heading("##", "6. Protection");
    sheet.list(
        "What is published",
        &[
            format!("No number of fewer than {} people, and none from which one can be worked out.", record.least_people),
            "Small classes are merged, small cells and those that would give them away are hidden, and the table is audited before it is published.".to_owned(),
            "Rows for researchers carry a pseudonym that is good for one export.".to_owned(),
        ],
    );

    sheet.heading("##", "7. How long data are kept");
    sheet.text(or_not_recorded(record.retention.as_deref().unwrap_or_default()));
    sheet.text("Whoever withdraws is left out of all later exports and of later totals; those who were given a row are told which pseudonym to delete. Numbers that were published stay.");

    sheet.heading("##", "8. Questions that the record does not answer");
    for question in OPEN_QUESTIONS {
        sheet.heading("###", question);
        sheet.text(NOT_RECORDED);
    }
    sheet.written()
}

fn write_dataset(sheet: &mut Sheet, dataset: &ProtocolDataset) {
    sheet.heading("###", &dataset.name);
    let review = |review: &EthicsReview| {
        let reference = or_not_disclosed(&review.reference);
        let decided_on = review.decided_on.as_deref().unwrap_or(NOT_DISCLOSED);
        format!(
            "{}: {}; independence: {}; number: {reference}; day: {decided_on}",
            or_not_disclosed(&review.board),
            told(&review.decision),
            told(&review.independence)
        )
    };
    recorded(sheet, "Reviews of ethics", dataset.reviews.iter().map(review).collect());
    let site = |site: &ProtocolSite| {
        let people = site.participants.map_or_else(|| NOT_DISCLOSED.to_owned(), |people| people.to_string());
        format!(
            "{} ({}): people who recorded: {people}; what they got: {}; those who passed by: {}; seen by them before others: {}; covered by a review: {}",
            site.name,
            site.country.as_deref().unwrap_or(NOT_DISCLOSED),
            told(&site.compensation),
            told(&site.bystander_regime),
            told(&site.participant_review),
            if site.is_reviewed { "yes" } else { NOT_RECORDED }
        )
    };
    recorded(sheet, "Where people recorded", dataset.sites.iter().map(site).collect());
    let programme = |programme: &ProtocolProgramme| {
        let workers = match programme.workers {
            Some((least, most)) if least == most => least.to_string(),
            Some((least, most)) => format!("{least} to {most}"),
            None => NOT_DISCLOSED.to_owned(),
        };
        let wage = programme
            .living_wage_ratio
            .map_or_else(|| NOT_DISCLOSED.to_owned(), |ratio| format!("{ratio:.2}"));
        format!(
            "{} ({}): workers: {workers}; paid by: {}; contract: {}; pay over the living wage: {wage}",
            told(&programme.stage),
            programme.country.as_deref().unwrap_or(NOT_DISCLOSED),
            told(&programme.pay_basis),
            told(&programme.contract_form)
        )
    };
    recorded(sheet, "Who annotated", dataset.programmes.iter().map(programme).collect());
}

/// A list that is empty because nobody has put anything on record, which is not the same as not telling.
fn recorded(sheet: &mut Sheet, title: &str, items: Vec<String>) {
    match items.is_empty() {
        true => sheet.facts(&[(title, NOT_RECORDED.to_owned())]),
        false => sheet.list(title, &items),
    }
}

/// A code as people read it; codes that do not tell are not disclosed.
fn told(code: &str) -> String {
    match code {
        "" | "undisclosed" | "unknown" | domain::framing::NOT_DISCLOSED => NOT_DISCLOSED.to_owned(),
        code => code.replace('_', " "),
    }
}

fn or_not_recorded(text: &str) -> &str {
    if text.trim().is_empty() { NOT_RECORDED } else { text }
}

fn or_not_disclosed(text: &str) -> &str {
    if text.trim().is_empty() { NOT_DISCLOSED } else { text }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn empty() -> ProtocolRecord {
        ProtocolRecord {
            title: "Daily moments".into(),
            url: "https://bench.example.org/challenges/daily".into(),
            drafted: date(2026, 3, 5),
            summary: String::new(),
            datasets: Vec::new(),
            collected: Vec::new(),
            purposes: Vec::new(),
            agreement: None,
            retention: None,
            least_people: 5,
        }
    }

    fn full() -> ProtocolRecord {
        let text = |text: &str| text.to_owned();
        ProtocolRecord {
            summary: text("Find moments <b>of</b> an activity."),
            datasets: vec![ProtocolDataset {
                name: text("Daily"),
                reviews: vec![EthicsReview {
                    board: text("Board of the Example University"),
                    independence: text("institutional"),
                    decision: text("approved_with_conditions"),
                    reference: String::new(),
                    decided_on: Some(text("2019-08-01")),
                }],
                sites: vec![ProtocolSite {
                    name: text("Vienna"),
                    country: Some(text("AT")),
                    participants: None,
                    compensation: text("hourly"),
                    bystander_regime: text("not_disclosed"),
                    participant_review: text("unknown"),
                    is_reviewed: false,
                }],
                programmes: vec![ProtocolProgramme {
                    stage: text("benchmark_labels"),
                    country: None,
                    workers: Some((40, 60)),
                    pay_basis: text("per_item"),
                    contract_form: String::new(),
                    living_wage_ratio: Some(1.2),
                }],
            }],
            collected: vec![CollectedField {
                what: text("Affiliations"),
                purpose: text("counted in totals"),
                is_required: false,
            }],
            purposes: vec![ProtocolConsent {
                purpose: text("aggregate_stats"),
                version: 3,
                language: text("en"),
                words: text("I may be counted."),
            }],
            agreement: Some(Agreement { version: 2, words: text("Nobody is looked for.") }),
            retention: Some(text("24 months after the last edition, then totals alone.")),
            ..empty()
        }
    }

    #[test]
    fn what_is_on_record_is_written_with_its_versions() {
        let text = ethics_protocol(&full());
        for told in [
            "# Ethics protocol (draft): Daily moments",
            "Board of the Example University: approved with conditions; independence: institutional; number: not disclosed; day: 2019-08-01",
            "Vienna (AT): people who recorded: not disclosed; what they got: hourly; those who passed by: not disclosed; seen by them before others: not disclosed; covered by a review: not recorded",
            "benchmark labels (not disclosed): workers: 40 to 60; paid by: per item; contract: not disclosed; pay over the living wage: 1.20",
            "Affiliations: counted in totals (voluntary)",
            "### aggregate stats\n\n- **Words in force:** version 3, en\n\nI may be counted.",
            "24 months after the last edition",
            "P9: Hidden tries and retraction",
            "Find moments &lt;b&gt;of&lt;/b&gt; an activity.",
        ] {
            assert!(text.contains(told), "{told}\n{text}");
        }
    }

    #[test]
    fn every_gap_is_named_and_nothing_is_made_up() {
        let text = ethics_protocol(&empty());
        for gap in [
            "Which data the challenge uses is not recorded.",
            "- **Kept:** not recorded",
            "What people consent to is not recorded.",
            "An agreement on the use of data is not recorded.",
            "## 7. How long data are kept\n\nnot recorded",
        ] {
            assert!(text.contains(gap), "{gap}\n{text}");
        }
        assert!(!text.contains("approved with"), "{text}");
        let questions = text.split("## 8.").nth(1).unwrap();
        assert_eq!(questions.matches("not recorded").count(), OPEN_QUESTIONS.len());
    }

    #[test]
    fn a_dataset_without_a_review_says_so() {
        let mut record = full();
        record.datasets[0].reviews.clear();
        assert!(ethics_protocol(&record).contains("- **Reviews of ethics:** not recorded"));
    }
}
