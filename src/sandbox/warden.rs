//! The process that stands beside a sandbox: it starts what leads into it, watches it, ends all of it, and reports.
//!
//! It is a process and not a thread of the server because it adopts whatever the program leaves behind, learns what all
//! of that has used, and goes on when the server's threads are busy; when the server dies, it ends the run.

use std::io::{self, BufRead, Read, Write};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::prctl::set_child_subreaper;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid, waitpid};
use nix::unistd::Pid;

use crate::console::drain;
use crate::folder::{Size, measure};
use crate::limits::Limits;
use crate::outcome::{Console, End, Limit, Usage};
use crate::plan::{Report, Stream, WardenPlan};
use crate::processes::{descendants, end_all, shared_out_memory, used_by};

/// How long the kernel may take to bury what was killed.
const BURIAL: Duration = Duration::from_secs(10);

/// The longest time between two looks at what runs.
const SLOWEST_LOOK: Duration = Duration::from_millis(20);

/// Looking at files may take this share of the time at most.
const SHARE_OF_LOOKING: u32 = 10;

enum News {
    Ended,
    Cancelled,
}

/// Runs what the plan on standard input says and reports on standard output.
pub(crate) fn warden() -> ExitCode {
    match run_plan() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn run_plan() -> io::Result<()> {
    let began = Instant::now();
    let mut line = String::new();
    let mut input = io::stdin().lock();
    input.read_line(&mut line)?;
    drop(input);
    let plan: WardenPlan = serde_json::from_str(&line)?;
    set_child_subreaper(true)?;
    close_fds::set_fds_cloexec(3, &[]);
    let mut child = start(&plan)?;
    let (news, streams) = listen(&mut child, plan.limits.console_bytes)?;
    let myself = std::process::id();
    let mut watch = Watch::new(&plan, began, myself);
    let stopped = watch.until_end(&news);
    end_all(|| descendants(myself));
    let status = child.wait()?;
    bury(myself);
    let [stdout, stderr] = streams.map(|stream| stream.join().unwrap_or_default());
    let mut usage = watch.usage;
    usage.cpu = processor_time()?;
    let outputs = watch.measure_outputs();
    if let Ok(size) = outputs {
        (usage.output_bytes, usage.output_files) = (size.bytes, size.files);
    }
    let end = stopped
        .or_else(|| outputs.err().map(End::Limit))
        .unwrap_or_else(|| ended_by_itself(status, usage.cpu, &plan.limits));
    usage.wall = began.elapsed();
    answer(Report { end, usage, stdout: about(&stdout), stderr: about(&stderr) }, &stdout, &stderr)
}

fn start(plan: &WardenPlan) -> io::Result<Child> {
    let (program, arguments) =
        plan.start.split_first().ok_or_else(|| io::Error::other("there is nothing to start"))?;
    let mut command = Command::new(program);
    command.args(arguments).env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        match stdin.write_all(plan.input.as_bytes()) {
            // What does not read its input has ended, and says why elsewhere.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            other => other?,
        }
    }
    Ok(child)
}

type Streams = [thread::JoinHandle<Console>; 2];

/// Threads that wait: for the child's end, for the server's, and for what is printed.
fn listen(child: &mut Child, console_bytes: usize) -> io::Result<(Receiver<News>, Streams)> {
    let (sender, news) = mpsc::channel();
    let process = Pid::from_raw(i32::try_from(child.id()).map_err(io::Error::other)?);
    let ended = sender.clone();
    thread::spawn(move || {
        // It stays a zombie, so that its number is not given to another process before it is waited for.
        while waitid(Id::Pid(process), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT) == Err(Errno::EINTR) {}
        let _ = ended.send(News::Ended);
    });
    thread::spawn(move || {
        let mut nothing = [0];
        while io::stdin().lock().read(&mut nothing).is_ok_and(|read| read > 0) {}
        let _ = sender.send(News::Cancelled);
    });
    let missing = || io::Error::other("a stream is missing");
    let (stdout, stderr) =
        (child.stdout.take().ok_or_else(missing)?, child.stderr.take().ok_or_else(missing)?);
    let streams = [
        thread::spawn(move || drain(stdout, console_bytes)),
        thread::spawn(move || drain(stderr, console_bytes)),
    ];
    Ok((news, streams))
}

/// What is looked at while the program runs.
struct Watch<'p> {
    plan: &'p WardenPlan,
    began: Instant,
    root: u32,
    usage: Usage,
    files_due: Instant,
}

impl<'p> Watch<'p> {
    fn new(plan: &'p WardenPlan, began: Instant, root: u32) -> Self {
        Self { plan, began, root, usage: Usage::default(), files_due: began }
    }

