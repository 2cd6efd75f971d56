//! Version 2: tasks beside phases, one or more leaderboards, solutions, a fact sheet.

use std::collections::BTreeMap;

use domain::Title;

use super::Context;
use super::board::{self, Leaderboard};
use super::data::is_uuid;
use super::phases::{self, Window};
use crate::archive::Part;
use crate::imported::{
    AnswerKind, AttributeQuestion, EntryRules, ImportedChallenge, ImportedPhase, Listing, Origin, Page,
    Program, PublicFile, Solution, Task,
};
use crate::names;
use crate::yaml::{Item, Table};

pub(super) fn read(root: &Table<'_>, context: &Context<'_>) -> Option<ImportedChallenge> {
    let title = title(root);
    let mut pages = pages(root, context);
    let terms = terms(root, context);
    let logo = context.image(root);
    let environment = context.environment(root, "docker_image");
    let summary = context.summary(root, &mut pages);
    let tasks = read_tasks(root, context);
    let solutions = read_solutions(root, context, &tasks);
    let attributes = fact_sheet(root);
    let leaderboard = board::read_v2(root);
    let phases = read_phases(root, context, &tasks, leaderboard.as_ref(), &attributes);
    warn_of_unused(root);

    let needs_approval = !root.flag("registration_auto_approve").unwrap_or(false);
    let title = title?;
    Some(ImportedChallenge {
        origin: Origin::Codabench2,
        slug: names::slug(title.as_str())?,
        title,
        summary,
        pages,
        terms: terms?,
        logo: Some(logo?),
        wants_publication: false,
        entry: EntryRules { needs_approval, ..EntryRules::default() },
        has_anonymous_boards: false,
        listing: Listing {
            wants_forum: root.flag("forum_enabled").unwrap_or(true),
            contact: root.text("contact_email").map(str::to_owned),
            reward: root.text("reward").map(str::to_owned),
            ..Listing::default()
        },
        wants_detailed_results: root.flag("enable_detailed_results").unwrap_or(false),
        phases: phases?,
        program: Program::Commands { tasks: tasks.list },
        environment,
        solutions: solutions?,
    })
}

/// The heading of a competition of either version.
pub(super) fn title(root: &Table<'_>) -> Option<Title> {
    let Some(item) = root.get("title") else {
        root.fault("title: This field is required.");
        return None;
    };
    let text = root.text("title")?;
    Title::parse(text).map_err(|invalid| item.fault(format!("title: {}", invalid.rule))).ok()
}

fn pages(root: &Table<'_>, context: &Context<'_>) -> Vec<Page> {
    let items = root.list("pages");
    if items.is_empty() {
        root.fault("pages: there must be at least one page, with a title and a file");
    }
    let read = items.into_iter().filter_map(|item| {
        let page = item.table("")?;
        let title = page.text("title").unwrap_or("Page");
        let Some(file) = page.get("file") else {
            item.fault("Unable to find page: None");
            return None;
        };
        let named = page.text("file")?;
        let missing = format!("Unable to find page: {named}");
        let empty = format!("Page '{named}' is empty, it must contain content.");
        context.page(&file, title, &missing, &empty)
    });
    read.collect()
}

fn terms(root: &Table<'_>, context: &Context<'_>) -> Option<Page> {
    let Some(item) = root.get("terms") else {
        root.fault(
            "A file containing the terms of this competition has not been supplied in the required location",
        );
        return None;
    };
    let named = root.text("terms")?;
    let missing = format!("Unable to find page: {named}");
    context.page(&item, "Terms", &missing, &format!("{named} is empty, it must contain content."))
}

/// Tasks, and where each index is in their list; what was refused is there without a place.
struct Tasks {
    list: Vec<Task>,
    by_index: BTreeMap<i64, Option<usize>>,
}

fn read_tasks(root: &Table<'_>, context: &Context<'_>) -> Tasks {
    let mut tasks = Tasks { list: Vec::new(), by_index: BTreeMap::new() };
    let items = root.list("tasks");
    if items.is_empty() {
        root.fault("No tasks listed in this competition");
    }
    for item in items {
        let Some(table) = item.table("") else { continue };
        let name = table.text("name").or_else(|| table.text("key"));
        if table.get("index").is_none() {
            item.fault(format!("ERROR: No index for task: {}", name.unwrap_or("None")));
        }
        let Some(index) = table.integer("index") else { continue };
        if tasks.by_index.contains_key(&index) {
            item.fault(format!("ERROR: Duplicate task indexes. Index: {index}"));
            continue;
        }
        let task = read_task(&item, &table, index, context);
        let place = task.is_some().then_some(tasks.list.len());
        tasks.by_index.insert(index, place);
        tasks.list.extend(task);
    }
    tasks
}

