"""A folder -> the Bolt endpoint of the graph in it: ArcadeDB on 127.0.0.1, nothing to install or start.

The engine runs in a process of its own, which the first ``serve`` of a folder starts, further ones share, and which
stops once the last of them has gone.  So no command loses its server because another one ended first, the Java runtime
stays out of the process that runs the recognition model, and a killed command takes no open database down with it.

Who is there is told by file locks, which the kernel drops with a killed process: whoever uses the folder holds
``.newspaper-kg`` shared, the server holds ``server.lock`` and takes ``.newspaper-kg`` for itself before it closes.
"""

import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import FrameType

from kg.errors import StoreError

DATABASE = "graph"
MARKER = ".newspaper-kg"
# Three seconds on an idle machine, twelve with both cores busy.
START_SECONDS = 90.0
STOP_SECONDS = 15.0
START_ATTEMPTS = 2
LOCK_ATTEMPTS = 10
PAUSE_SECONDS = 0.05
# An empty graph takes one; with less than this the engine fails after most of a minute, and does not say why.
LEAST_FREE = 16 * 2**20
# A server that lives as long as one command: the quick compiler alone starts in two thirds of the time.  A larger heap
# may be asked for by ARCADEDB_JVM_ARGS=-Xmx4g.
JAVA_OPTIONS = ("-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
HANDSHAKE = bytes.fromhex("6060b017 00000405 00000404 00000004 00000000")
ANALYZER = "org.apache.lucene.analysis.cjk.CJKAnalyzer"
# Cypher cannot declare a full-text index here; the name this gets, Article[title,text], is also the one on Neo4j.
FULL_TEXT = (
    "CREATE VERTEX TYPE Article IF NOT EXISTS",
    "CREATE PROPERTY Article.title IF NOT EXISTS STRING",
    "CREATE PROPERTY Article.text IF NOT EXISTS STRING",
    f'CREATE INDEX IF NOT EXISTS ON Article (title, text) FULL_TEXT METADATA {{"analyzer": "{ANALYZER}"}}',
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a Bolt server listens and who may enter."""

    uri: str
    user: str
    password: str = field(repr=False)


@contextmanager
def serve(folder: Path, *, create: bool = True) -> Iterator[Endpoint]:
    """Yield the endpoint of the graph in ``folder``; one that is not there is made, or with ``create=False`` refused.

    The password is drawn anew each time the server starts and stands in ``endpoint.json``, for its owner only.  The
    last one to leave waits until the graph is closed, so that the folder may then be copied or removed.
    """
    folder = folder.absolute()
    if not create and not (folder / MARKER).exists():
        raise StoreError(f"{folder}: holds no graph; run kg ingest first, or give its folder with --db")
    _claim(folder)
    deadline = time.monotonic() + START_SECONDS
    with (folder / MARKER).open("rb") as user:
        # A server that is just closing holds the marker for about a second.
        while not _lock(user.fileno(), fcntl.LOCK_SH):
            _pause(folder, deadline=deadline)
        yield _find_or_start(folder, deadline=deadline)
        is_last = _lock(user.fileno(), fcntl.LOCK_EX)
    if is_last:
        _await_end(folder)


@contextmanager
def turn(folder: Path) -> Iterator[None]:
    """Wait until no other command writes to the graph in ``folder``, and keep the others waiting.

    The engine lets writers run side by side and refuses all but the first to finish: of two long ones, one would be
    refused again and again.
    """
    with (folder / "writer.lock").open("ab") as lock:
        fcntl.flock(lock.fileno(), fcntl.LOCK_EX)
        yield


def is_there(folder: Path) -> bool:
    """Tell whether ``folder`` holds a graph; raises StoreError, with nothing made, where none can be."""
    with _refused(folder):
        nearest = next(path for path in (folder, *folder.absolute().parents) if path.exists())
        names = {path.name for path in nearest.iterdir()} if nearest == folder else set()
        if names and MARKER not in names:
            raise StoreError(f"{folder}: holds other files and no graph; give an empty or a new folder")
        # Found out here: the server's own complaint would only stand in its log.
        if not nearest.is_dir():
            raise NotADirectoryError
        if not os.access(nearest, os.W_OK):
            raise PermissionError(13, "not writable")
        return MARKER in names


def _claim(folder: Path) -> None:
    is_there(folder)
    with _refused(folder):
        disk = shutil.disk_usage(next(path for path in (folder, *folder.parents) if path.exists()))
        if disk.total and disk.free < LEAST_FREE:  # /proc has neither
            raise StoreError(
                f"{folder}: its disk has {disk.free // 2**20} MB free, a graph needs {LEAST_FREE // 2**20}; "
                "free some, or give a folder elsewhere with --db"
            )
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        (folder / MARKER).touch(mode=0o600)


@contextmanager
def _refused(folder: Path) -> Iterator[None]:
    try:
        yield
    except (FileExistsError, NotADirectoryError) as error:
        raise StoreError(f"{folder}: is no folder; give an empty or a new folder") from error
    except OSError as error:
        raise StoreError(f"{folder}: cannot be used ({error.strerror}); give a folder that you may write to") from error


def _lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _pause(folder: Path, *, deadline: float) -> None:
    if time.monotonic() > deadline:
        raise StoreError(
            f"{folder}: its server did not answer within {START_SECONDS:.0f} seconds; read {folder / 'server.log'}"
        )
    time.sleep(PAUSE_SECONDS)


def _find_or_start(folder: Path, *, deadline: float) -> Endpoint:
    attempts = 0
    while True:
        if _is_served(folder):
            endpoint = _answering(folder)
            if endpoint:
                return endpoint
        elif attempts < START_ATTEMPTS:
            attempts += 1
            _launch(folder)
        else:
            raise StoreError(f"{folder}: the graph cannot be opened ({_last_words(folder)}); read its server.log")
        _pause(folder, deadline=deadline)


def _is_served(folder: Path) -> bool:
    with (folder / "server.lock").open("ab") as lock:
        return not _lock(lock.fileno(), fcntl.LOCK_SH)


def _answering(folder: Path) -> Endpoint | None:
    """Return what ``endpoint.json`` says if a Bolt server answers there: after a SIGKILL the file is stale."""
    try:
        endpoint = Endpoint(**json.loads((folder / "endpoint.json").read_text(encoding="utf-8")))
        with socket.create_connection(("127.0.0.1", int(endpoint.uri.rpartition(":")[2])), timeout=5) as connection:
            connection.sendall(HANDSHAKE)
            return endpoint if len(connection.recv(4)) == 4 else None
    except (OSError, ValueError):
        return None


def _launch(folder: Path) -> None:
    """Start a server process that is nobody's child, and return as soon as it holds the folder or another one does."""
    # The package must be found where this process found it, whatever the working folder.
    path = os.pathsep.join(filter(None, (str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH"))))
    # A session of its own, so that Ctrl-C at a command does not also hit the server in mid-write.
    with (folder / "server.log").open("ab") as log:
        subprocess.run(  # noqa: S603 -- this very module
            [sys.executable, "-m", "kg.embedded", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,
            umask=0o077,
            check=False,
        )


def _last_words(folder: Path) -> str:
    lines = (folder / "server.log").read_text(encoding="utf-8", errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")[:400]


def _await_end(folder: Path) -> None:
    deadline = time.monotonic() + STOP_SECONDS
    while _is_served(folder) and time.monotonic() < deadline:
        time.sleep(PAUSE_SECONDS)


def _run(folder: Path) -> None:
    """Serve ``folder`` until nobody uses it any more, or until SIGTERM: the server process."""
    with (folder / "server.lock").open("ab") as lock, (folder / MARKER).open("rb") as users:
        attempts = 1
        while not _lock(lock.fileno(), fcntl.LOCK_EX):
            # Some patience: a command that looks whether a server is there holds the lock for an instant.
            if attempts == LOCK_ATTEMPTS:
                return
            attempts += 1
            time.sleep(PAUSE_SECONDS)
        # The half that goes on inherits the lock; the other one ends, so that the command need not look after a child.
        if os.fork():
            os._exit(0)
        os.truncate(folder / "server.log", 0)
        (folder / "endpoint.json").unlink(missing_ok=True)
        try:
            with _engine(folder) as endpoint:
                _publish(folder, endpoint=endpoint)
                fcntl.flock(users.fileno(), fcntl.LOCK_EX)
        except Exception:
            # Said while the lock still stands: whoever waits for it reads the last line as soon as it falls.
            traceback.print_exc()
            sys.exit(1)
        (folder / "endpoint.json").unlink(missing_ok=True)


@contextmanager
def _engine(folder: Path) -> Iterator[Endpoint]:
    # Here, not above: it loads the Java runtime, which only this process needs.
    import jpype
    from arcadedb_embedded.server import ArcadeDBServer

    port, http_port = _free_ports(2)
    endpoint = Endpoint(uri=f"bolt://127.0.0.1:{port}", user="root", password=secrets.token_urlsafe(24))
    # The engine keeps a hash of the first password it was ever given; without the file it takes the new one.
    (folder / "config" / "server-users.jsonl").unlink(missing_ok=True)
    config = {
        "host": "127.0.0.1",
        "http_port": http_port,
        "bolt_port": port,
        "bolt_defaultDatabase": DATABASE,
        # A batch of a thousand articles is larger than the 16 MB that it takes by itself.
        "bolt_maxMessageSize": 256 * 1024 * 1024,
        "server_plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
        # Its production mode would hide the message of every query error.
        "mode": "development",
    }
    server = ArcadeDBServer(str(folder), endpoint.password, config, {"heap_size": None, "jvm_args": JAVA_OPTIONS})
    settings = jpype.JClass("com.arcadedb.GlobalConfiguration")
    # A commit reaches the disk before it is reported: a power cut must not take it back.
    settings.TX_WAL_FLUSH.setValue(1)
    # A query must not read this machine's files.
    settings.OPENCYPHER_LOAD_CSV_ALLOW_FILE_URLS.setValue(False)
    settings.OPENCYPHER_LOAD_CSV_ALLOW_REMOTE_URLS.setValue(False)
    signal.signal(signal.SIGTERM, _leave)
    with server:
        database = server.create_database(DATABASE)
        for statement in FULL_TEXT:
            database.command("sql", statement)
        yield endpoint


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _free_ports(count: int) -> list[int]:
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


def _publish(folder: Path, *, endpoint: Endpoint) -> None:
    draft = folder / "endpoint.json.new"
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(asdict(endpoint)), encoding="utf-8")
    # In one step: a reader sees the whole file or none.
    draft.replace(folder / "endpoint.json")


if __name__ == "__main__":
    _run(Path(sys.argv[1]))
