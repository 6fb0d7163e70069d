"""Write down in which functions the event loop and the writer spend their processor time."""

import cProfile
import io
import pstats
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from panels.writer import Writer

ROOT = str(Path(__file__).parents[2]) + "/"
SHOWN = 70  # functions


@contextmanager
def profiled(report: Path | None) -> Iterator[None]:
    """Profile the block and the writers that it starts, and write the report; do nothing without a file."""
    if report is None:
        yield
        return
    loop, writing = cProfile.Profile(time.thread_time), cProfile.Profile(time.thread_time)
    serve = Writer.serve
    Writer.serve = lambda self: writing.runcall(serve, self)  # type: ignore[method-assign]
    loop.enable()
    try:
        yield
    finally:
        loop.disable()
        report.write_text(f"The writer\n{written(writing)}\nThe event loop\n{written(loop)}")


def written(profile: cProfile.Profile) -> str:
    """Return the functions by their own time and by the time with all that they call."""
    text = io.StringIO()
    for order in ("tottime", "cumulative"):
        pstats.Stats(profile, stream=text).sort_stats(order).print_stats(SHOWN)
    return text.getvalue().replace(ROOT, "")
