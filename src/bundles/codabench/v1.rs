//! Versions 1 and 1.5 (CodaLab): phases that hold their own programs and data, pages under `html`.

use domain::Title;
use domain::phase::FinalChoice;

use super::Context;
use super::board::{self, Column};
use super::phases::{self, Window};
use super::v2::title;
use crate::imported::{
    EntryRules, ImportedBoard, ImportedChallenge, ImportedPhase, Listing, Operation, Origin, Page, Program,
    Task,
};
use crate::names;
use crate::yaml::{Item, Table};

/// A day: upstream ends a phase that long before the next begins.
const DAY: i64 = 86_400;

pub(super) fn read(root: &Table<'_>, context: &Context<'_>) -> Option<ImportedChallenge> {
    let title = title(root);
    let (mut pages, terms) = pages(root, context);
    let logo = context.image(root);
    let environment = context.environment(root, "competition_docker_image");
    let summary = context.summary(root, &mut pages);
    let board = read_board(root);
    let phases = read_phases(root, context, board.as_ref());
    warn_of_unused(root);

    let title = title?;
    let (phases, tasks) = phases?;
    Some(ImportedChallenge {
        origin: Origin::CodaLab15,
        slug: names::slug(title.as_str())?,
        title,
        summary,
        pages,
        terms: terms?,
        logo: Some(logo?),
        wants_publication: false,
        entry: EntryRules {
            needs_approval: root.flag("has_registration").unwrap_or(true),
            ..EntryRules::default()
        },
        has_anonymous_boards: false,
        listing: Listing { wants_forum: true, ..Listing::default() },
        wants_detailed_results: root.flag("enable_detailed_results").unwrap_or(false),
        phases,
        program: Program::Commands { tasks },
        environment,
        solutions: Vec::new(),
    })
}

fn pages(root: &Table<'_>, context: &Context<'_>) -> (Vec<Page>, Option<Page>) {
    let Some(html) = root.get("html") else {
        root.fault("HTML pages could not be found in the yaml file");
        return (Vec::new(), None);
    };
    let Some(table) = html.table("") else { return (Vec::new(), None) };
    if table.get("terms").is_none() {
        html.fault(
            "A file containing the terms of the competition could not be located for this competition",
        );
    }
    let mut terms = None;
    let mut pages = Vec::new();
    for (name, item) in table.entries().filter(|(_, item)| !item.node.is_null()) {
        let missing = format!("Could not find file for page: {name}");
        let page =
            context.page(&item, name, &missing, &format!("Page '{name}' is empty, it must contain content."));
        if name == "terms" {
            terms = page;
        } else {
            pages.extend(page);
        }
    }
    (pages, terms)
}

type PhasesAndTasks = (Vec<ImportedPhase>, Vec<Task>);

fn read_phases(
    root: &Table<'_>,
    context: &Context<'_>,
    board: Option<&ImportedBoard>,
) -> Option<PhasesAndTasks> {
    let Some(item) = root.get("phases") else {
        root.fault("No phases could be found for this competition");
        return None;
    };
    let mut items = in_order(&item)?;
    let is_18 = |table: &Table<'_>| {
        table.flag("is_parallel_parent") == Some(true) || table.get("parent_phasenumber").is_some()
    };
    if items.iter().any(|(_, table, _)| is_18(table)) {
        let (_, _, parent) = items.remove(0);
        parent.warn("the parent of parallel phases is left out, as Codabench does; its children are phases of their own");
    }
    if items.is_empty() {
        item.fault("No phases could be found for this competition");
        return None;
    }
    let windows = windows(root, &items);
    let total = items.len();
    let (mut phases, mut tasks): PhasesAndTasks = (Vec::new(), Vec::new());
    for (index, (_, table, item)) in items.iter().enumerate() {
        // What was the second phase before a parent was left out may well say so.
        phases::warn_of_migration(table, "auto_migration", false);
        let (quota, limits) = (phases::quota(table), phases::limits(table));
        let public_files = context.public_files(table);
        let task = read_task(item, table, tasks.len(), context);
        let Some(window) = windows.get(index).and_then(Option::as_ref) else { continue };
        let (Some(task), Some(board)) = (task, board) else { continue };
        let Ok(title) = Title::parse(&window.name) else {
            item.fault(format!("the label {:?} is no heading of one line", window.name));
            continue;
        };
        phases.push(ImportedPhase {
            config_id: i64::try_from(index).unwrap_or(i64::MAX),
            codename: names::codename(&window.name, phases.iter().map(|phase| &phase.codename))?,
            wire_name: window.name.clone(),
            title,
            description: phases::description(table),
            opens_at: window.start,
            closes_at: window.end,
            quota,
            limits,
            final_choice: FinalChoice::Chosen,
            attributes: Vec::new(),
            is_visible: true,
            has_public_boards: true,
            has_public_submissions: false,
            file_types: vec![".zip".to_owned()],
            allowed_addresses: Vec::new(),
            annotations: None,
            public_files,
            boards: vec![board.clone()],
            tasks: vec![tasks.len()],
        });
        tasks.push(task);
    }
    let ordered: Vec<_> = windows.into_iter().flatten().collect();
    phases::check_order(&ordered);
    (phases.len() == total).then_some((phases, tasks))
}

