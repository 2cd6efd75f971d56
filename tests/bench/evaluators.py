"""Measures whole evaluations at full size; see evaluators.sh, which calls this."""

import json
import os
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

# The generators have names of their own for some families.
FULL_SIZES = {"ego4d": ["{task}", "full", "0", "{out}"], "general": ["{task}", "--size", "full", "--seed", "0", "--out", "{out}"]}

# As many as an interval of 95 % wants.
REPLICATES = 999

# The same work by other programs: golden folder -> (name, module that must be there, program).
PEERS = {
    "general/coco_bbox": [
        ("pycocotools", "pycocotools", """
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
truth = COCO(truth_path); found = truth.loadRes(sent_path)
run = COCOeval(truth, found, "bbox"); run.evaluate(); run.accumulate(); run.summarize()"""),
        ("hotcoco", "hotcoco", """
from hotcoco import COCO, COCOeval
truth = COCO(truth_path); found = truth.load_res(sent_path)
run = COCOeval(truth, found, "bbox"); run.run()"""),
    ],
    "general/asr": [
        ("jiwer", "jiwer", """
import csv, jiwer
truth = {row["id"]: row for row in csv.DictReader(open(truth_path, newline=""))}
sent = {row["id"]: row for row in csv.DictReader(open(sent_path, newline=""))}
text = [column for column in next(iter(truth.values())) if column != "id"][0]
jiwer.process_words([truth[i][text] for i in truth], [sent[i][text] for i in truth])"""),
    ],
    "general/cls_label": [
        ("scikit-learn", "sklearn", """
import csv
from sklearn import metrics as m
truth = {row[0]: row[1] for row in csv.reader(open(truth_path, newline=""))}
sent = {row[0]: row[1] for row in csv.reader(open(sent_path, newline=""))}
a, b = [truth[i] for i in truth], [sent[i] for i in truth]
m.accuracy_score(a, b); m.f1_score(a, b, average="macro"); m.balanced_accuracy_score(a, b)
m.matthews_corrcoef(a, b); m.cohen_kappa_score(a, b)"""),
    ],
    "general/mot": [
        ("TrackEval", "trackeval", """
import pathlib, tempfile, trackeval
trackers = pathlib.Path(tempfile.mkdtemp())
(trackers / "tracker").mkdir()
(trackers / "tracker" / "data").symlink_to(sent_path)
data = trackeval.datasets.MotChallenge2DBox({
    "GT_FOLDER": truth_path, "TRACKERS_FOLDER": str(trackers), "TRACKERS_TO_EVAL": ["tracker"], "SKIP_SPLIT_FOL": True,
    "SEQMAP_FILE": truth_path + "/seqmap.txt", "BENCHMARK": "MOT17", "PRINT_CONFIG": False})
metrics = [trackeval.metrics.HOTA(), trackeval.metrics.CLEAR({"PRINT_CONFIG": False}), trackeval.metrics.Identity({"PRINT_CONFIG": False})]
trackeval.Evaluator({"PRINT_CONFIG": False, "OUTPUT_SUMMARY": False, "OUTPUT_DETAILED": False, "PLOT_CURVES": False,
    "BREAK_ON_ERROR": True}).evaluate([data], metrics)"""),
    ],
    "general/trec": [
        ("pytrec_eval", "pytrec_eval", """
import pytrec_eval
judged = pytrec_eval.parse_qrel(open(truth_path)); ranked = pytrec_eval.parse_run(open(sent_path))
pytrec_eval.RelevanceEvaluator(judged, {"map", "ndcg", "recip_rank", "recall"}).evaluate(ranked)"""),
    ],
}


def measured(command):
    """Wall seconds, CPU seconds and peak memory in MB of a process; nothing if it fails."""
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    complaint = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - begun
    if status != 0:
        print(f"    failed: {complaint.decode(errors='replace').strip()[:300]}")
        return None
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def best_of(times, command):
    """The run with the least CPU time."""
    runs = [run for run in (measured(command) for _ in range(times)) if run]
    return min(runs, key=lambda run: run[1]) if runs else None


def size_of(path):
    if path.is_dir():
        return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return path.stat().st_size


def generate(oracle, golden, out):
    family, task = golden.split("/")
    words = [word.format(task=task, out=out) for word in FULL_SIZES[family]]
    made = subprocess.run([sys.executable, oracle / family / "gen.py", *words], capture_output=True, text=True)
    return made.returncode == 0


def has(module):
    return subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True).returncode == 0


def measure(case, folder, programs):
    files = {name: folder / file for name, file in case["annotations"].items()}
    sent = folder / case["submission"]
    if not sent.exists():
        inner = [path for path in folder.iterdir() if (path / case["submission"]).exists()]
        if not inner:
            return print(f"    no {case['submission']} was made")
        return measure(case, inner[0], programs)
    tables = [f"{name}={path}" for name, path in files.items() if name != "main" and path.exists()]
    params = []
    for name, value in case.get("params", {}).items():
        text = ",".join(map(str, value)) if isinstance(value, list) else str(value).lower() if isinstance(value, bool) else value
        params.append(f"--{name}={text}")
    arguments = [case["evaluator"], files["main"], sent, *tables, *params]
    ours = best_of(3, [programs / "evaluate", *arguments])
    floor = best_of(3, [programs / "parse_only", *files.values(), sent])
    size = (sum(size_of(path) for path in files.values()) + size_of(sent)) / 1e6
    if ours is None or floor is None:
        return None
    print(
        f"    {case['evaluator']:28} {size:7.1f} MB  wall {ours[0]:6.2f} s  CPU {ours[1]:6.2f} s  peak {ours[2]:6.0f} MB"
        f" ({ours[2] / max(size, 1e-9):4.1f} x)   parse only {floor[1]:5.2f} s   ratio {ours[1] / max(floor[1], 0.005):5.1f}"
    )
    drawn = subprocess.run([programs / "replicates", str(REPLICATES), *arguments], capture_output=True, text=True, check=True)
    drawn = json.loads(drawn.stdout)
    print(
        f"    {REPLICATES} replicates {'':13} {drawn['evidence_bytes'] / 1e6:7.1f} MB  wall {drawn['replicates_seconds']:6.2f} s"
        f"   {drawn['replicates_seconds'] / drawn['evaluation_seconds']:.1f} x the evaluation"
        f"   of the first metric alone {drawn['first_metric_seconds']:.2f} s, {drawn['first_metric_seconds'] / drawn['evaluation_seconds']:.1f} x"
    )
    for name, module, program in PEERS.get(case["golden"], []):
        if has(module):
            setting = f"truth_path, sent_path = {str(files['main'])!r}, {str(sent)!r}\n"
            peer = measured([sys.executable, "-c", setting + program])
            if peer:
                print(f"    {name:28} {'':10}  wall {peer[0]:6.2f} s  CPU {peer[1]:6.2f} s  peak {peer[2]:6.0f} MB   {peer[1] / ours[1]:.1f} x ours")
    return None


def main():
    oracle, programs, wanted = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
    cases = tomllib.loads(Path("evaluators/golden.toml").read_text())["case"]
    by_golden = {}
    for case in cases:
        by_golden.setdefault(case["golden"], []).append(case)
    for golden, cases in by_golden.items():
        if wanted and golden not in wanted:
            continue
        with tempfile.TemporaryDirectory() as folder:
            print(golden, flush=True)
            if not generate(oracle, golden, folder):
                print("    its generator has no full size")
                continue
            for case in cases:
                measure(case, Path(folder), programs)


main()
