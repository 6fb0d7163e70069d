"""What the tests of several pages watch."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

Watch = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def watched() -> Watch:
    """Collect the SQL statements within a block, but for those that only hold a transaction together."""

    @contextmanager
    def watch() -> Iterator[list[str]]:
        found: list[str] = []

        def keep(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if not statement.startswith(("savepoint", "release", "rollback", "begin", "update logins")):
                found.append(statement)

        event.listen(Engine, "before_cursor_execute", keep)
        try:
            yield found
        finally:
            event.remove(Engine, "before_cursor_execute", keep)

    return watch
