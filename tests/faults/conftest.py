"""The option that asks for the long form of the fault tests."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="kill the server as often as a release needs")


@pytest.fixture
def long(request: pytest.FixtureRequest) -> bool:
    """Whether the long form is asked for; without it, a form that fits into every run of the tests."""
    return bool(request.config.getoption("--long", default=False))


@pytest.fixture
def only_long(long: bool) -> None:
    """Leave the test to the long form."""
    if not long:
        pytest.skip("belongs to the long form: make faults")
