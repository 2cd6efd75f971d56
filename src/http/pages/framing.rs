//! How a phase frames what it counts: for everybody to read, and for its organizers to record.

use std::collections::BTreeSet;

use actix_multipart::Multipart;
use actix_web::{HttpResponse, web};
use app::framing::{
    Choice, FramingDetail, choices, difference, label_of, list_framings, propose_framing,
    propose_framing_of_file,
};
use app::phases::update::{PhaseChange, update_phase};
use app::{App, Failure, FieldError};
use askama::Template;
use domain::framing::{DecisionDraft, FramingDraft, Party, Told};

use super::chosen_file::chosen_file;
use super::chrome::{Chrome, Identity, page, refused_page};
use super::form::{Entered, Form};
use super::format::Moment;
use super::place::Place;
use super::redirect::{Done, see_other_done};
use super::viewer::Viewer;
use crate::problem::Problem;

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/challenges/{challenge}/phases/{phase}/framing", web::get().to(show_framing))
        .route("/challenges/{challenge}/phases/{phase}/framing", web::post().to(take_framing))
        .route("/challenges/{challenge}/phases/{phase}/framing/file", web::post().to(read_file));
}

/// How large a file with a framing may be, in bytes: more than any that people write.
const LARGEST_FILE: u64 = 4 << 20;

/// The coded fields, each with its vocabulary and its question.
const CODED: [(&str, &str, &str); 10] = [
    ("unit", "framing.unit", "What is scored?"),
    ("label_source", "framing.label_source", "Where do the labels come from?"),
    ("perspective", "perspective", "Whose reading is a label?"),
    ("temporal_direction", "framing.temporal_direction", "Past, present or future?"),
    ("negative_rule", "framing.negative_rule", "What counts as a negative?"),
    ("ambiguity_policy", "framing.ambiguity_policy", "What becomes of items that people read differently?"),
    ("imagined_application", "imagined_application", "What is it imagined to be good for?"),
    ("decider_role", "decider_role", "Who decides this?"),
    ("authority_basis", "authority_basis", "On what ground could you decide this?"),
    ("rationale_code", "rationale", "Why was it decided so?"),
];

/// The questions that are answered with yes or no.
const TOLD: [(&str, &str); 4] = [
    ("intent_recorded", "Are the intentions of those who are seen recorded?"),
    ("affect_recorded", "Are their feelings recorded?"),
    ("speech_recorded", "Is what they say recorded?"),
    ("closed_world", "Does what has no label count as absent?"),
];

/// The texts.
const TEXTS: [(&str, &str); 7] = [
    ("stated_goal", "What is the task to achieve?"),
    ("goal_source", "Where is that said? An address or a citation."),
    ("instance_rule", "What makes one instance?"),
    ("imagined_user", "For whom?"),
    ("rationale", "Why was it decided so, in words?"),
    ("alternatives", "What else could have been decided? One thing a line."),
    ("parties", "Who else had a part in it, or none? One a line, as in annotator:affected_not_informed."),
];

/// What the names of the boxes for reasons begin with.
const UNSCOREABLE: &str = "unscoreable.";

#[derive(Template)]
#[template(path = "framing.html")]
struct FramingPage<'a> {
    chrome: Chrome,
    place: &'a Place,
    facts: Vec<(String, String)>,
    versions: Vec<VersionView>,
    questions: Vec<Question>,
    reasons: Vec<Choice>,
    texts: &'static [(&'static str, &'static str)],
    form: Form,
    /// What the form was filled from, where that was a file.
    filled_from: Option<String>,
}

struct Question {
    name: &'static str,
    text: &'static str,
    choices: Vec<Choice>,
}

/// One version, newest first.
struct VersionView {
    version: i32,
    recorded: Moment,
    kind: String,
    decider: String,
    authority: String,
    rationale: String,
    changes: Vec<String>,
}

