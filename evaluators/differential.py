"""Fresh random cases through an evaluator and through the plain statement of its metrics; called by differential.sh.

Reference mode must agree with the statement as it is, strict mode with the statement in which 0 / 0 is 0.
"""

import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

TOLERANCE = 1e-9
EVALUATORS = {"nlq": "ego4d_nlq", "goalstep": "ego4d_goalstep", "mq": "ego4d_mq"}


def close(ours, expected):
    if ours is None or not math.isfinite(expected):
        return ours is None and not math.isfinite(expected)
    return abs(ours - expected) <= TOLERANCE * max(abs(expected), 1e-300)


def compare(program, spec, task, folder, mode):
    """The metrics on which both differ."""
    annotations, submission = folder / "annotations.json", folder / "submission.json"
    plain_division = spec.div
    if mode == "strict":
        spec.div = lambda a, b: 0.0 if a == 0 and b == 0 else plain_division(a, b)
    try:
        expected = getattr(spec, task)(json.loads(annotations.read_text()), json.loads(submission.read_text()))
    finally:
        spec.div = plain_division
    command = [program, EVALUATORS[task], annotations, submission, mode]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode != 0:
        return [run.stdout]
    ours = json.loads(run.stdout)
    wrong = [f"{name}: {ours.get(name)} for {value}" for name, value in expected.items() if not close(ours.get(name), value)]
    return wrong + [f"{name} is not expected" for name in ours if name not in expected]


def main(oracle, program, count=100, *tasks):
    sys.path.insert(0, oracle)
    import spec

    failures = 0
    for task in tasks or EVALUATORS:
        compared = 0
        for case in range(int(count)):
            # Seeds beyond those of the stored cases; every fourth case is a small one, the others are tiny.
            size = "small" if case % 4 == 0 else "tiny"
            with tempfile.TemporaryDirectory() as folder:
                subprocess.run([sys.executable, f"{oracle}/gen.py", task, size, str(1000 + case), folder], check=True)
                for mode in ("reference", "strict"):
                    compared += 1
                    for problem in compare(program, spec, task, Path(folder), mode):
                        failures += 1
                        print(f"{task} {size} seed {1000 + case} {mode}: {problem}")
        print(f"{task}: {compared} comparisons")
    print("agreed" if failures == 0 else f"{failures} differences")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
