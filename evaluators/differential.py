"""Fresh random cases through an evaluator and through the plain statement of its metrics; called by differential.sh.

Reference mode must agree with the statement as it is, strict mode with the statement in which 0 / 0 is 0, and for some
tasks with that of a file that says what strict mode makes of it.
"""

import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

import statements

TOLERANCE = 1e-9
# The tasks of the statement, and their evaluators.
EVALUATORS = {
    "nlq": "ego4d_nlq",
    "goalstep": "ego4d_goalstep",
    "mq": "ego4d_mq",
    "vq2d": "ego4d_vq2d",
    "vq3d": "ego4d_vq3d",
    "egotracks": "ego4d_egotracks",
    "sta": "ego4d_sta",
    "lta": "ego4d_lta",
    "fhp": "ego4d_fhp",
    "locomotion": "ego4d_locomotion",
    "lam": "ego4d_lam",
    "ttm": "ego4d_ttm",
    "hand_pose": "egoexo_hand_pose",
    "pnr": "ego4d_pnr",
    "oscc": "ego4d_oscc",
    "proficiency": "egoexo_proficiency",
    "asd": "ego4d_avl_detection",
    "diarization": "ego4d_diarization",
    "transcription": "ego4d_transcription",
}
# What evaluators measure besides.
BESIDES = {
    "lta": {"verb_AUED", "noun_AUED", "action_AUED"},
    "locomotion": {"num_scored"},
    "lam": {"AP_pos", "AP_neg"},
    "ttm": {"AP_pos", "AP_neg"},
    "diarization": {"total", "confusion", "missed_detection", "false_alarm"},
    "transcription": {
        "sentence_error_rate", "sentences", "words", "correct", "substitutions", "deletions", "insertions", "errors",
        "sentence_errors",
    },
}


def sta_strict(annotations, submission):
    """The statement forgets the objects of a frame without predictions; one of no noun at all brings them back."""
    nothing = {"box": [0, 0, 0, 0], "noun_category_id": -1, "verb_category_id": -1, "time_to_contact": 0, "score": 0}
    for predictions in submission["results"].values():
        if not predictions:
            predictions.append(nothing)
    return annotations, submission


def transcription_strict(annotations, submission):
    """The statement drops segments before the first and behind the last word; a hair's breadth keeps them."""
    hair = 1e-9
    for clip, words in submission.items():
        if not words:
            continue
        begin, end = words[0]["tb"], max(word["tb"] + word["dur"] for word in words)
        for segment in annotations[clip]:
            if segment["te"] <= begin:
                segment["te"] = begin + hair
            if segment["tb"] >= end:
                segment["tb"] = end - hair
    return annotations, submission


# What strict mode makes of files, where it is not what the statement does.
STRICT = {"sta": sta_strict, "transcription": transcription_strict}


def close(ours, expected):
    if ours is None or not math.isfinite(expected):
        return ours is None and not math.isfinite(expected)
    return abs(ours - expected) <= TOLERANCE * max(abs(expected), 1e-300)


def compare(program, spec, task, folder, mode):
    """The metrics on which both differ."""
    annotations, submission = folder / "annotations.json", folder / "submission.json"
    files = json.loads(annotations.read_text()), json.loads(submission.read_text())
    plain_division = spec.div
    if mode == "strict":
        spec.div = lambda a, b: 0.0 if a == 0 and b == 0 else plain_division(a, b)
        files = STRICT.get(task, lambda *files: files)(*files)
    try:
        expected = (getattr(statements, task, None) or getattr(spec, task))(*files)
    except ZeroDivisionError:
        # The statement has no value where nothing can be found: one label in all rows.
        return None
    finally:
        spec.div = plain_division
    command = [program, EVALUATORS[task], annotations, submission, mode]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode != 0:
        return [run.stdout]
    ours = json.loads(run.stdout)
    wrong = [f"{name}: {ours.get(name)} for {value}" for name, value in expected.items() if not close(ours.get(name), value)]
    known = expected.keys() | BESIDES.get(task, set())
    return wrong + [f"{name} is not expected" for name in ours if name not in known]


def main(oracle, program, count=100, *tasks):
    sys.path.insert(0, oracle)
    import gen
    import spec

    failures = 0
    for task in tasks or EVALUATORS:
        compared = 0
        for case in range(int(count)):
            # Seeds beyond those of the stored cases; every fourth case is a small one, the others are tiny.
            size = "small" if case % 4 == 0 else "tiny"
            with tempfile.TemporaryDirectory() as folder:
                files = gen.generate(task, size, 1000 + case)
                for name, content in zip(("annotations.json", "submission.json"), files):
                    gen.dump(Path(folder) / name, content)
                for mode in ("reference", "strict"):
                    problems = compare(program, spec, task, Path(folder), mode)
                    compared += problems is not None
                    for problem in problems or ():
                        failures += 1
                        print(f"{task} {size} seed {1000 + case} {mode}: {problem}")
        print(f"{task}: {compared} comparisons")
    print("agreed" if failures == 0 else f"{failures} differences")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
