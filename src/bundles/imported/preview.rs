//! What an import would make, for people: shown before anything is made.

use std::fmt;

use domain::phase::FinalChoice;
use serde::Serialize;

use super::{
    Audience, Computation, ImportedBoard, ImportedChallenge, ImportedMetric, ImportedPhase, Operation,
    Program, Task,
};
use crate::archive::{FileTree, Part};
use crate::fault::Findings;

/// A challenge in rows of names and values, under headings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// The title of the challenge.
    pub title: String,
    /// What will be there, part by part.
    pub sections: Vec<Section>,
    /// What is not as the bundle's author may expect, with its place.
    pub warnings: Vec<String>,
}

/// A part of a challenge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    /// Its heading.
    pub heading: String,
    /// What is said about it.
    pub rows: Vec<Row>,
}

/// One thing that is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// What it is about.
    pub name: &'static str,
    /// What it is.
    pub value: String,
}

/// Rows, of which those with nothing to say are left out.
#[derive(Default)]
struct Rows(Vec<Row>);

impl Rows {
    fn add(&mut self, name: &'static str, value: impl fmt::Display) {
        let value = value.to_string();
        if !value.is_empty() {
            self.0.push(Row { name, value });
        }
    }

    fn section(self, heading: impl Into<String>) -> Section {
        Section { heading: heading.into(), rows: self.0 }
    }
}

impl Preview {
    /// The preview of a challenge, with what was found while it was read.
    pub fn of(challenge: &ImportedChallenge, findings: &Findings) -> Self {
        let mut sections = vec![about(challenge)];
        sections.extend(challenge.phases.iter().map(|phase| phase_section(phase, &challenge.program)));
        match &challenge.program {
            Program::Evaluate { package, is_remote } => {
                let mut rows = Rows::default();
                rows.add(
                    "contract",
                    if *is_remote {
                        "evaluated by the organizers' own machines"
                    } else {
                        "evaluate() of a Python package"
                    },
                );
                rows.add("files", of_tree(package));
                sections.push(rows.section("Program"));
            }
            Program::Commands { tasks } => sections.extend(tasks.iter().map(task_section)),
        }
        let environment = &challenge.environment;
        let mut rows = Rows::default();
        rows.add("image", environment.image.as_deref().unwrap_or_default());
        rows.add("requirements", lines(environment.requirements.as_deref().unwrap_or_default()));
        rows.add("installed besides", environment.installs.join(", "));
        sections.push(rows.section("Environment"));
        for solution in &challenge.solutions {
            let mut rows = Rows::default();
            rows.add("description", &solution.description);
            rows.add(
                "tasks",
                solution
                    .tasks
                    .iter()
                    .map(|place| task_name(&challenge.program, *place))
                    .collect::<Vec<_>>()
                    .join(", "),
            );
            rows.add("files", of_tree(&solution.files));
            sections.push(rows.section(format!("Solution {}", solution.name)));
        }
        sections.retain(|section| !section.rows.is_empty());
        let warnings = findings.warnings.iter().map(ToString::to_string).collect();
        Self { title: challenge.title.as_str().to_owned(), sections, warnings }
    }
}

fn about(challenge: &ImportedChallenge) -> Section {
    let (entry, listing) = (&challenge.entry, &challenge.listing);
    let mut rows = Rows::default();
    rows.add("comes from", challenge.origin.label());
    rows.add("address", &challenge.slug);
    rows.add("summary", &challenge.summary);
    if let Some((start, end)) = listing.window {
        rows.add("window", format!("{start} to {end}"));
    }
    rows.add("pages", challenge.pages.iter().map(|page| page.title.as_str()).collect::<Vec<_>>().join(", "));
    rows.add("terms", format!("{} bytes", challenge.terms.text.len()));
    rows.add("picture", challenge.logo.as_ref().map(|logo| logo.name.as_str()).unwrap_or_default());
    rows.add(
        "registration",
        match (entry.is_open, entry.needs_approval) {
            (false, _) => "closed",
            (true, true) => "open, an organizer approves every team",
            (true, false) => "open",
        },
    );
    rows.add("team size", entry.team_max_size.map(|most| format!("at most {most}")).unwrap_or_default());
    rows.add("only from", entry.allowed_domains.join(", "));
    rows.add(
        "not from",
        entry.blocked_domains.iter().chain(&entry.banned_addresses).cloned().collect::<Vec<_>>().join(", "),
    );
    rows.add("names on boards", if challenge.has_anonymous_boards { "hidden" } else { "" });
    rows.add("tags", listing.tags.iter().chain(&listing.domain).cloned().collect::<Vec<_>>().join(", "));
    for prize in &listing.prizes {
        rows.add("prize", format!("{}. {} {}", prize.rank, prize.amount, prize.description).trim_end());
    }
    rows.add("prize", listing.reward.as_deref().unwrap_or_default());
    for sponsor in &listing.sponsors {
        rows.add("sponsor", format!("{} ({})", sponsor.name, sponsor.website));
    }
    rows.section("Challenge")
}

