"""Commands that a signal ends: exit code, one sentence, and nothing half done."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg import labels
from kg.cli import main
from kg.embedded import Endpoint
from kg.store import Store
from tests import changes, tiny
from tests.test_store import FIRST

ROOT = Path(__file__).parents[1]
SIGNALS = [(signal.SIGINT, 130, "Ctrl-C"), (signal.SIGTERM, 143, "SIGTERM"), (signal.SIGHUP, 129, "SIGHUP")]
TEXT = "本报讯 7月3日，太原市总工会主席王建国来到杏花岭区，看望环卫工人。活动由太原市总工会、杏花岭区环卫中心主办。"
pytestmark = pytest.mark.model


def heed() -> None:
    """A shell's background job would ignore Ctrl-C, one under nohup SIGHUP, and hand that on."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def ended(arguments: Sequence[object], number: int, after: str, stream: str, **environment: str) -> tuple[int, str]:
    """Run kg, send it the signal once ``stream`` says ``after``, and return exit code and its error on stderr."""
    command = [sys.executable, "-c", "from kg.cli import main; main()", *map(str, arguments)]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
        preexec_fn=heed,
    ) as process:
        for line in getattr(process, stream):
            if after in line:
                break
        process.send_signal(number)
        try:
            _, told = process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    # Behind it may stand what Python says of the driver's unclosed ends.
    return process.returncode, next((line for line in told.splitlines() if line.startswith("Error: ")), told)


@pytest.mark.parametrize(("number", "code", "name"), SIGNALS)
def test_an_ingest_that_is_ended_leaves_whole_issues(
    store: Store, endpoint: Endpoint, tmp_path: Path, number: int, code: int, name: str
) -> None:
    changes.replace(store, "first", FIRST)
    rows = [
        {"id": f"{day}-{part}", "text": TEXT, "date": f"2025-07-{day:02}", "publication": "太原晚报"}
        for day in range(1, 29)
        for part in range(4)
    ]
    file = tmp_path / "a.jsonl"
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    given = ("ingest", file, "--uri", endpoint.uri, "--user", endpoint.user, "--ledger", tmp_path / "decisions.csv")
    told = ended(given, number, ": 4 articles", "stdout", KG_PASSWORD=endpoint.password)
    assert told == (code, f"Error: kg ingest: was ended by {name}; nothing is left half done, run it again")
    issues = store.query("MATCH (i:Issue)-[:CONTAINS]->(a) WHERE i.id <> 'first' RETURN i.id, count(a)").rows
    assert 1 <= len(issues) < 28
    assert {count for _, count in issues} == {4}


@pytest.mark.parametrize(("number", "code", "name"), SIGNALS[:2])
def test_a_training_that_is_ended_leaves_no_folder(tmp_path: Path, number: int, code: int, name: str) -> None:
    articles = tiny.articles(60)
    encoder = tiny.write_encoder(tmp_path / "encoder", [labels.full_text(row) for row in articles])
    file = tiny.write_articles(tmp_path / "labels.jsonl", articles)
    given = ("train", file, "--encoder", encoder, "--out", tmp_path / "out", "--epochs", 500, "--held-out", 0.2)
    told = ended(given, number, "epoch 1 of 500", "stderr")
    assert told == (code, f"Error: kg train: was ended by {name}; nothing is left half done, run it again")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["encoder", "labels.jsonl"]


def test_a_command_in_a_thread_leaves_signals_alone(tmp_path: Path) -> None:
    codes: list[int] = []

    def run() -> None:
        codes.append(CliRunner().invoke(main, ["decisions", "--ledger", str(tmp_path / "none.csv")]).exit_code)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert codes == [0]


def test_pre_labelling_that_is_ended_says_so() -> None:
    told = ended(("label", "seeds"), signal.SIGTERM, "loading the model", "stderr")
    assert told == (143, "Error: kg label: was ended by SIGTERM; nothing is left half done, run it again")


def test_who_does_not_find_out_is_put_out() -> None:
    script = """
import os, signal, time
import click
from kg.cli import group

group.PATIENCE = 1

@group.main.command()
def loop():
    print("begun", flush=True)
    while True:
        try:
            time.sleep(1)
        except KeyboardInterrupt:
            pass

group.main(["loop"])
"""
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 143
    assert told == "Error: kg loop: was ended by SIGTERM; nothing is left half done, run it again\n"
