"""Run the real server in a process of its own: for browsers, fault tests and benchmarks.

As a program: ``python -m tests.serve --port 8000`` with the RAATI_… settings in the environment; ``--help``
names what else can be asked.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import uvicorn

READY_IN = 30  # seconds
SECRET = "t" * 32


@dataclass(frozen=True)
class Server:
    """A server that answers: where, and as which process."""

    port: int
    pid: int

    @property
    def address(self) -> str:
        """The base address."""
        return f"http://127.0.0.1:{self.port}"

    def processor_seconds(self) -> float:
        """Return the processor time that the process has used, user and system, without its children."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(database: str, port: int, **more: str) -> dict[str, str]:
    """Return the environment of a server on the database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RAATI_")}
    settings = {
        "RAATI_DATABASE": database.removeprefix("sqlite:///"),
        "RAATI_BASE_URL": f"http://127.0.0.1:{port}",
        "RAATI_SECRET": SECRET,
    }
    return {**kept, **settings, **more}


@contextmanager
def serving(database: str, *options: str, **more: str) -> Iterator[Server]:
    """Serve the database with the program's options and further settings until the block ends."""
    port = free_port()
    command = [sys.executable, "-m", "tests.serve", "--port", str(port), *options]
    with subprocess.Popen(command, env=environment(database, port, **more)) as process:
        try:
            wait_until_ready(process, port)
            yield Server(port, process.pid)
        finally:
            process.send_signal(signal.SIGTERM)


def wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    """Return once the server can write."""
    for _ in range(READY_IN * 20):
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
                assert answer.status == 200
                return
        except (URLError, ConnectionError):
            if process.poll() is not None:
                break
            time.sleep(0.05)
    raise RuntimeError(f"the server did not become ready (exit status {process.poll()})")


def main() -> None:
    """Serve until SIGTERM."""
    from server import settings
    from server.app import make_app
    from tests.benchmarks import profile
    from tests.faults import mutants

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--unlimited", action="store_true", help="count no requests")
    parser.add_argument("--without-jobs", action="store_true", help="start no job runner")
    parser.add_argument("--mutant", choices=mutants.MUTANTS, help="break a promise on purpose")
    parser.add_argument("--profile", type=Path, help="write at the end where the time went")
    asked = parser.parse_args()
    if asked.mutant:
        mutants.MUTANTS[asked.mutant]()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # uvicorn raises it again when it has stopped
    with profile.profiled(asked.profile):
        app = make_app(settings.read(), limited=not asked.unlimited, jobs=not asked.without_jobs)
        uvicorn.run(app, port=asked.port, proxy_headers=False, access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
