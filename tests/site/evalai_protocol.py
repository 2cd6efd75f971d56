"""What organizers' own machines say to a server of EvalAI: the GitHub workflow of EvalAI-Starters, and its remote
evaluation worker. Every request is sent as those programs send it, with the same library and in the same form.

usage: evalai_protocol.py URL ORGANIZER READER OTHER CONTESTANT
    the server, and the tokens of an organizer, of the same person for reading only, of another one, and of a contestant
"""

import io
import json
import sys
import time
import zipfile

import requests

URL, ORGANIZER, READER, OTHER, CONTESTANT = sys.argv[1:]
PATIENCE = 120

CONFIG = """
title: Far away
short_description: Scored elsewhere
description: page.html
evaluation_details: page.html
terms_and_conditions: page.html
submission_guidelines: page.html
image: logo.jpg
evaluation_script: evaluation_script.zip
remote_evaluation: True
submission_time_limit: 86400
start_date: 2026-01-01 00:00:00
end_date: 2099-01-01 00:00:00
leaderboard:
  - id: 1
    schema: {"labels": ["Recall", "Total"], "default_order_by": "Total",
             "metadata": {"Recall": {"sort_ascending": False}, "Total": {"sort_ascending": False}}}
challenge_phases:
  - id: 1
    name: Test
    description: page.html
    leaderboard_public: True
    is_public: True
    start_date: 2026-01-01 00:00:00
    end_date: 2099-01-01 00:00:00
    codename: test
    max_submissions_per_day: 100
    max_submissions_per_month: 100
    max_submissions: 100
dataset_splits:
  - {id: 1, name: Train, codename: train_split}
  - {id: 2, name: Test, codename: test_split}
challenge_phase_splits:
  - {challenge_phase_id: 1, leaderboard_id: 1, dataset_split_id: 1, visibility: 3,
     leaderboard_decimal_precision: 2, is_leaderboard_order_descending: True}
  - {challenge_phase_id: 1, leaderboard_id: 1, dataset_split_id: 2, visibility: 1,
     leaderboard_decimal_precision: 2, is_leaderboard_order_descending: True}
"""


def archive(config=CONFIG, folder=""):
    script = io.BytesIO()
    with zipfile.ZipFile(script, "w") as files:
        files.writestr("__init__.py", "from .main import evaluate\n")
        files.writestr("main.py", "def evaluate(*a, **k):\n    return {'result': []}\n")
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as files:
        files.writestr(folder + "challenge_config.yaml", config)
        files.writestr(folder + "page.html", "<p>Text</p>")
        files.writestr(folder + "logo.jpg", b"\xff\xd8\xff")
        files.writestr(folder + "evaluation_script.zip", script.getvalue())
    return whole.getvalue()


def bearer(token):
    return {"Authorization": "Bearer {}".format(token)}


def call(method, path, token=ORGANIZER, **more):
    return requests.request(method, URL + path, headers=bearer(token), **more)


def expect(response, *statuses):
    assert response.status_code in statuses, (statuses, response.status_code, response.url, response.text[:2000])
    return response.json()


def refused(response, status, words=""):
    sentence = expect(response, status)["error"]
    assert isinstance(sentence, str) and words in sentence, (words, sentence)
    return sentence


# --- The GitHub workflow ---


def configure(step, team, zip_file, token=ORGANIZER, repository="Lab/Far-Away", branch=None):
    data = {"GITHUB_REPOSITORY": repository}
    if branch:
        data["BRANCH_NAME"] = branch
    path = "/api/challenges/challenge/challenge_host_team/{}/{}/".format(team, step)
    return call("POST", path, token, data=data, files={"zip_configuration": zip_file})


def validate(*arguments, **more):
    return configure("validate_challenge_config", *arguments, **more)


def create_or_update(*arguments, **more):
    return configure("create_or_update_github_challenge", *arguments, **more)


def host_team(token):
    return expect(call("GET", "/api/hosts/challenge_host_team/", token), 200)["results"][0]["id"]


def hosted(team, token=ORGANIZER):
    path = "/api/challenges/challenge_host_team/{}/challenge".format(team)
    return expect(call("GET", path, token), 200)["results"]


