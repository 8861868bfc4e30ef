"""Neo4j without a container engine: its jars from Maven Central, its data in a folder, on 127.0.0.1 only.

``python scripts/neo4j/server.py`` starts it for a person, with Neo4j Browser, until Ctrl-C; the tests use ``running``.
The jars (140 MB) are fetched once, into ``~/.cache/newspaper-kg`` or the folder that KG_NEO4J_CACHE names.  Java 17 or
newer is taken from JAVA_HOME, from the PATH or from the arcadedb-embedded package; fetching needs Maven (``mvn``).
"""

import argparse
import ctypes
import importlib.util
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

POM = Path(__file__).with_name("pom.xml")
START_SECONDS = 180.0
STOP_SECONDS = 60.0
OLDEST_JAVA = 17
PR_SET_PDEATHSIG = 1
OPENED = [
    f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in ("java.nio", "java.io", "sun.nio.ch", "java.lang")
]
CONFIGURATION = """\
server.default_listen_address=127.0.0.1
server.bolt.listen_address=127.0.0.1:{bolt_port}
server.http.listen_address=127.0.0.1:{http_port}
server.https.enabled=false
server.memory.pagecache.size=128m
dbms.usage_report.enabled=false
client.allow_telemetry=false
"""


class UnavailableError(Exception):
    """Neo4j cannot be had here; the message says what is missing and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a running server listens and who may enter."""

    uri: str
    browser: str
    user: str
    password: str = field(repr=False)


@contextmanager
def running(home: Path, *, password: str, bolt_port: int = 0, http_port: int = 0) -> Iterator[Address]:
    """Run a server with its data in ``home`` as long as the context is open.

    Port 0 takes a free one.  ``password`` counts for a new ``home`` only: Neo4j keeps the one it was first given.
    Raises UnavailableError.
    """
    bolt_port, http_port = _free_port(bolt_port), _free_port(http_port)
    # The quick compiler alone starts in half the time; those who load years of issues install Neo4j for good.
    java = [_java(), "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", *OPENED, "-cp", f"{jars()}/*"]
    for folder in ("conf", "logs"):
        (home / folder).mkdir(parents=True, exist_ok=True)
    configuration = CONFIGURATION.format(bolt_port=bolt_port, http_port=http_port)
    (home / "conf" / "neo4j.conf").write_text(configuration, encoding="utf-8")
    environment = {**os.environ, "NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")}
    if not (home / "data").exists():
        # By a file: an argument would show the password to everyone who lists the processes.
        arguments = _argument_file(home, ["org.neo4j.cli.AdminTool", "dbms", "set-initial-password", password])
        _call([*java, f"@{arguments}"], environment, "setting the first password")
        arguments.unlink()
    entry = ["org.neo4j.server.CommunityEntryPoint", f"--home-dir={home}", f"--config-dir={home / 'conf'}"]
    log = home / "logs" / "neo4j.log"
    # What an earlier run wrote there would be taken for this one's.
    log.unlink(missing_ok=True)
    # A session of its own: Ctrl-C reaches this process first, which then stops the server in order.
    with (home / "logs" / "console.log").open("wb") as console:
        process = subprocess.Popen(
            [*java, *entry],
            env=environment,
            stdout=console,
            stderr=console,
            start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )
    try:
        _await_start(process, log)
        yield Address(
            uri=f"bolt://127.0.0.1:{bolt_port}",
            browser=f"http://127.0.0.1:{http_port}/browser/?dbms=bolt://neo4j@127.0.0.1:{bolt_port}",
            user="neo4j",
            password=password,
        )
    finally:
        _stop(process)


