"""An evaluation script in the whole server, and bare: the same script, the same files, the same machine.

HELDOUT names the binary. A server without workers takes 200 submissions; a worker with one thread then scores them in
the sandbox. Beside it the script is run 200 times, one after the other, with nothing around it. Last, a bundle of 100 MB
is imported, beside reading, hashing and writing its bytes. Compare figures of one run only. See programs.sh.
"""

import datetime
import hashlib
import io
import json
import os
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile

HELDOUT = os.environ["HELDOUT"]
MANY = 200
LARGE = 100 << 20

SCRIPT = """import json


def evaluate(annotation_file, submission_file, phase_codename, **kwargs):
    with open(annotation_file) as file:
        truth = json.load(file)
    with open(submission_file) as file:
        answers = json.load(file)
    right = sum(answers.get(item) == label for item, label in truth.items())
    return {"result": [{"test_split": {"accuracy": right / len(truth)}}]}
"""

BARE = SCRIPT + """

import sys
print(evaluate(sys.argv[1], sys.argv[2], "test"))
"""

CONFIG = """title: TITLE
short_description: Say what it is
description: page.html
evaluation_details: page.html
terms_and_conditions: page.html
submission_guidelines: page.html
evaluation_script: evaluation_script
start_date: 2026-01-01 00:00:00
end_date: 2099-01-01 00:00:00
leaderboard:
  - id: 1
    schema: {"labels": ["accuracy"], "default_order_by": "accuracy"}
challenge_phases:
  - {id: 1, name: Test, description: page.html, leaderboard_public: True, is_public: True, codename: test,
     start_date: 2026-01-01 00:00:00, end_date: 2099-01-01 00:00:00, test_annotation_file: truth.json,
     max_submissions_per_day: 100000, max_submissions_per_month: 100000, max_submissions: 100000,
     max_concurrent_submissions_allowed: 100000}
dataset_splits:
  - {id: 1, name: Test, codename: test_split}
challenge_phase_splits:
  - {challenge_phase_id: 1, leaderboard_id: 1, dataset_split_id: 1, visibility: 3,
     leaderboard_decimal_precision: 2, is_leaderboard_order_descending: True}
"""


def bundle(title: str, truth: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("challenge_config.yaml", CONFIG.replace("TITLE", title))
        archive.writestr("page.html", "<p>Text</p>")
        archive.writestr("truth.json", truth)
        archive.writestr("evaluation_script/__init__.py", "from .main import evaluate\n")
        archive.writestr("evaluation_script/main.py", SCRIPT)
    return packed.getvalue()


class Site:
    """A server of its own in a folder."""

    def __init__(self, folder: pathlib.Path) -> None:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.folder = folder
        self.running: list[subprocess.Popen] = []
        self.environment = os.environ | {
            "HELDOUT_SERVER__LISTEN": f"127.0.0.1:{self.port}",
            "HELDOUT_SERVER__PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "HELDOUT_DATABASE__URL": f"sqlite:{folder}/heldout.sqlite",
            "HELDOUT_WORKER__THREADS": "0",
            "HELDOUT_WORKER__POLL_MILLISECONDS": "20",
            "HELDOUT_LIMITS__WRITE_PER_MINUTE": "1000000",
            "HELDOUT_LIMITS__READ_PER_MINUTE": "1000000",
            "HELDOUT_PROGRAMS__STANDARD_PACKAGES": "false",
            "HELDOUT_LOG__LEVEL": "warn",
        }

    def command(self, *arguments: str) -> str:
        made = subprocess.run(
            [HELDOUT, *arguments], cwd=self.folder, env=self.environment, check=True, capture_output=True, text=True
        )
        return made.stdout

    def start(self, verb: str, threads: int) -> None:
        environment = self.environment | {"HELDOUT_WORKER__THREADS": str(threads)}
        log = open(self.folder / f"{verb}.log", "w")
        self.running.append(subprocess.Popen([HELDOUT, verb], cwd=self.folder, env=environment, stdout=log, stderr=log))

    def stop(self) -> None:
        for process in self.running:
            process.terminate()
            process.wait()

    def person(self, name: str) -> str:
        email = f"{name}@example.org"
        self.command("admin", "user", "create", email, "--name", name, "--role", "member")
        said = self.command("admin", "token", "create", email, "--name", "bench", "--scopes", "read,submit,organize")
        return next(word for word in said.split() if word.startswith("hoa_"))

    def call(self, token: str, method: str, path: str, body: bytes | dict | None = None) -> dict:
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        kind = "application/json" if isinstance(body, dict) else "application/octet-stream"
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, method=method)
        request.add_header("Content-Type", kind)
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=600) as answer:
                return json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            sys.exit(f"{method} {path}: {error.code} {error.read().decode()}")

    def wait_until_ready(self) -> None:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/ready", timeout=5)
                return
            except OSError:
                time.sleep(0.1)
        sys.exit("the server does not start: " + (self.folder / "serve.log").read_text())