def github_workflow():
    team, other_team = host_team(ORGANIZER), host_team(OTHER)
    good = archive()

    # Whose token and whose team it is.
    for token in ["", "no-token"]:
        refused(validate(team, good, token=token), 401, "Invalid token")
    refused(create_or_update(team, good, token=READER), 401)
    for wrong_team in [other_team, 999999]:
        refused(create_or_update(wrong_team, good), 401, "you do not belong to this Host Team!")

    # Everything that is wrong, a line for each, in EvalAI's words.
    wrong_label = CONFIG.replace('"default_order_by": "Total"', '"default_order_by": "Sum"')
    wrong = wrong_label.replace("evaluation_details: page.html", "evaluation_details: gone.html")
    sentence = refused(validate(team, archive(wrong)), 400)
    lines = sentence.split("\n")
    order = "ERROR: The 'default_order_by' value 'Sum' in the schema for the leaderboard with ID: 1 is not a valid label."
    assert any(line.startswith(order) for line in lines) and len(lines) == 2, sentence
    assert refused(create_or_update(team, archive(wrong)), 400) == sentence
    refused(validate(team, archive(CONFIG + "\n  x: [")), 400, "in line ")
    refused(validate(team, archive(CONFIG + "\nq: !!python/object:os.system []")), 400, "in line ")
    refused(validate(team, b"no archive"), 400)
    refused(validate(team, archive(folder="inside/")), 400)
    path = "/api/challenges/challenge/challenge_host_team/{}/validate_challenge_config/".format(team)
    refused(call("POST", path, data={"GITHUB_REPOSITORY": "Lab/Far-Away"}), 400, "No file was submitted.")
    for repository in ["", "lab", "a/b/c"]:
        refused(create_or_update(team, good, repository=repository), 400, "OWNER/REPOSITORY")
    assert "successfully" in expect(validate(team, good), 200)["Success"]
    assert hosted(team) == [], "what was validated or refused was imported"

    # Made once, changed afterwards, and nobody else's.
    assert "created successfully" in expect(create_or_update(team, good), 201)["Success"]
    (made,) = hosted(team)
    assert made["title"] == "Far away" and made["published"] is False, made
    renamed = archive(CONFIG.replace("Far away", "Further away"))
    assert "updated successfully" in expect(create_or_update(team, renamed), 200)["Success"]
    (changed,) = hosted(team)
    assert (changed["id"], changed["title"]) == (made["id"], "Further away"), (made, changed)
    refused(create_or_update(other_team, good, token=OTHER), 401, "others run")
    refused(validate(other_team, good, token=OTHER), 401, "others run")
    assert hosted(other_team, OTHER) == []
    other_ids = CONFIG.replace("id: 1\n    name", "id: 4\n    name").replace("phase_id: 1", "phase_id: 4")
    for step in [validate, create_or_update]:
        refused(step(team, archive(other_ids)), 400, "ERROR: Challenge phase 1 was not found in the configuration.")
    # The same again is the same, and another branch is another challenge.
    expect(create_or_update(team, good, branch="challenge"), 200)
    short = CONFIG.replace("86400", "1").replace("Far away", "Short")
    expect(create_or_update(team, archive(short), branch="challenge-short"), 201)
    found = {challenge["title"]: challenge for challenge in hosted(team)}
    assert set(found) == {"Far away", "Short"} and found["Far away"]["id"] == made["id"], found

    # The web page takes a file of any name anywhere.
    by_hand = archive(CONFIG.replace("Far away", "By hand"), folder="inside/")
    assert "created successfully" in expect(configure("zip_upload", team, by_hand), 201)["success"]
    refused(configure("zip_upload", team, archive(wrong, folder="inside/")), 400, order)
    refused(configure("zip_upload", other_team, by_hand), 401, "you do not belong to this Host Team!")
    return found["Far away"]["id"], found["Short"]["id"]


# --- Remote evaluation ---