fn phase_section(phase: &ImportedPhase, program: &Program) -> Section {
    let mut rows = Rows::default();
    rows.add("short name", &phase.codename);
    match phase.closes_at {
        Some(closes_at) => rows.add("window", format!("{} to {closes_at}", phase.opens_at)),
        None => rows.add("window", format!("from {}, without an end", phase.opens_at)),
    }
    let quota = phase.quota;
    let limits = [
        (quota.per_day, "a day"),
        (quota.per_week, "a week"),
        (quota.per_month, "a month"),
        (quota.total, "in all"),
        (quota.concurrent, "at a time"),
    ];
    let limits = limits.into_iter().filter_map(|(limit, per)| Some(format!("{} {per}", limit?)));
    rows.add("submissions", limits.collect::<Vec<_>>().join(", "));
    rows.add("time limit", format!("{} s", phase.limits.seconds));
    rows.add(
        "counts",
        match phase.final_choice {
            FinalChoice::Best => "the best submission",
            FinalChoice::Latest => "the latest submission",
            FinalChoice::Chosen => "the submission that a team chooses",
        },
    );
    rows.add("shown", if phase.is_visible { "" } else { "to organizers only" });
    rows.add("boards", if phase.has_public_boards { "" } else { "not shown to participants" });
    rows.add("only for", phase.allowed_addresses.join(", "));
    if let Some(annotations) = &phase.annotations {
        rows.add("annotations", format!("{} ({} bytes)", annotations.name, annotations.bytes.len()));
    }
    rows.add(
        "tasks",
        phase.tasks.iter().map(|place| task_name(program, *place)).collect::<Vec<_>>().join(", "),
    );
    for file in &phase.public_files {
        rows.add("to download", format!("{}: {}", file.name, of_part(&file.content)));
    }
    for question in &phase.attributes {
        let need = if question.is_required { ", needed" } else { "" };
        rows.add("asked of teams", format!("{} ({}{need})", question.wire_name, question.spec().kind));
    }
    for board in &phase.boards {
        rows.add("board", of_board(board));
    }
    rows.section(format!("Phase {}", phase.title))
}

fn of_board(board: &ImportedBoard) -> String {
    let audience = match board.audience {
        Audience::Organizers => "organizers",
        Audience::Owners => "organizers, and each team its own",
        Audience::Everyone => "everyone",
    };
    let metrics: Vec<_> =
        board.metrics.iter().map(|metric| of_metric(metric, metric.spec.name == board.primary)).collect();
    format!("{} for {audience}: {}", board.title, metrics.join("; "))
}

fn of_metric(metric: &ImportedMetric, ranks: bool) -> String {
    let spec = &metric.spec;
    let mut said = vec![if spec.higher_is_better { "more is better" } else { "less is better" }.to_owned()];
    if ranks {
        said.insert(0, "ranks".to_owned());
    }
    said.push(format!("{} digits", spec.decimals));
    if let Some(Computation { operation, of }) = &metric.computation {
        let operation = match operation {
            Operation::Mean => "mean",
            Operation::Sum => "sum",
            Operation::Minimum => "least",
            Operation::Maximum => "largest",
            Operation::MeanRank => "mean rank",
        };
        said.push(format!("{operation} of {}", of.join(", ")));
    }
    if metric.is_hidden {
        said.push("hidden".to_owned());
    }
    format!("{} ({})", spec.label, said.join(", "))
}

fn task_name(program: &Program, place: usize) -> &str {
    match program {
        Program::Commands { tasks } => tasks.get(place).map_or("", |task| task.name.as_str()),
        Program::Evaluate { .. } => "",
    }
}

fn task_section(task: &Task) -> Section {
    let mut rows = Rows::default();
    rows.add("description", &task.description);
    rows.add("scores with", task.scoring.command.join(" "));
    rows.add("scoring program", of_tree(&task.scoring.files));
    if let Some(ingestion) = &task.ingestion {
        let when = if task.is_ingestion_while_scoring { "while scoring" } else { "while predicting" };
        rows.add("ingests with", format!("{} ({when})", ingestion.command.join(" ")));
        rows.add("ingestion program", of_tree(&ingestion.files));
    }
    rows.add("input data", task.input_data.as_ref().map(of_tree).unwrap_or_default());
    rows.add("reference data", task.reference_data.as_ref().map(of_tree).unwrap_or_default());
    rows.section(format!("Task {}", task.name))
}

fn of_tree(files: &FileTree) -> String {
    match files.len() {
        1 => format!("1 file, {} bytes", files.size_bytes()),
        several => format!("{several} files, {} bytes", files.size_bytes()),
    }
}

fn of_part(part: &Part) -> String {
    match part {
        Part::Tree(files) => of_tree(files),
        Part::File(bytes) => format!("{} bytes", bytes.len()),
    }
}

/// Lines of a text on one line.
fn lines(text: &str) -> String {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect::<Vec<_>>()
        .join(", ")
}

impl fmt::Display for Preview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.title)?;
        for section in &self.sections {
            writeln!(f, "\n{}", section.heading)?;
            for Row { name, value } in &section.rows {
                writeln!(f, "  {name}: {value}")?;
            }
        }
        if !self.warnings.is_empty() {
            writeln!(f, "\nWarnings")?;
        }
        self.warnings.iter().try_for_each(|warning| writeln!(f, "  {warning}"))
    }
}
