"""The job runner: takes work over after its commit and sees it through, whatever crashes."""

from panels.database import Engine
from server.settings import Settings


def launch(settings: Settings, engine: Engine) -> None:
    """Start the runner."""


def stop() -> None:
    """Let the runner finish."""