def jars() -> Path:
    """Return the folder of the server's jars, fetched with Maven if they are not there."""
    cache = Path(os.environ.get("KG_NEO4J_CACHE") or Path.home() / ".cache" / "newspaper-kg")
    folder = cache / f"neo4j-{_version()}"
    if folder.exists():
        return folder
    maven = shutil.which("mvn")
    if not maven:
        raise UnavailableError(f"{folder}: is not there and Maven is missing; install mvn or set KG_TEST_NEO4J_URI")
    cache.mkdir(parents=True, exist_ok=True)
    # Under another name until it is complete: a run that is cut short, or a second one beside it, does no harm.
    draft = Path(tempfile.mkdtemp(prefix="neo4j-", dir=cache))
    try:
        goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={draft}"]
        _call([maven, "-B", "-q", "-f", str(POM), *goal], dict(os.environ), "fetching Neo4j with Maven")
        if not folder.exists():
            draft.chmod(0o755)
            draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder


def _version() -> str:
    match = re.search(r"<neo4j\.version>(.+?)</neo4j\.version>", POM.read_text(encoding="utf-8"))
    if not match:
        raise UnavailableError(f"{POM}: names no neo4j.version; restore it")
    return match[1]


def _java() -> str:
    candidates = [shutil.which("java")]
    if os.environ.get("JAVA_HOME"):
        candidates.insert(0, str(Path(os.environ["JAVA_HOME"]) / "bin" / "java"))
    embedded = importlib.util.find_spec("arcadedb_embedded")
    if embedded and embedded.submodule_search_locations:
        candidates.append(str(Path(embedded.submodule_search_locations[0]) / "jre" / "bin" / "java"))
    for java in candidates:
        if java and Path(java).exists():
            said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
            version = re.search(r'version "(\d+)', said)
            if version and int(version[1]) >= OLDEST_JAVA:
                return java
    raise UnavailableError(f"java: no Java {OLDEST_JAVA} or newer found; install one or pip install arcadedb-embedded")


def _free_port(port: int) -> int:
    try:
        with socket.create_server(("127.0.0.1", port)) as listener:
            return int(listener.getsockname()[1])
    except OSError as error:
        raise UnavailableError(f"127.0.0.1:{port}: is in use; stop the other server or choose another port") from error


def _argument_file(home: Path, arguments: Sequence[str]) -> Path:
    path = home / "conf" / "arguments"
    path.touch(mode=0o600)
    path.write_text("\n".join(f'"{argument}"' for argument in arguments), encoding="utf-8")
    return path


def _call(command: Sequence[str], environment: dict[str, str], what: str) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()
        raise UnavailableError(
            f"{what}: failed ({' '.join(lines[-3:])}); try the command by hand: {' '.join(command[:6])} …"
        )


def _await_start(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not (log.exists() and b"Started." in log.read_bytes()):
        if process.poll() is not None or time.monotonic() > deadline:
            raise UnavailableError(f"Neo4j: did not start; read {log} and console.log beside it")
        time.sleep(0.2)


def _end_with_parent() -> None:
    # A test run that is killed stops nothing; without this its server would stay for good, with 400 MB of memory.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> None:
    """Run a server for a person until Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(description="Run Neo4j on 127.0.0.1 with its Browser until Ctrl-C.")
    parser.add_argument(
        "--home", type=Path, default=Path("neo4j-home"), help="folder of its data (default: %(default)s)"
    )
    parser.add_argument("--bolt-port", type=int, default=7687, help="(default: %(default)s)")
    parser.add_argument("--http-port", type=int, default=7474, help="(default: %(default)s)")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, _leave)
    home = options.home.absolute()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    password_file = home / "password"
    try:
        if not password_file.exists():
            password_file.touch(mode=0o600)
            password_file.write_text(secrets.token_urlsafe(24), encoding="utf-8")
        password = password_file.read_text(encoding="utf-8").strip()
        with running(home, password=password, bolt_port=options.bolt_port, http_port=options.http_port) as address:
            print(f"Bolt      {address.uri}  (export KG_URI={address.uri} KG_USER={address.user})")
            print(f"Browser   {address.browser}")
            print(f'Password  in {password_file}  (export KG_PASSWORD="$(cat {password_file})")')
            print("Ctrl-C stops the server.", flush=True)
            signal.pause()
    except KeyboardInterrupt:
        print("Stopped.")
    except UnavailableError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