class Machine:
    """A remote evaluation worker."""

    def __init__(self, challenge):
        self.challenge = challenge
        shown = expect(call("GET", "/api/challenges/challenge/{}".format(challenge)), 200)
        assert shown["remote_evaluation"] is True, shown
        self.queue = shown["queue"]

    def message(self, token=ORGANIZER):
        return call("GET", "/api/jobs/challenge/queues/{}/".format(self.queue), token)

    def take(self, submission):
        """The message of a submission, once it can be taken."""
        begun = time.monotonic()
        while True:
            message = expect(self.message(), 200)
            if message["body"]:
                assert message["body"]["submission_pk"] == submission, message
                assert message["body"]["challenge_pk"] == self.challenge, message
                return message
            assert time.monotonic() - begun < PATIENCE, "nothing is in the queue"
            time.sleep(0.2)

    def delete(self, message):
        data = {"receipt_handle": message["receipt_handle"]}
        expect(call("POST", "/api/jobs/queues/{}/".format(self.queue), data=data), 200)

    def update(self, method, data, token=ORGANIZER):
        path = "/api/jobs/challenge/{}/update_submission/".format(self.challenge)
        return call(method, path, token, data=data)

    def running(self, submission, **more):
        return self.update("PATCH", {"submission": submission, "submission_status": "RUNNING"}, **more)

    def finish(self, submission, phase, result, status="FINISHED", stderr="", **more):
        data = {
            "challenge_phase": phase,
            "submission": submission,
            "stdout": "evaluating\n" * 200000,
            "stderr": stderr,
            "submission_status": status,
            "result": result if isinstance(result, str) else json.dumps(result),
            "metadata": "",
        }
        return self.update("PUT", data, **more)


def split(name, **accuracies):
    return {"split": name, "show_to_participant": True, "accuracies": accuracies}


GOOD = [split("train_split", Recall=0.25, Total=0.5), split("test_split", Recall=1, Total=0.75)]

RUBBISH = [
    "",
    "nonsense",
    "{}",
    "[" * 10000,
    [],
    [split("no_split", Total=1), split("train_split", Total=1)],
    [split("train_split", Total=1, Beauty=1)],
    [split("train_split", Total="1")],
    [split("train_split", Total=None)],
    [split("train_split", Total={"mean": 1})],
    [split("train_split", Total=float("nan"))],
    [split("train_split", Total=float("inf"))],
    [split("train_split", Total=1), split("train_split", Total=2)],
    [split("train_split", Recall=1)],
]


def publish(slug):
    expect(call("POST", "/api/v1/challenges/{}/publish".format(slug), json={}), 200)


def contestants_phase(challenge, team):
    joined = requests.post(
        "{}/api/challenges/challenge/{}/participant_team/{}".format(URL, challenge, team),
        headers=dict(bearer(CONTESTANT), **{"Content-Type": "application/json"}),
    )
    expect(joined, 201)
    path = "/api/challenges/challenge/{}/challenge_phase".format(challenge)
    return expect(call("GET", path, CONTESTANT), 200)["results"][0]["id"]


def submit(challenge, phase, content):
    path = "/api/jobs/challenge/{}/challenge_phase/{}/submission/".format(challenge, phase)
    files = {"input_file": ("answers.tsv.gz", content)}
    return expect(call("POST", path, CONTESTANT, data={"status": "submitting"}, files=files), 201)["id"]


def shown(submission, token=ORGANIZER):
    return expect(call("GET", "/api/jobs/submission/{}".format(submission), token), 200)