def moment(text: str) -> float:
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def scored(site: Site) -> list[float]:
    """The moments at which the submissions were scored, in their order."""
    organizer, contestant = site.person("organizer"), site.person("contestant")
    truth = {f"item-{number}": "x" for number in range(100)}
    made = site.call(organizer, "POST", "/api/v1/challenges/import", bundle("Labels", json.dumps(truth).encode()))
    slug = made["challenge"]["slug"]
    site.call(organizer, "POST", f"/api/v1/challenges/{slug}/publish", {})
    site.call(contestant, "POST", f"/api/v1/challenges/{slug}/registration", {"accept_terms": 1})
    site.call(contestant, "POST", f"/api/v1/challenges/{slug}/teams", {"name": "Atlas"})
    phase = f"/api/v1/challenges/{slug}/phases/test"
    ids = []
    for number in range(MANY):
        answers = {f"item-{item}": "x" if item < number else "y" for item in range(100)}
        sent = json.dumps(answers).encode()
        ids.append(site.call(contestant, "POST", f"{phase}/submissions?file_name=answers.json", sent)["id"])
    site.start("worker", 1)
    moments = []
    for submission in ids:
        while (found := site.call(contestant, "GET", f"/api/v1/submissions/{submission}"))["finished_at"] is None:
            time.sleep(0.05)
        if found["state"] != "scored":
            sys.exit(f"a submission ended as {found['state']}: {found['failure']}")
        moments.append(moment(found["finished_at"]))
    return sorted(moments)


def bare(folder: pathlib.Path, name: str, text: str, *arguments: str) -> list[float]:
    script = folder / name
    script.write_text(text)
    times = []
    for _ in range(MANY):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-I", script, *arguments], check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - begun)
    return times


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        site = Site(folder)
        try:
            site.start("serve", 0)
            site.wait_until_ready()
            moments = scored(site)
            (folder / "truth").write_text(json.dumps({f"item-{number}": "x" for number in range(100)}))
            alone = bare(folder, "bare.py", BARE, str(folder / "truth"), str(folder / "truth"))
            empty = bare(folder, "empty.py", "pass")
            one = statistics.median(later - sooner for sooner, later in zip(moments, moments[1:]))
            rate = (MANY - 1) / (moments[-1] - moments[0])
            print(f"one evaluation in the server: {1e3 * one:.1f} ms, {1e3 * (one - statistics.median(empty)):.1f} ms")
            print(f"beyond Python's own start of {1e3 * statistics.median(empty):.1f} ms (median of {MANY})")
            print(f"{MANY} evaluations, one thread: {rate:.1f} a second; bare {MANY / sum(alone):.1f} a second;", end=" ")
            print(f"{rate * sum(alone) / MANY:.2f} of bare")

            organizer = site.person("another")
            large = bundle("Large", os.urandom(LARGE))
            begun = time.perf_counter()
            site.call(organizer, "POST", "/api/v1/challenges/import", large)
            took = time.perf_counter() - begun
            begun = time.perf_counter()
            with zipfile.ZipFile(io.BytesIO(large)) as archive:
                content = archive.read("truth.json")
            for written in (large, content):
                hashlib.sha256(written).digest()
                with open(folder / "copy", "wb") as file:
                    file.write(written)
                    os.fsync(file.fileno())
            plain = time.perf_counter() - begun
            print(f"import of {LARGE >> 20} MB: {took:.2f} s, {took / plain:.2f} times unpacking, hashing and writing")
        finally:
            site.stop()


main()
