//! The public side of a task: what it is, where its data come from, who decided what, and which files everybody may have.

use std::collections::BTreeSet;

use domain::Invalid;
use domain::framing::NOT_DISCLOSED;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::nearest::{nearest, suggestion};
use crate::vocabularies::Vocabularies;

/// Everything public about a task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskRecord {
    /// The address of the server, without a slash at its end; the namespace of our own terms lies below it.
    pub site: String,
    /// A name for files and addresses: letters, digits, `.`, `_` and `-`.
    pub name: String,
    /// The title that people read.
    pub title: String,
    /// What the task is, in some sentences.
    pub description: String,
    /// Its page.
    pub url: String,
    /// The address of the licence of the public files.
    pub license: String,
    /// The version of the public files, `2.1.0`.
    pub version: String,
    /// The snapshot that measures and this record were made of.
    pub snapshot: String,
    /// When this version was published.
    pub published: Date,
    /// When the data set was first published, if that is known.
    pub created: Option<Date>,
    /// How the task is cited.
    pub citation: String,
    /// Words to find it by.
    pub keywords: Vec<String>,
    /// Who made the data.
    pub creators: Vec<Organization>,
    /// Who runs the server.
    pub publisher: Organization,
    /// What the files may be used for, where the licence says it in a sentence.
    pub permitted_purpose: Option<String>,
    /// How the data came about.
    pub collection: Collection,
    /// How they were annotated.
    pub annotation: Annotation,
    /// What is said of their use.
    pub statements: Statements,
    /// Which version of everyday life the task counts.
    pub framing: Framing,
    /// What was left out.
    pub exclusions: Vec<ExclusionRecord>,
    /// What was measured of it.
    pub measures: Vec<MeasureRecord>,
    /// The address of the mapping of its labels, if there is one.
    pub mapping: Option<String>,
    /// Addresses of what the data were derived from.
    pub derived_from: Vec<String>,
    /// What was done to make them.
    pub activities: Vec<Activity>,
    /// Who took part in that.
    pub agents: Vec<Agent>,
    /// The public files.
    pub tables: Vec<Table>,
}

/// An organization.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    /// Its name.
    pub name: String,
    /// Its page.
    pub url: String,
}

/// How data came about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Collection {
    /// Who recorded what, where and under which review.
    pub summary: String,
    /// The kinds of collection, in the words of Croissant RAI.
    pub types: Vec<String>,
    /// What is missing, and why.
    pub missing: String,
    /// What was recorded with.
    pub raw: String,
    /// When it began and ended.
    pub timeframe: Option<(Date, Date)>,
    /// What was done before annotation.
    pub preprocessing: Vec<String>,
    /// What was done to annotations.
    pub manipulation: String,
    /// What stands for what is missing.
    pub imputation: String,
}

/// How data were annotated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Annotation {
    /// Who annotates what by which guideline; what is not recorded.
    pub protocol: String,
    /// The tools.
    pub platforms: Vec<String>,
    /// How several annotations of one item become one.
    pub analysis: Vec<String>,
    /// How many annotate an item.
    pub per_item: String,
    /// Who the annotators are; "not disclosed" spelled out.
    pub demographics: Vec<String>,
    /// Machines that annotate.
    pub machine_tools: Vec<String>,
}

/// What is said of the use of data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statements {
    /// What they are for.
    pub use_cases: Vec<String>,
    /// What they do not cover.
    pub limitations: Vec<String>,
    /// How they are skewed.
    pub biases: Vec<String>,
    /// What their use does.
    pub social_impact: String,
    /// What of people is in them.
    pub sensitive: Vec<String>,
    /// How they are kept and corrected.
    pub maintenance: String,
}

/// Which version of everyday life a task counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Framing {
    /// Its address.
    pub id: String,
    /// Counts up with every change.
    pub version: u32,
    /// What is scored (vocabulary `framing.unit`).
    pub unit: String,
    /// What makes one instance, in words.
    pub instance_rule: String,
    /// Where labels come from (`framing.label_source`).
    pub label_source: String,
    /// How many labels there are, if the list is closed.
    pub label_count: Option<u64>,
    /// Whose reading a label is (`perspective`).
    pub perspective: String,
    /// Whether the wearer's intentions are recorded; absent where nobody says.
    pub intent_recorded: Option<bool>,
    /// Whether the wearer's feelings are.
    pub affect_recorded: Option<bool>,
    /// Past, present or future (`framing.temporal_direction`).
    pub temporal_direction: String,
    /// Whether what has no label counts as absent.
    pub closed_world: Option<bool>,
    /// What cannot be scored (`framing.unscoreable`), at least one.
    pub unscoreable: Vec<String>,
    /// For whom the task imagines to be.
    pub imagined_user: String,
    /// The address of who decided.
    pub decided_by: String,
}

