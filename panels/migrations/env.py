"""Run by alembic: puts the migrations into the transaction that is already open."""

from alembic import context

from panels.migrations import as_text, tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables(),
    render_item=as_text,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