/// The phases by their numbers: a mapping upstream, whose keys mean nothing.
fn in_order<'a>(item: &Item<'a>) -> Option<Vec<(i64, Table<'a>, Item<'a>)>> {
    let mut phases = Vec::new();
    for (key, item) in item.table("")?.entries() {
        let Some(table) = item.table("") else { continue };
        if table.get("phasenumber").is_none() {
            item.fault("phasenumber: This field is required.");
        }
        let number = table.integer("phasenumber").or_else(|| key.parse().ok()).unwrap_or(i64::MAX);
        phases.push((number, table, item));
    }
    phases.sort_by_key(|(number, ..)| *number);
    Some(phases)
}

/// Phases have no end of their own: each ends a day before the next begins, the last when the competition does.
fn windows<'a>(root: &Table<'_>, phases: &[(i64, Table<'a>, Item<'a>)]) -> Vec<Option<Window<'a>>> {
    let last_end = match root.get("end_date").map(|item| item.text().unwrap_or_default()) {
        None | Some("" | "null") => None,
        Some(_) => root.moment("end_date"),
    };
    let mut windows: Vec<Option<Window<'a>>> = Vec::new();
    for (_, table, item) in phases {
        let name = table.text("label").filter(|label| !label.trim().is_empty());
        if name.is_none() {
            item.fault("label: This field is required.");
        }
        if table.get("start_date").is_none() {
            item.fault("start_date: This field is required.");
        }
        let window = name.zip(table.moment("start_date"));
        windows.push(window.map(|(name, start)| Window {
            item: item.clone(),
            name: name.to_owned(),
            start,
            end: None,
        }));
    }
    let starts: Vec<_> = windows.iter().map(|window| window.as_ref().map(|window| window.start)).collect();
    for (index, window) in windows.iter_mut().enumerate() {
        let Some(window) = window else { continue };
        window.end = match starts.get(index + 1) {
            None => last_end,
            Some(None) => None,
            Some(Some(next)) => {
                let usual = next.plus_seconds(-DAY);
                if usual > window.start {
                    Some(usual)
                } else if *next > window.start {
                    // A phase that ends in the last moment before the next: half-open, so that they do not meet.
                    window.item.warn("the phase is no longer than a day and ends when the next begins");
                    Some(next.plus_seconds(-1))
                } else {
                    Some(usual)
                }
            }
        };
    }
    // What has no start was told of already; without it nothing can be said of the one before.
    for index in 1..windows.len() {
        if windows[index].is_none()
            && let Some(before) = &mut windows[index - 1]
        {
            before.end = Some(before.start.plus_seconds(1));
        }
    }
    windows
}

fn read_task(item: &Item<'_>, table: &Table<'_>, place: usize, context: &Context<'_>) -> Option<Task> {
    let label = table.text("label").unwrap_or("Phase");
    if table.get("scoring_program").is_none() {
        item.fault(format!("ERROR: Task \"{label} Task\" does not have a scoring program"));
    }
    let scoring = context.program(table, "scoring_program");
    let ingestion = context.program(table, "ingestion_program");
    let input_data = context.tree(table, "input_data");
    let reference_data = context.tree(table, "reference_data");
    Some(Task {
        config_id: i64::try_from(place).unwrap_or(i64::MAX),
        name: format!("{label} Task"),
        description: table.text("description").unwrap_or_default().to_owned(),
        scoring: scoring?,
        ingestion,
        is_ingestion_while_scoring: table.flag("ingestion_program_only_during_scoring").unwrap_or(false),
        input_data,
        reference_data,
    })
}