    /// Waits for the end; the reason, if the program did not end by itself.
    fn until_end(&mut self, news: &Receiver<News>) -> Option<End> {
        let mut pause = Duration::from_millis(1);
        loop {
            let left = self.plan.limits.wall.saturating_sub(self.began.elapsed());
            match news.recv_timeout(pause.min(left)) {
                Ok(News::Ended) => return None,
                Ok(News::Cancelled) | Err(RecvTimeoutError::Disconnected) => return Some(End::Cancelled),
                Err(RecvTimeoutError::Timeout) => {}
            }
            if let Err(limit) = self.look() {
                return Some(End::Limit(limit));
            }
            pause = (pause * 2).min(SLOWEST_LOOK);
        }
    }

    fn look(&mut self) -> Result<(), Limit> {
        let limits = &self.plan.limits;
        if self.began.elapsed() >= limits.wall {
            return Err(Limit::Wall);
        }
        let processes = descendants(self.root);
        let used = used_by(&processes, self.plan.watch_memory);
        let running = used.processes.saturating_sub(self.plan.ours);
        self.usage.processes = self.usage.processes.max(running);
        if running > limits.processes {
            return Err(Limit::Processes);
        }
        if used.cpu >= limits.cpu {
            return Err(Limit::Cpu);
        }
        if self.plan.watch_memory {
            // The cheap sum counts what is shared several times: it is only too high.
            let memory =
                if used.memory > limits.memory { shared_out_memory(&processes) } else { used.memory };
            self.usage.memory = self.usage.memory.max(memory);
            if memory > limits.memory {
                return Err(Limit::Memory);
            }
        }
        if used.nameless > limits.output_bytes {
            return Err(Limit::OutputBytes);
        }
        let now = Instant::now();
        if now < self.files_due {
            return Ok(());
        }
        self.measure_outputs()?;
        if let Some(temporary) = &self.plan.temporary {
            measure(temporary, limits.temporary_bytes, limits.output_files).map_err(|limit| match limit {
                Limit::OutputBytes => Limit::TemporaryBytes,
                other => other,
            })?;
        }
        self.files_due = now + now.elapsed() * SHARE_OF_LOOKING;
        Ok(())
    }

    fn measure_outputs(&self) -> Result<Size, Limit> {
        let limits = &self.plan.limits;
        let mut total = Size::default();
        for folder in &self.plan.outputs {
            let (bytes, files) = (limits.output_bytes - total.bytes, limits.output_files - total.files);
            let size = measure(folder, bytes, files)?;
            total.bytes += size.bytes;
            total.files += size.files;
        }
        Ok(total)
    }
}

/// Waits until nothing is left of what was ended.
fn bury(myself: u32) {
    let deadline = Instant::now() + BURIAL;
    loop {
        match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Err(Errno::ECHILD) => return,
            Ok(WaitStatus::StillAlive) | Err(_) => {}
            Ok(_) => continue,
        }
        if Instant::now() > deadline {
            return;
        }
        end_all(|| descendants(myself));
        thread::sleep(Duration::from_millis(1));
    }
}

fn processor_time() -> io::Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let duration = |time: nix::sys::time::TimeVal| {
        let (seconds, micros) = (time.tv_sec().max(0).cast_unsigned(), time.tv_usec().max(0).cast_unsigned());
        Duration::from_secs(seconds) + Duration::from_micros(micros)
    };
    Ok(duration(usage.user_time()) + duration(usage.system_time()))
}

/// Bubblewrap tells a signal as shells do, by adding 128.
fn ended_by_itself(status: ExitStatus, cpu: Duration, limits: &Limits) -> End {
    use std::os::unix::process::ExitStatusExt;
    let signal =
        status.signal().or_else(|| status.code().filter(|code| (129..=192).contains(code)).map(|c| c - 128));
    match signal {
        Some(signal)
            if signal == nix::libc::SIGXCPU || (signal == nix::libc::SIGKILL && cpu >= limits.cpu) =>
        {
            End::Limit(Limit::Cpu)
        }
        Some(signal) => End::Signalled(signal),
        None => End::Exited(status.code().unwrap_or(-1)),
    }
}

fn about(console: &Console) -> Stream {
    Stream { kept: console.kept.len(), gap_at: console.gap_at, written: console.written }
}

fn answer(report: Report, stdout: &Console, stderr: &Console) -> io::Result<()> {
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, &report)?;
    out.write_all(b"\n")?;
    out.write_all(&stdout.kept)?;
    out.write_all(&stderr.kept)?;
    out.flush()
}
