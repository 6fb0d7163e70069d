"""The option that asks for the long form of the fault tests."""

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="kill the server as often as a release needs")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the long form to ``make faults``."""
    is_long = config.getoption("--long", default=False)
    return True if collection_path.name == "test_long.py" and not is_long else None
