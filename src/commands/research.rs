//! `heldout research`: records of what activities there are and how much of what is which, brought to a server and listed.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use client::research::{import, import_shipped, list};

use crate::ServerArgs;
use crate::io::Io;
use crate::wiring::with_client;

/// What `heldout research` can do.
#[derive(Debug, Clone, Subcommand)]
pub enum ResearchCommand {
    /// Put a table on record
    #[command(subcommand)]
    Import(ImportCommand),
    /// List what is on record, newest first
    List {
        /// Of which kind
        kind: Kind,
        #[command(flatten)]
        server: ServerArgs,
    },
}

/// What can be listed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Kind {
    /// Versions of lists of terms
    Taxonomies,
    /// What the terms of one list mean in another
    Mappings,
    /// How populations spend their days
    TimeUse,
    /// What was collected
    Datasets,
}

/// What can be imported.
#[derive(Debug, Clone, Subcommand)]
pub enum ImportCommand {
    /// What the program brings: ICATUS 2016, the scenarios of Ego4D, time use of 36 countries; for administrators
    Shipped {
        #[command(flatten)]
        server: ServerArgs,
    },
    /// A version of a list of terms: code, title, and where there are any parent and origin
    Taxonomy {
        /// The table, as CSV
        #[arg(value_name = "CSV")]
        file: PathBuf,
        /// The short name of the list
        #[arg(long)]
        name: String,
        /// Its version
        #[arg(long)]
        version: String,
        /// What people read
        #[arg(long)]
        title: String,
        /// Where it was published
        #[arg(long)]
        source: String,
        /// Under which terms it may be used
        #[arg(long)]
        licence: Option<String>,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// What the terms of one list mean in another: a coder's sheet, or a table with weights
    Mapping {
        /// The table, as CSV
        #[arg(value_name = "CSV")]
        file: PathBuf,
        /// What is mapped, as NAME@VERSION
        #[arg(long)]
        from: String,
        /// What it is mapped to, as NAME@VERSION
        #[arg(long, default_value = "icatus@2016")]
        to: String,
        /// The version of the mapping
        #[arg(long)]
        version: String,
        /// Where it was published, or who made it
        #[arg(long)]
        source: String,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Tables of time use by major division of ICATUS; for administrators
    TimeUse {
        /// The table, as CSV
        #[arg(value_name = "CSV")]
        file: PathBuf,
        /// What the survey is, and where its numbers were taken from
        #[arg(long)]
        citation: String,
        /// What is known of the terms of its reuse
        #[arg(long)]
        licence: Option<String>,
        #[command(flatten)]
        server: ServerArgs,
    },
}

pub fn run(command: ResearchCommand, io: &mut Io<'_>) -> anyhow::Result<u8> {
    match command {
        ResearchCommand::Import(command) => import_table(command, io)?,
        ResearchCommand::List { kind, server } => {
            let (place, columns): (&str, &[&str]) = match kind {
                Kind::Taxonomies => ("/taxonomies", &["name", "version", "title", "licence", "source"]),
                Kind::Mappings => ("/mappings", &["id", "version", "from", "to", "source"]),
                Kind::TimeUse => ("/reference-populations", &["source", "country", "years", "age", "sex"]),
                Kind::Datasets => ("/datasets", &["name", "title", "licence", "source"]),
            };
            with_client(&server, io, |client| list(client, place, columns))?;
        }
    }
    Ok(0)
}

fn import_table(command: ImportCommand, io: &mut Io<'_>) -> anyhow::Result<()> {
    match command {
        ImportCommand::Shipped { server } => with_client(&server, io, import_shipped)?,
        ImportCommand::Taxonomy { file, name, version, title, source, licence, server } => {
            let said = [
                ("name", Some(name.as_str())),
                ("version", Some(&version)),
                ("title", Some(&title)),
                ("source", Some(&source)),
                ("licence", licence.as_deref()),
            ];
            with_client(&server, io, |client| import(client, "/taxonomies", &said, &file))?;
        }
        ImportCommand::Mapping { file, from, to, version, source, server } => {
            let said = [
                ("from", Some(from.as_str())),
                ("to", Some(&to)),
                ("version", Some(&version)),
                ("source", Some(&source)),
            ];
            with_client(&server, io, |client| import(client, "/mappings", &said, &file))?;
        }
        ImportCommand::TimeUse { file, citation, licence, server } => {
            let said = [("citation", Some(citation.as_str())), ("licence", licence.as_deref())];
            with_client(&server, io, |client| import(client, "/reference-populations", &said, &file))?;
        }
    }
    Ok(())
}