def remote_evaluation(challenge, team):
    machine = Machine(challenge)
    publish(machine.queue)
    phase = contestants_phase(challenge, team)
    assert expect(machine.message(), 200) == {"body": None, "receipt_handle": None}
    submission = submit(challenge, phase, b"the answers")
    for token in [OTHER, CONTESTANT]:
        refused(machine.message(token), 403)
        refused(machine.running(submission, token=token), 403)
        refused(machine.finish(submission, phase, GOOD, token=token), 403)
    # A report on what nobody has taken counts for nothing.
    refused(machine.finish(submission, phase, GOOD), 406)

    message = machine.take(submission)
    assert expect(machine.message(), 200)["body"] is None, "one submission was given to two machines"
    found = shown(submission)
    assert found["status"] == "submitted", "a worker passes over what is running: {}".format(found)
    downloaded = requests.get(found["input_file"])
    assert downloaded.content == b"the answers" and ".tsv.gz" in found["input_file"], found
    codename = expect(call("GET", "/api/challenges/challenge/phase/{}/".format(message["body"]["phase_pk"])), 200)
    assert codename["codename"] == "test", codename
    expect(machine.running(submission), 200)
    assert shown(submission)["status"] == "running"
    for rubbish in RUBBISH:
        refused(machine.finish(submission, phase, rubbish), 400)
    refused(machine.finish(submission, phase, GOOD, status="DONE"), 400)
    refused(machine.update("PUT", {"submission": submission}), 400)
    expect(machine.finish(submission, phase, GOOD), 200)
    machine.delete(message)
    worse = [split("train_split", Recall=0, Total=0), split("test_split", Recall=0, Total=0)]
    refused(machine.finish(submission, phase, worse), 406)
    refused(machine.finish(submission, phase, [], status="FAILED"), 406)
    refused(machine.running(submission), 406)
    assert expect(machine.message(), 200)["body"] is None

    found = shown(submission, CONTESTANT)
    assert found["status"] == "finished", found
    result = requests.get(found["submission_result_file"]).json()
    assert result == [{"train_split": {"Recall": 0.25, "Total": 0.5}}], result
    splits = expect(call("GET", "/api/challenges/{}/challenge_phase_split".format(challenge), CONTESTANT), 200)
    (public,) = [one["id"] for one in splits if one["visibility"] == 3]
    board = "/api/jobs/challenge_phase_split/{}/leaderboard/".format(public)
    (entry,) = expect(call("GET", board, CONTESTANT), 200)["results"]
    values = dict(zip(entry["leaderboard__schema"]["labels"], entry["result"]))
    assert values == {"Recall": 0.25, "Total": 0.5}, entry

    # What fails is told to those who run the challenge, and to nobody else.
    failing = submit(challenge, phase, b"other answers")
    machine.take(failing)
    expect(machine.running(failing), 200)
    expect(machine.finish(failing, phase, "", status="FAILED", stderr="Traceback\nKeyError: 'zanzibar-label'"), 200)
    found = shown(failing, CONTESTANT)
    assert found["status"] == "failed", found
    told = requests.get(found["submission_result_file"]).text
    assert "remote_failed" in told and "zanzibar" not in told + json.dumps(found), told
    listed = expect(call("GET", "/api/v1/challenges/{}/phases/test/submissions".format(machine.queue)), 200)
    own = "/api/v1/submissions/{}/attempts".format(listed["items"][0]["id"])
    assert "zanzibar" in expect(call("GET", own), 200)["items"][0]["detail"]
    assert call("GET", own, CONTESTANT).status_code in [403, 404]


def expired_lease(challenge, team):
    """A machine that is not heard of again: its late report counts for nothing, and the next one's does."""
    machine = Machine(challenge)
    publish(machine.queue)
    phase = contestants_phase(challenge, team)
    submission = submit(challenge, phase, b"answers")
    machine.take(submission)
    expect(machine.running(submission), 200)
    listed = expect(call("GET", "/api/v1/challenges/{}/phases/test/submissions".format(machine.queue)), 200)
    attempts = "/api/v1/submissions/{}/attempts".format(listed["items"][0]["id"])
    begun = time.monotonic()
    while expect(call("GET", attempts), 200)["items"][0]["outcome"] != "lost":
        assert time.monotonic() - begun < PATIENCE, "the lease does not run out"
        time.sleep(0.2)
    refused(machine.finish(submission, phase, GOOD), 406)
    assert shown(submission)["status"] == "submitted"
    # The lease is short here: a slow test loses it as a slow machine would, and takes the submission again.
    while True:
        machine.take(submission)
        assert shown(submission)["status"] in ["submitted"], shown(submission)
        if machine.finish(submission, phase, GOOD).status_code == 200:
            break
    assert shown(submission, CONTESTANT)["status"] == "finished"
    outcomes = [attempt["outcome"] for attempt in expect(call("GET", attempts), 200)["items"]]
    assert outcomes.count("scored") == 1 and outcomes[-1] == "scored", outcomes


far, short = github_workflow()
team = {"team_name": "Atlas", "team_url": ""}
made = expect(call("POST", "/api/participants/participant_team", CONTESTANT, json=team), 201)
remote_evaluation(far, made["id"])
expired_lease(short, made["id"])
print("the protocol holds")
