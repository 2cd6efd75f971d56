"""Calls an EvalAI evaluation script and writes what it returns to a file.

The only argument is a file that says what to call. What the script prints goes where it prints it and means nothing.
"""

import importlib
import json
import math
import numbers
import os
import sys
import traceback

MOST_TRACEBACK = 20_000


def number_of(value):
    """The value as a finite float, or what it is instead."""
    shape = getattr(value, "shape", None)
    if shape == () and hasattr(value, "item"):
        value = value.item()
    if not isinstance(value, numbers.Number) or isinstance(value, complex):
        return {"kind": type(value).__name__}
    try:
        value = float(value)
    except (TypeError, ValueError, OverflowError):
        return {"kind": type(value).__name__}
    if math.isnan(value):
        return {"kind": "NaN"}
    if math.isinf(value):
        return {"kind": "infinity"}
    return value


def row_of(element):
    """The first key of an element and its metrics; the other keys do not count."""
    if not isinstance(element, dict) or not element:
        return {"kind": type(element).__name__}
    keys = [str(key) for key in element]
    split, metrics = next(iter(element.items()))
    if not isinstance(metrics, dict):
        return {"kind": type(metrics).__name__, "split": str(split)}
    values = [[str(name), number_of(value)] for name, value in metrics.items()]
    return {"split": str(split), "metrics": values, "ignored": keys[1:]}


def rows_of(elements):
    if not isinstance(elements, (list, tuple)):
        return {"kind": type(elements).__name__}
    return [row_of(element) for element in elements]


def plain(value):
    """The value as JSON that every reader accepts; what has no form in JSON becomes its text."""
    try:
        text = json.dumps(value, default=str, allow_nan=True)
        return json.loads(text, parse_constant=lambda name: name)
    except (TypeError, ValueError, RecursionError):
        return str(value)[:1000]


def failure(stage, error):
    lines = traceback.format_exception(type(error), error, error.__traceback__)
    text = "".join(lines)[-MOST_TRACEBACK:]
    return {"failed": stage, "error": type(error).__name__, "message": str(error)[:2000], "traceback": text}


def answer(request):
    sys.path.insert(0, request["compute"])
    try:
        module = importlib.import_module(request["module"])
        evaluate = module.evaluate
    except BaseException as error:
        return failure("import", error)
    if request["only_import"]:
        return {"imported": True}
    try:
        returned = evaluate(
            request["annotation"],
            request["submission"],
            request["phase"],
            submission_metadata=request["metadata"],
        )
    except BaseException as error:
        return failure("evaluate", error)
    if not isinstance(returned, dict) or "result" not in returned:
        return {"failed": "result", "error": type(returned).__name__, "message": "there is no 'result'", "traceback": ""}
    return {
        "rows": rows_of(returned["result"]),
        "errors": rows_of(returned.get("error") or []),
        "submission_result": plain(returned.get("submission_result", "")),
        "submission_metadata": plain(returned.get("submission_metadata", "")),
    }


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    found = answer(request)
    half = request["answer"] + ".half"
    with open(half, "w", encoding="utf-8") as file:
        json.dump(found, file, allow_nan=False)
    os.replace(half, request["answer"])
    # Threads and exit handlers of the script have nothing more to say.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


main()