fn read_task(item: &Item<'_>, table: &Table<'_>, index: i64, context: &Context<'_>) -> Option<Task> {
    if let Some(key) = table.get("key") {
        key.fault(format!(
            "task {}: refers to a file stored on another CodaLab site. Put the file into the bundle.",
            key.text().unwrap_or("?")
        ));
        return None;
    }
    let name = table.text("name").map(str::to_owned).unwrap_or_else(|| index.to_string());
    if table.get("scoring_program").is_none() {
        item.fault(format!("ERROR: Task \"{name}\" does not have a scoring program"));
    }
    let scoring = context.program(table, "scoring_program");
    let ingestion = context.program(table, "ingestion_program");
    let input_data = context.tree(table, "input_data");
    let reference_data = context.tree(table, "reference_data");
    Some(Task {
        config_id: index,
        name,
        description: table.text("description").unwrap_or_default().to_owned(),
        scoring: scoring?,
        ingestion,
        is_ingestion_while_scoring: table.flag("ingestion_only_during_scoring").unwrap_or(false),
        input_data,
        reference_data,
    })
}

/// The places of the tasks that a list of indexes names; absent when one does not exist, or was refused.
fn task_places(list: &Item<'_>, tasks: &Tasks, unknown: impl Fn(&str) -> String) -> Option<Vec<usize>> {
    let mut places = Some(Vec::new());
    for item in list.list() {
        let named = item.text().unwrap_or("None");
        let index = named.trim().parse::<i64>().ok();
        let place = match index.and_then(|index| tasks.by_index.get(&index)) {
            Some(place) => *place,
            None if is_uuid(named) => {
                item.fault(format!(
                    "task {named}: refers to a file stored on another CodaLab site. Put the file into the bundle."
                ));
                None
            }
            None => {
                item.fault(unknown(named));
                None
            }
        };
        places = places.zip(place).map(|(mut places, place)| {
            places.push(place);
            places
        });
    }
    places
}

fn read_solutions(root: &Table<'_>, context: &Context<'_>, tasks: &Tasks) -> Option<Vec<Solution>> {
    let mut solutions = Some(Vec::new());
    let mut indexes = Vec::new();
    for item in root.list("solutions") {
        let solution = read_solution(&item, context, tasks, &mut indexes);
        solutions = solutions.zip(solution).map(|(mut solutions, solution)| {
            solutions.push(solution);
            solutions
        });
    }
    solutions
}

fn read_solution(
    item: &Item<'_>,
    context: &Context<'_>,
    tasks: &Tasks,
    indexes: &mut Vec<i64>,
) -> Option<Solution> {
    let table = item.table("")?;
    let shown = table.text("name").or_else(|| table.text("key")).unwrap_or("None");
    if table.get("index").is_none() {
        item.fault(format!("ERROR: No index for solution: {shown}"));
    }
    if let Some(index) = table.integer("index") {
        if indexes.contains(&index) {
            item.fault(format!("ERROR: Duplicate solution indexes. Index: {index}"));
        }
        indexes.push(index);
    }
    let Some(list) = table.get("tasks") else {
        item.fault(format!("Could not find tasks for solution: {shown}"));
        return None;
    };
    let places =
        task_places(&list, tasks, |_| format!("ERROR: Solution: {shown} missing task index pointers"));
    if let Some(key) = table.get("key") {
        key.fault(format!(
            "solution {}: refers to a file stored on another CodaLab site. Put the file into the bundle.",
            key.text().unwrap_or("?")
        ));
        return None;
    }
    if table.get("path").is_none() {
        item.fault(format!("Solution {shown} missing \"path\""));
    }
    let files = context.solution(&table, "path")?;
    let name = table.text("name").or_else(|| table.text("path")).unwrap_or("solution").to_owned();
    let description = table.text("description").unwrap_or_default().to_owned();
    Some(Solution { name, description, tasks: places?, files })
}

fn fact_sheet(root: &Table<'_>) -> Vec<AttributeQuestion> {
    const KEYS: [&str; 6] = ["key", "type", "title", "selection", "is_required", "is_on_leaderboard"];
    let Some(sheet) = root.get("fact_sheet").and_then(|item| item.table("")) else { return Vec::new() };
    let mut questions: Vec<AttributeQuestion> = Vec::new();
    for (key, item) in sheet.entries() {
        let Some(table) = item.table("") else { continue };
        let has_all = KEYS.iter().all(|key| table.has(key));
        if !has_all || table.entries().any(|(key, _)| !KEYS.contains(&key)) {
            item.fault(format!("a question of the fact sheet has exactly the keys {}", KEYS.join(", ")));
            continue;
        }
        let options: Vec<String> =
            table.texts("selection").into_iter().filter(|option| !option.is_empty()).collect();
        let kind = match table.text("type").unwrap_or_default() {
            "checkbox" => AnswerKind::Boolean,
            "text" => AnswerKind::Text,
            "select" if options.is_empty() || options.len() > 200 => {
                item.fault("a question of type select has 1 to 200 answers in `selection`");
                continue;
            }
            "select" => AnswerKind::One(options),
            other => {
                item.fault(format!("type: \"{other}\" is not a valid choice (checkbox, text, select)"));
                continue;
            }
        };
        let wire_name = table.text("key").unwrap_or(key);
        questions.push(AttributeQuestion {
            wire_name: wire_name.to_owned(),
            name: names::attribute(wire_name, questions.iter().map(|other| other.name.as_str())),
            description: table.text("title").unwrap_or_default().to_owned(),
            kind,
            is_required: table.flag("is_required").unwrap_or(false),
            is_on_board: table.flag("is_on_leaderboard").unwrap_or(false),
        });
    }
    questions
}

