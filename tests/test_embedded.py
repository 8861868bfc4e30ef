"""The graph in a folder: who shares its server, when it stops, what a kill leaves, and which folders it refuses."""

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from kg import embedded
from kg.embedded import Endpoint, serve
from kg.errors import StoreError
from kg.records import Graph, NodeRow
from kg.store import Store
from kg.transaction import Change
from tests import changes

ROOT = Path(__file__).parents[1]
USER = """
import sys
from pathlib import Path
from kg.embedded import serve
with serve(Path(sys.argv[1])) as endpoint:
    print(endpoint.uri, flush=True)
    sys.stdin.readline()
"""


@contextmanager
def user(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that uses the folder until its standard input ends."""
    with subprocess.Popen(
        [sys.executable, "-c", USER, str(folder)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def server_id(folder: Path) -> int | None:
    """Return the process that serves the folder."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().decode().split("\0")
        except OSError:
            continue
        if "kg.embedded" in words and str(folder) in words:
            return int(path.parent.name)
    return None


def listening(process_id: int) -> set[str]:
    """Return the local addresses, in the kernel's spelling, on which a process listens."""
    own = {str(path.readlink()) for path in Path(f"/proc/{process_id}/fd").iterdir() if path.is_symlink()}
    tables = (Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()).splitlines()
    rows = [row.split() for row in tables]
    return {row[1].rpartition(":")[0] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in own}


def connect(endpoint: Endpoint) -> Store:
    return Store.connect(endpoint.uri, user=endpoint.user, password=endpoint.password)


def await_end(folder: Path) -> None:
    deadline = time.monotonic() + 30
    while server_id(folder):
        assert time.monotonic() < deadline
        time.sleep(0.1)


ISSUE = Graph(
    nodes=(NodeRow(labels=("Issue",), id="first", properties={"sha256": "0", "recognizer": "test"}),), edges=()
)
linux = pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="reads /proc to see processes and their sockets")


@linux
def test_serve_keeps_to_itself(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "new" / "graph"
    with serve(folder) as endpoint:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / "endpoint.json").stat().st_mode) == 0o600
        assert json.loads((folder / "endpoint.json").read_text())["password"] == endpoint.password
        server = server_id(folder)
        assert server
        loopback = {"0100007F", "0000000000000000FFFF00000100007F"}
        addresses = listening(server)
        assert addresses
        assert addresses <= loopback
        assert endpoint.password not in Path(f"/proc/{server}/cmdline").read_text()
        assert endpoint.password not in Path(f"/proc/{server}/environ").read_text()
    assert not (folder / "endpoint.json").exists()
    await_end(folder)
    assert capfd.readouterr() == ("", "")


@linux
def test_processes_share_a_server_that_outlives_the_first(tmp_path: Path) -> None:
    with user(tmp_path) as first, user(tmp_path) as second:
        # Both start at once; one server comes of it.
        address = line(first)
        assert line(second) == address
        first.communicate()
        with serve(tmp_path) as endpoint:
            assert endpoint.uri == address
            second.kill()
            with connect(endpoint) as store:
                changes.replace(store, "first", ISSUE)
                assert store.stored_issue("first")
    # The graph is closed by now; the Java runtime takes a moment longer.
    await_end(tmp_path)


@linux
def test_killed_user_and_killed_server(tmp_path: Path) -> None:
    with serve(tmp_path) as endpoint, connect(endpoint) as store:
        store.prepare()
        changes.replace(store, "first", ISSUE)
        server = server_id(tmp_path)
        assert server
        os.kill(server, signal.SIGKILL)
        with pytest.raises(StoreError, match=r": no graph database answers; start it or check KG_URI$"):
            store.query("MATCH (n) RETURN n")
    # Its endpoint.json is still there, and is not believed.
    assert (tmp_path / "endpoint.json").exists()
    with user(tmp_path) as process:
        address = line(process)
        assert address != endpoint.uri
        process.kill()
    await_end(tmp_path)
    with serve(tmp_path) as endpoint, connect(endpoint) as store:
        assert store.stored_issue("first")


def test_writers_take_turns(tmp_path: Path) -> None:
    began: list[str] = []
    with serve(tmp_path) as endpoint, connect(endpoint) as first:
        first.prepare()

        def write(id_: str) -> None:
            def work(change: Change) -> None:
                began.append(id_)
                change.begin()
                change.put(replace(ISSUE, nodes=(replace(ISSUE.nodes[0], id=id_),)), {})
                time.sleep(0.5)  # long enough for the others to come between

            turn = partial(embedded.turn, tmp_path)
            with Store.connect(endpoint.uri, user=endpoint.user, password=endpoint.password, turn=turn) as store:
                store.change(work)

        threads = [threading.Thread(target=write, args=(id_,)) for id_ in ("one", "two", "three")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(began) == ["one", "three", "two"], "each has to be done once only"
        assert first.query("MATCH (i:Issue) RETURN count(i)").rows == ((3,),)


def test_serve_refuses_a_folder_of_something_else(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear reader")
    with (
        pytest.raises(StoreError, match="holds other files and no graph; give an empty or a new folder"),
        serve(tmp_path),
    ):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_serve_refuses_a_file(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("dear reader")
    for folder in (path, path / "graph"):
        with pytest.raises(StoreError, match=f"^{folder}: is no folder; "), serve(folder):
            pass


@linux
def test_serve_refuses_a_place_that_cannot_be_written() -> None:
    with (
        pytest.raises(StoreError, match=r"^/proc/graph: cannot be used \(.*\); give a folder"),
        serve(Path("/proc/graph")),
    ):
        pass


def test_serve_names_why_a_graph_does_not_open(tmp_path: Path) -> None:
    (tmp_path / ".newspaper-kg").touch()
    (tmp_path / "databases").write_text("not a folder")
    message = r": the graph cannot be opened \(.*databases.*\); read its server.log$"
    with pytest.raises(StoreError, match=message), serve(tmp_path):
        pass


def test_serve_refuses_a_full_disk_and_leaves_nothing_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "LEAST_FREE", 2**60)
    message = r"/new/graph: its disk has \d+ MB free, a graph needs \d+; free some, or give a folder elsewhere"
    with pytest.raises(StoreError, match=message), serve(tmp_path / "new" / "graph"):
        pass
    assert not list(tmp_path.iterdir())