/// Something that was left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExclusionRecord {
    /// Its address.
    pub id: String,
    /// What was left out: an address, or a term `icatus:931`.
    pub what: String,
    /// Why (`exclusion.reason`).
    pub reason: String,
    /// How that is known (`exclusion.basis`).
    pub basis: String,
    /// The address of who decided, if anybody is on record.
    pub decided_by: Option<String>,
}

/// A published measure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasureRecord {
    /// The id of the measure, with the name of the number: `F4.divergence_bits`.
    pub id: String,
    /// The version of its formula.
    pub version: u32,
    /// The number, if it has one.
    pub value: Option<f64>,
    /// The bounds, or the interval.
    pub bounds: Option<(f64, f64)>,
    /// The unit.
    pub unit: String,
    /// What it was held against, if anything.
    pub reference: Option<String>,
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Activity {
    /// Its address.
    pub id: String,
    /// What it was.
    pub label: String,
    /// When it began, if that is known.
    pub started: Option<Date>,
    /// When it ended.
    pub ended: Option<Date>,
    /// The addresses of those who did it.
    pub agents: Vec<String>,
}

/// Somebody who took part in making the data: an organization or a group, never a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agent {
    /// Their address.
    pub id: String,
    /// Their name.
    pub label: String,
    /// What they do in the chain (`chain_role`).
    pub role: String,
    /// Their sector (`org.sector`).
    pub sector: String,
    /// The address of whom they act for, if for anybody.
    pub acts_for: Option<String>,
}

/// A public CSV file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// A short name without an ending.
    pub name: String,
    /// What is in it.
    pub description: String,
    /// Where it lies, relative to the record or absolute.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
    /// Whether it tells what is held out: such a file is refused.
    pub held_out: bool,
    /// The column whose values are unique, if there is one.
    pub key: Option<String>,
    /// Where the same table lies as Parquet, if it does: relative to the record or absolute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parquet: Option<String>,
    /// The columns, in their order.
    pub columns: Vec<Column>,
}

/// A column of a public file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its name in the header.
    pub name: String,
    /// What it means.
    pub description: String,
    /// What its values are.
    pub kind: ColumnKind,
    /// The table and column that its values come from, if any.
    pub references: Option<(String, String)>,
}

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// Any text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// A date.
    Date,
}

/// A record that may be exported.
#[derive(Debug, Clone, PartialEq)]
pub struct PublicRecord(TaskRecord);

impl PublicRecord {
    /// Checks a record: held-out files, codes, names, versions, digests, and that references lead somewhere.
    ///
    /// # Errors
    /// All faults at once.
    pub fn new(record: TaskRecord) -> Result<Self, Vec<Invalid>> {
        let mut checks = Checks::default();
        checks.identity(&record);
        checks.codes(&record);
        checks.agents(&record);
        checks.tables(&record);
        if checks.faults.is_empty() { Ok(Self(record)) } else { Err(checks.faults) }
    }

    /// The namespace of our own terms.
    pub fn namespace(&self) -> String {
        format!("{}/ns/framing#", self.0.site)
    }
}

impl std::ops::Deref for PublicRecord {
    type Target = TaskRecord;

    fn deref(&self) -> &TaskRecord {
        &self.0
    }
}

#[derive(Default)]
struct Checks {
    faults: Vec<Invalid>,
}

impl Checks {
    fn require(&mut self, holds: bool, at: impl Into<String>, rule: impl Into<String>) {
        if !holds {
            self.faults.push(Invalid::new(at, rule));
        }
    }

    fn code(&mut self, vocabulary: &str, code: &str, at: impl Into<String>) {
        let Ok(vocabulary) = Vocabularies::shipped().vocabulary(vocabulary) else { return };
        let near = nearest(code, vocabulary.codes.iter().map(|code| code.code.as_str()));
        let rule = format!("must be a code of {}{}", vocabulary.name, suggestion(&near));
        self.require(vocabulary.contains(code) || code == NOT_DISCLOSED, at, rule);
    }