fn read_phases(
    root: &Table<'_>,
    context: &Context<'_>,
    tasks: &Tasks,
    leaderboard: Option<&Leaderboard>,
    attributes: &[AttributeQuestion],
) -> Option<Vec<ImportedPhase>> {
    let declared = root.list("phases").into_iter().filter_map(|item| Some((item.table("")?, item)));
    let mut items: Vec<_> = (0..)
        .zip(declared)
        .map(|(place, (table, item))| (table.integer("index").unwrap_or(place), table, item))
        .collect();
    if items.is_empty() {
        root.fault("Unable to find any phases for this competition");
    }
    let total = items.len();
    items.sort_by_key(|(index, ..)| *index);
    let mut windows = Vec::new();
    let mut phases: Vec<ImportedPhase> = Vec::new();
    for (index, (_, table, item)) in items.iter().enumerate() {
        let window = read_window(table, item);
        phases::warn_of_migration(table, "auto_migrate_to_this_phase", index == 0);
        let quota = phases::quota(table);
        let limits = phases::limits(table);
        let mut public_files = context.public_files(table);
        let places = match table.get("tasks") {
            Some(list) if !table.list("tasks").is_empty() => task_places(&list, tasks, |named| {
                format!("the phase runs task {named}, which does not exist")
            }),
            _ => {
                item.fault("Phases must contain at least one task to be valid");
                None
            }
        };
        let Some(window) = window else { continue };
        let (name, start, end) = (window.name.clone(), window.start, window.end);
        windows.push(window);
        let (Some(places), Some(leaderboard)) = (places, leaderboard) else { continue };
        public_files.extend(published(root, &places, tasks));
        let Ok(title) = Title::parse(&name) else {
            item.fault(format!("the name {name:?} is no heading of one line"));
            continue;
        };
        phases.push(ImportedPhase {
            config_id: i64::try_from(index).unwrap_or(i64::MAX),
            codename: names::codename(&name, phases.iter().map(|phase| &phase.codename))?,
            wire_name: name,
            title,
            description: phases::description(table),
            opens_at: start,
            closes_at: end,
            quota,
            limits,
            final_choice: leaderboard.final_choice,
            attributes: attributes.to_vec(),
            is_visible: true,
            has_public_boards: true,
            has_public_submissions: false,
            file_types: vec![".zip".to_owned()],
            allowed_addresses: Vec::new(),
            annotations: None,
            public_files,
            boards: vec![leaderboard.board.clone()],
            tasks: places,
        });
    }
    phases::check_order(&windows);
    (phases.len() == total && total > 0).then_some(phases)
}

fn read_window<'a>(table: &Table<'a>, item: &Item<'a>) -> Option<Window<'a>> {
    let name = table.text("name").filter(|name| !name.trim().is_empty());
    if name.is_none() {
        item.fault("name: This field is required.");
    }
    if table.get("start").is_none() {
        item.fault("start: This field is required.");
    }
    let (start, end) = (table.moment("start"), table.moment("end"));
    Some(Window { item: item.clone(), name: name?.to_owned(), start: start?, end })
}

/// What the competition opens to participants of a phase.
fn published(root: &Table<'_>, places: &[usize], tasks: &Tasks) -> Vec<PublicFile> {
    let programs = root.flag("make_programs_available").unwrap_or(false);
    let input = root.flag("make_input_data_available").unwrap_or(false);
    let mut files = Vec::new();
    for task in places.iter().filter_map(|place| tasks.list.get(*place)) {
        let named = [
            ("scoring_program", Some(&task.scoring.files).filter(|_| programs)),
            ("ingestion_program", task.ingestion.as_ref().map(|program| &program.files).filter(|_| programs)),
            ("input_data", task.input_data.as_ref().filter(|_| input)),
        ];
        files.extend(named.into_iter().filter_map(|(what, tree)| {
            let content = Part::Tree(tree?.clone());
            Some(PublicFile { name: format!("{} {what}", task.name), content })
        }));
    }
    files
}

fn warn_of_unused(root: &Table<'_>) {
    if let Some(item) = root.get("queue") {
        item.warn("queue is about Codabench's own servers and is not used here");
    }
    if root.flag("auto_run_submissions") == Some(false)
        && let Some(item) = root.get("auto_run_submissions")
    {
        item.warn("submissions run as soon as they arrive, without an organizer's word");
    }
}