async fn show_framing(
    app: web::Data<App>,
    viewer: Viewer,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let place = Place::read(&app, &viewer.actor, &path.0, &path.1).await?;
    let all = list_framings(&app, &viewer.actor, &path.0, &path.1).await?;
    let form = match all.last() {
        _ if !place.manages => Form::default(),
        Some(last) => Form::filled(entered_of(&last.full.draft)),
        None => Form::filled(entered_of(&propose_framing(&app, &viewer.actor, &path.0, &path.1).await?)),
    };
    page(&lay_out(&app, viewer.chrome, &place, &all, form))
}

async fn take_framing(
    app: web::Data<App>,
    viewer: Viewer,
    path: web::Path<(String, String)>,
    entered: web::Form<Entered>,
) -> Result<HttpResponse, Problem> {
    let entered = entered.into_inner();
    let place = Place::read(&app, &viewer.actor, &path.0, &path.1).await?;
    let taken = match draft_of(&entered) {
        Ok(framing) => {
            let change = PhaseChange { framing: Some(Box::new(framing)), ..PhaseChange::default() };
            update_phase(&app, &viewer.actor, &path.0, &path.1, change).await
        }
        Err(failure) => Err(failure),
    };
    match taken {
        Ok(()) => Ok(see_other_done(&format!("{}/framing", place.phase_address), Done::Framed)),
        Err(failure) if !place.manages => viewer.refuse(failure),
        Err(failure) if failure.code.status() >= 500 => Err(failure.into()),
        Err(failure) => {
            let failure = in_form_terms(failure);
            let all = list_framings(&app, &viewer.actor, &path.0, &path.1).await?;
            let known: Vec<&str> = known_fields().collect();
            let form = Form::refused(entered, &failure, &known);
            refused_page(&failure, &lay_out(&app, viewer.chrome, &place, &all, form))
        }
    }
}

/// Fills in what a file says, for its organizer to look at and record.
async fn read_file(
    app: web::Data<App>,
    viewer: Viewer,
    path: web::Path<(String, String)>,
    parts: Multipart,
) -> Result<HttpResponse, Problem> {
    let place = Place::read(&app, &viewer.actor, &path.0, &path.1).await?;
    let proposal = match propose_framing(&app, &viewer.actor, &path.0, &path.1).await {
        Ok(proposal) => proposal,
        Err(failure) => return viewer.refuse(failure),
    };
    let all = list_framings(&app, &viewer.actor, &path.0, &path.1).await?;
    let read = async {
        let (name, bytes) = chosen_file(parts, "file", LARGEST_FILE).await?;
        let read = propose_framing_of_file(&app, &viewer.actor, &path.0, &path.1, &bytes).await?;
        Ok::<_, Failure>((name, read))
    };
    match read.await {
        Ok((name, read)) => {
            let count = read.said.len();
            let filled =
                format!("{count} {} come from {name}.", if count == 1 { "answer" } else { "answers" });
            let form = Form::filled(entered_of(&read.framing));
            let laid_out = lay_out(&app, viewer.chrome, &place, &all, form);
            page(&FramingPage { filled_from: Some(filled), ..laid_out })
        }
        Err(failure) if failure.code.status() >= 500 => Err(failure.into()),
        Err(failure) => {
            let form = Form::refused(entered_of(&proposal), &failure, &[]);
            refused_page(&failure, &lay_out(&app, viewer.chrome, &place, &all, form))
        }
    }
}

fn known_fields() -> impl Iterator<Item = &'static str> {
    let coded = CODED.iter().map(|(name, ..)| *name);
    coded
        .chain(TOLD.iter().map(|(name, _)| *name))
        .chain(TEXTS.iter().map(|(name, _)| *name))
        .chain(["label_count"])
}

/// A form has no inner structures: `framing.decision.rationale` is its `rationale`.
fn in_form_terms(mut failure: Failure) -> Failure {
    for FieldError { field, .. } in &mut failure.errors {
        if let Some((_, last)) = field.rsplit_once('.') {
            *field = last.to_owned();
        }
    }
    failure
}

