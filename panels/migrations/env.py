"""Run by alembic: puts the migrations into the transaction that is already open."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Enum

from panels.migrations import tables


def render(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Write enumerations as the plain text that they are stored as: migrations do not list their values."""
    return "sa.String()" if kind == "type" and isinstance(item, Enum) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables(),
    render_item=render,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