    fn identity(&mut self, record: &TaskRecord) {
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        let named = !record.name.is_empty() && record.name.bytes().all(is_name);
        self.require(named, "name", "must be of letters, digits, \".\", \"_\" and \"-\"");
        for (at, text) in [
            ("title", &record.title),
            ("description", &record.description),
            ("license", &record.license),
            ("snapshot", &record.snapshot),
            ("collection/summary", &record.collection.summary),
            ("annotation/protocol", &record.annotation.protocol),
        ] {
            self.require(!text.trim().is_empty(), at, "must say something");
        }
        let is_address = |text: &String| text.starts_with("https://") || text.starts_with("http://");
        self.require(
            is_address(&record.site) && !record.site.ends_with('/'),
            "site",
            "must be an address without a slash at its end",
        );
        self.require(is_address(&record.url), "url", "must be an address");
        self.require(!record.creators.is_empty(), "creators", "must name somebody");
        self.require(
            !record.statements.limitations.is_empty(),
            "statements/limitations",
            "must name at least one",
        );
        let parts: Vec<&str> = record.version.split('.').collect();
        let is_version = parts.len() == 3 && parts.iter().all(|part| part.parse::<u32>().is_ok());
        self.require(is_version, "version", "must be three numbers with points between them");
        let ordered = record.collection.timeframe.is_none_or(|(start, end)| start <= end);
        self.require(ordered, "collection/timeframe", "must not end before it begins");
    }

    fn codes(&mut self, record: &TaskRecord) {
        let framing = &record.framing;
        self.code("framing.unit", &framing.unit, "framing/unit");
        self.code("framing.label_source", &framing.label_source, "framing/label_source");
        self.code("perspective", &framing.perspective, "framing/perspective");
        self.code("framing.temporal_direction", &framing.temporal_direction, "framing/temporal_direction");
        self.require(!framing.unscoreable.is_empty(), "framing/unscoreable", "must name at least one reason");
        for code in &framing.unscoreable {
            self.code("framing.unscoreable", code, "framing/unscoreable");
        }
        for exclusion in &record.exclusions {
            self.code("exclusion.reason", &exclusion.reason, format!("exclusions/{}/reason", exclusion.id));
            self.code("exclusion.basis", &exclusion.basis, format!("exclusions/{}/basis", exclusion.id));
        }
        for measure in &record.measures {
            let at = format!("measures/{}", measure.id);
            let ordered = measure.bounds.is_none_or(|(lower, upper)| lower <= upper);
            self.require(ordered, at.clone(), "must have its bounds in order");
            let divergence = measure.id.starts_with("F4.") && measure.bounds.is_none();
            self.require(
                !divergence,
                at,
                "must have bounds: a divergence from time use is nothing without them",
            );
        }
    }

    fn agents(&mut self, record: &TaskRecord) {
        let known: BTreeSet<&str> = record.agents.iter().map(|agent| agent.id.as_str()).collect();
        self.require(known.len() == record.agents.len(), "agents", "must have an address each");
        for agent in &record.agents {
            self.code("chain_role", &agent.role, format!("agents/{}/role", agent.id));
            self.code("org.sector", &agent.sector, format!("agents/{}/sector", agent.id));
        }
        let named = record.activities.iter().flat_map(|activity| &activity.agents);
        let named = named.chain([&record.framing.decided_by]);
        let named =
            named.chain(record.exclusions.iter().filter_map(|exclusion| exclusion.decided_by.as_ref()));
        for agent in named.chain(record.agents.iter().filter_map(|agent| agent.acts_for.as_ref())) {
            self.require(
                known.contains(agent.as_str()),
                "agents",
                format!("must have {agent}, which is named elsewhere"),
            );
        }
    }

    fn tables(&mut self, record: &TaskRecord) {
        let column = |table: &str, column: &str| {
            let table = record.tables.iter().find(|known| known.name == table);
            table.is_some_and(|table| table.columns.iter().any(|known| known.name == column))
        };
        let names: BTreeSet<&str> = record.tables.iter().map(|table| table.name.as_str()).collect();
        self.require(names.len() == record.tables.len(), "tables", "must have a name each");
        for table in &record.tables {
            let at = |what: &str| format!("tables/{}/{what}", table.name);
            self.require(!table.held_out, at("held_out"), "must be false: a held-out file is never listed");
            let is_digest = table.sha256.len() == 64
                && table.sha256.bytes().all(|digit| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit));
            self.require(is_digest, at("sha256"), "must be 64 hexadecimal digits in lower case");
            for (name, path) in [("path", Some(&table.path)), ("parquet", table.parquet.as_ref())] {
                let inside =
                    |path: &String| !path.starts_with('/') && !path.split('/').any(|part| part == "..");
                self.require(path.is_none_or(inside), at(name), "must not lead out of the record's folder");
            }
            let key = table.key.as_ref().is_none_or(|key| column(&table.name, key));
            self.require(key, at("key"), "must be a column of the table");
            for own in &table.columns {
                let leads = own.references.as_ref().is_none_or(|(table, name)| column(table, name));
                self.require(leads, at(&own.name), "must refer to a column that exists");
            }
        }
    }
}