fn lay_out<'a>(
    app: &App,
    chrome: Chrome,
    place: &'a Place,
    all: &[FramingDetail],
    form: Form,
) -> FramingPage<'a> {
    let coded =
        CODED.iter().map(|(name, vocabulary, text)| Question { name, text, choices: choices(vocabulary) });
    let told = TOLD.iter().map(|(name, text)| Question {
        name,
        text,
        choices: [Told::Yes, Told::No, Told::NotDisclosed]
            .map(|answer| Choice {
                code: answer.as_str().to_owned(),
                label: answer.as_str().replace('_', " "),
            })
            .to_vec(),
    });
    let mut reasons = choices("framing.unscoreable");
    // A list holds what is known.
    reasons.pop();
    for reason in &mut reasons {
        reason.code.insert_str(0, UNSCOREABLE);
    }
    FramingPage {
        chrome,
        facts: all.last().map(|last| facts(&last.full.draft)).unwrap_or_default(),
        versions: versions(app, all),
        questions: coded.chain(told).collect(),
        reasons,
        texts: &TEXTS,
        form,
        filled_from: None,
        place,
    }
}

/// What a framing says, as questions and answers.
pub(super) fn facts(draft: &FramingDraft) -> Vec<(String, String)> {
    let label = |vocabulary: &str, code: &str| label_of(vocabulary, code);
    let told = |answer: Told| answer.as_str().replace('_', " ");
    let unscoreable: Vec<String> =
        draft.unscoreable.iter().map(|code| label("framing.unscoreable", code)).collect();
    let mut facts = vec![
        ("What is scored", label("framing.unit", &draft.unit)),
        ("One instance", draft.instance_rule.clone()),
        ("Labels come from", label("framing.label_source", &draft.label_source)),
        (
            "Number of labels",
            draft.label_count.map_or_else(|| "not disclosed".into(), |count| count.to_string()),
        ),
        ("Whose reading a label is", label("perspective", &draft.perspective)),
        ("Intentions recorded", told(draft.intent_recorded)),
        ("Feelings recorded", told(draft.affect_recorded)),
        ("Speech recorded", told(draft.speech_recorded)),
        ("Direction in time", label("framing.temporal_direction", &draft.temporal_direction)),
        ("No label counts as absent", told(draft.closed_world)),
        ("Negatives", label("framing.negative_rule", &draft.negative_rule)),
        ("Items that are read differently", label("framing.ambiguity_policy", &draft.ambiguity_policy)),
        ("Cannot be scored", unscoreable.join(", ")),
        ("Stated goal", draft.stated_goal.clone()),
        ("Source of the goal", draft.goal_source.clone()),
        ("Imagined for", draft.imagined_user.clone()),
        ("Imagined application", label("imagined_application", &draft.imagined_application)),
    ];
    for (_, value) in &mut facts {
        if value.is_empty() {
            *value = "not disclosed".to_owned();
        }
    }
    facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn versions(app: &App, all: &[FramingDetail]) -> Vec<VersionView> {
    let view = |(index, detail): (usize, &FramingDetail)| {
        let decision = &detail.full.decision;
        let before = index.checked_sub(1).and_then(|before| all.get(before));
        let changes = before.map(|before| difference(&before.full, &detail.full)).unwrap_or_default();
        VersionView {
            version: detail.full.framing.version,
            recorded: Moment::new(app, decision.recorded_at),
            kind: label_of("decision.kind", &decision.kind),
            decider: label_of("decider_role", &decision.decider_role),
            authority: label_of("authority_basis", &decision.authority_basis),
            rationale: match decision.rationale.as_str() {
                "" => label_of("rationale", &decision.rationale_code),
                words => format!("{}: {words}", label_of("rationale", &decision.rationale_code)),
            },
            changes: changes.into_iter().map(|(field, from, to)| format!("{field}: {from} → {to}")).collect(),
        }
    };
    let mut views: Vec<VersionView> = all.iter().enumerate().map(view).collect();
    views.reverse();
    views
}

/// What the form shows of a framing.
fn entered_of(draft: &FramingDraft) -> Entered {
    let decision = &draft.decision;
    let mut entered: Entered = [
        ("unit", &draft.unit),
        ("label_source", &draft.label_source),
        ("perspective", &draft.perspective),
        ("temporal_direction", &draft.temporal_direction),
        ("negative_rule", &draft.negative_rule),
        ("ambiguity_policy", &draft.ambiguity_policy),
        ("imagined_application", &draft.imagined_application),
        ("decider_role", &decision.decider_role),
        ("authority_basis", &decision.authority_basis),
        ("rationale_code", &decision.rationale_code),
        ("stated_goal", &draft.stated_goal),
        ("goal_source", &draft.goal_source),
        ("instance_rule", &draft.instance_rule),
        ("imagined_user", &draft.imagined_user),
        ("rationale", &decision.rationale),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.clone()))
    .collect();
    for (name, answer) in [
        ("intent_recorded", draft.intent_recorded),
        ("affect_recorded", draft.affect_recorded),
        ("speech_recorded", draft.speech_recorded),
        ("closed_world", draft.closed_world),
    ] {
        entered.insert(name.to_owned(), answer.as_str().to_owned());
    }
    let parties: Vec<String> =
        decision.parties.iter().map(|party| format!("{}:{}", party.role, party.involvement)).collect();
    entered.insert("parties".to_owned(), parties.join("\n"));
    entered.insert("alternatives".to_owned(), decision.alternatives.join("\n"));
    if let Some(count) = draft.label_count {
        entered.insert("label_count".to_owned(), count.to_string());
    }
    entered.extend(draft.unscoreable.iter().map(|code| (format!("{UNSCOREABLE}{code}"), "on".to_owned())));
    entered
}

