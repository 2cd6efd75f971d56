//! The command line: what can be asked of the program, and which file answers it.

pub mod admin;
pub mod challenge;
pub mod check_config;
pub mod completions;
pub mod config;
pub mod demo;
pub mod evaluate;
pub mod evaluators;
pub mod flags;
pub mod io;
pub mod leaderboard;
pub mod login;
mod memory;
pub mod rank;
pub mod research;
pub mod result;
pub mod serve;
pub mod sources;
pub mod status;
pub mod submit;
pub mod verify;
pub mod wiring;
pub mod worker;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::io::Io;

/// A benchmark leaderboard and challenge evaluation server
#[derive(Debug, Parser)]
#[command(name = "heldout", version, arg_required_else_help = true, infer_subcommands = false)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server, with its workers
    Serve(ConfigArgs),
    /// Run workers only, beside a server that runs elsewhere
    Worker(ConfigArgs),
    /// Try it all: a site in one folder, filled with challenges, teams and a season of submissions
    Demo(demo::DemoArgs),
    /// Check the configuration and print what is in effect
    CheckConfig(ConfigArgs),
    /// Score a submission on this machine, with no server
    Evaluate(evaluate::EvaluateArgs),
    /// List the evaluators, or read all about one
    Evaluators(evaluators::EvaluatorsArgs),
    /// Rank systems from their scores item by item: intervals, rank sets, groups
    Rank(rank::RankArgs),
    /// Sign in at a server
    Login(login::LoginArgs),
    /// Send a submission to a server
    Submit(submit::SubmitArgs),
    /// See what became of submissions, and how many more may be sent
    Status(status::StatusArgs),
    /// Read a leaderboard
    Leaderboard(leaderboard::LeaderboardArgs),
    /// Show the final result of a phase, or have it published
    Result(result::ResultArgs),
    /// Verify a signed file, such as a leaderboard to cite, with no server
    Verify(verify::VerifyArgs),
    /// Keep a challenge as files
    #[command(subcommand)]
    Challenge(challenge::ChallengeCommand),
    /// Keep records of activities for research: import tables, list what there is
    #[command(subcommand)]
    Research(research::ResearchCommand),
    /// Run the site: accounts, exports, checks, backups
    Admin(admin::AdminArgs),
    /// Print the completions for a shell
    Completions(completions::CompletionsArgs),
}

/// Which configuration counts.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ConfigArgs {
    /// The configuration file; without it `heldout.toml` in the present folder, if there is one
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
}

/// Which server is meant.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ServerArgs {
    /// The address of the server; without it HELDOUT_URL, or where you signed in last
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
}

/// Runs the command that the process arguments name.
pub fn run() -> ExitCode {
    // Not for people, and before anything else of this process: it confines itself and becomes another program.
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_some_and(|command| command == wiring::SANDBOX_COMMAND) {
        let words: Vec<String> = arguments.map(|word| word.to_string_lossy().into_owned()).collect();
        return sandbox::child_main(&words);
    }
    let code = Io::of_process(|io| run_with(std::env::args_os(), io));
    ExitCode::from(code)
}

/// Runs the command that `arguments` name; the result is the exit code.
///
/// 2 is kept for invalid submissions, so that scripts can tell them from everything else that goes wrong.
pub fn run_with(arguments: impl IntoIterator<Item = OsString>, io: &mut Io<'_>) -> u8 {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(told) => {
            let failed = told.use_stderr();
            let channel = if failed { &mut *io.err } else { &mut *io.out };
            // When nobody reads it any more there is nobody to tell.
            let _ = write!(channel, "{}", told.render());
            return u8::from(failed);
        }
    };
    let outcome = dispatch(cli.command, io);
    let flushed = io.out.flush();
    match outcome {
        Ok(code) => code,
        Err(error) if is_closed_pipe(&error) => 1,
        Err(error) => {
            let _ = flushed;
            let _ = writeln!(io.err, "error: {}", told(&error));
            1
        }
    }
}

fn dispatch(command: Command, io: &mut Io<'_>) -> anyhow::Result<u8> {
    match command {
        Command::Serve(args) => serve::run(args, io),
        Command::Worker(args) => worker::run(args),
        Command::Demo(args) => demo::run(args, io),
        Command::CheckConfig(args) => check_config::run(args, io),
        Command::Evaluate(args) => Ok(evaluate::run(&args, io.out, io.err)),
        Command::Evaluators(args) => Ok(evaluators::run(&args, io.out, io.err)),
        Command::Rank(args) => Ok(rank::run(&args, io.out, io.err)),
        Command::Login(args) => login::run(args, io),
        Command::Submit(args) => submit::run(args, io),
        Command::Status(args) => status::run(args, io),
        Command::Leaderboard(args) => leaderboard::run(args, io),
        Command::Result(args) => result::run(args, io),
        Command::Verify(args) => verify::run(&args, io),
        Command::Challenge(command) => challenge::run(command, io),
        Command::Research(command) => research::run(command, io),
        Command::Admin(args) => admin::run(args, io),
        Command::Completions(args) => completions::run(&args, Cli::command(), io),
    }
}

/// An error with its causes, each said once.
fn told(error: &anyhow::Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    for cause in error.chain().map(ToString::to_string) {
        // Some causes repeat what they caused.
        if !parts.iter().any(|part| part.contains(&cause)) {
            parts.push(cause);
        }
    }
    parts.join(": ")
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let kinds =
        error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>()).map(std::io::Error::kind);
    kinds.into_iter().any(|kind| kind == std::io::ErrorKind::BrokenPipe)
}