fn read_board(root: &Table<'_>) -> Option<ImportedBoard> {
    let Some(item) = root.get("leaderboard") else {
        root.fault("Could not find leaderboard in the competition yaml");
        return None;
    };
    let leaderboard = item.table("")?;
    let boards = leaderboard.get("leaderboards").and_then(|item| item.table(""));
    if boards.is_none() {
        item.fault("Could not find leaderboards declared on the competition leaderboard");
    }
    let declared = leaderboard.get("columns").and_then(|item| item.table(""));
    if declared.is_none() {
        item.fault("Could not find columns declared on the competition leaderboard");
    }
    let (boards, declared) = (boards?, declared?);
    let Some((key, first)) = boards.entries().next() else {
        item.fault("Could not find leaderboards declared on the competition leaderboard");
        return None;
    };
    if boards.entries().nth(1).is_some() {
        item.warn("only the first is used");
    }
    let label = first.table("").and_then(|table| table.text("label")).unwrap_or(key);
    // Columns attach by the label of their leaderboard, whatever its letters.
    let label_of = |table: &Table<'_>| {
        let board = table.get("leaderboard")?.table("")?;
        board.text("label").map(str::to_lowercase)
    };
    let mut columns = Vec::new();
    for (key, item) in declared.entries() {
        let Some(table) = item.table("") else { continue };
        match label_of(&table) {
            None => item.fault("leaderboard: This field is required."),
            Some(other) if other == label.to_lowercase() => columns.push((rank(&table), key, table, item)),
            Some(_) => {}
        }
    }
    columns.sort_by_key(|(rank, ..)| *rank);
    if columns.is_empty() {
        item.fault(format!("no column belongs to the leaderboard {label}"));
        return None;
    }
    let columns: Vec<Column<'_>> = (0..)
        .zip(columns)
        .map(|(index, (_, key, table, item))| {
            let title = table.text("label").unwrap_or(key);
            let is_hidden = table.flag("hidden").unwrap_or(false);
            let sorting = board::sorting(&table, "sort");
            let metric =
                board::metric(key, title, sorting, board::decimals(&table, "numeric_format"), is_hidden);
            Column { computed: computed(&table), item, index, metric }
        })
        .collect();
    board::board(label, key, false, 0, columns)
}

fn rank(table: &Table<'_>) -> i64 {
    table.integer("rank").unwrap_or(1)
}

/// `computed: {operation: Avg, fields: a, b}`, which Codabench leaves out without a word.
fn computed(table: &Table<'_>) -> Option<(Operation, Vec<String>)> {
    let item = table.get("computed")?;
    let computed = item.table("")?;
    let text = computed.text("operation").unwrap_or("None");
    let operation = board::operation(text);
    if operation.is_none() {
        item.fault(format!("operation: \"{text}\" is not a valid choice (Avg, Sum, Min, Max)."));
    }
    let fields = computed.texts("fields");
    let fields =
        fields.iter().flat_map(|text| text.split(',')).map(str::trim).filter(|field| !field.is_empty());
    let fields: Vec<_> = fields.map(str::to_owned).collect();
    if fields.is_empty() {
        item.fault(
            "Column with computation must have at least 1 column selected for the computation to act upon",
        );
    }
    Some((operation?, fields)).filter(|(_, fields)| !fields.is_empty())
}

fn warn_of_unused(root: &Table<'_>) {
    let unused = [
        ("admin_names", "organizers are invited here by themselves"),
        ("allow_teams", "teams are always allowed"),
        ("queue", "it is about CodaLab's own servers"),
        ("datasets", "data stand with the phases that use them"),
    ];
    for (key, why) in unused {
        if let Some(item) = root.get(key) {
            item.warn(format!("{key} is not used: {why}"));
        }
    }
}