/// The framing that a form says.
fn draft_of(entered: &Entered) -> Result<FramingDraft, Failure> {
    let text = |name: &str| entered.get(name).map(|value| value.trim().to_owned()).unwrap_or_default();
    let told = |name: &str| {
        Told::parse(&text(name))
            .map_err(|invalid| Failure::invalid_fields(vec![FieldError::new(name, invalid.rule)]))
    };
    let label_count = match text("label_count").as_str() {
        "" => None,
        count => Some(count.parse().map_err(|_| {
            Failure::invalid_fields(vec![FieldError::new("label_count", "must be a whole number, or empty")])
        })?),
    };
    let parties = text("parties");
    let parties = lines(&parties).map(|line| match line.split_once(':') {
        Some((role, involvement)) => {
            Ok(Party { role: role.trim().to_owned(), involvement: involvement.trim().to_owned() })
        }
        None => Err(Failure::invalid_fields(vec![FieldError::new(
            "parties",
            "must be role:involvement in each line",
        )])),
    });
    let unscoreable: BTreeSet<String> =
        entered.keys().filter_map(|key| key.strip_prefix(UNSCOREABLE)).map(str::to_owned).collect();
    Ok(FramingDraft {
        unit: text("unit"),
        instance_rule: text("instance_rule"),
        label_source: text("label_source"),
        label_count,
        perspective: text("perspective"),
        intent_recorded: told("intent_recorded")?,
        affect_recorded: told("affect_recorded")?,
        speech_recorded: told("speech_recorded")?,
        temporal_direction: text("temporal_direction"),
        closed_world: told("closed_world")?,
        negative_rule: text("negative_rule"),
        ambiguity_policy: text("ambiguity_policy"),
        imagined_user: text("imagined_user"),
        imagined_application: text("imagined_application"),
        stated_goal: text("stated_goal"),
        goal_source: text("goal_source"),
        unscoreable,
        decision: DecisionDraft {
            authority_basis: text("authority_basis"),
            rationale_code: text("rationale_code"),
            rationale: text("rationale"),
            decider_role: text("decider_role"),
            alternatives: lines(&text("alternatives")).map(str::to_owned).collect(),
            parties: parties.collect::<Result<_, _>>()?,
            decided_at: None,
        },
    })
}

/// The lines of a text that hold something.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}
