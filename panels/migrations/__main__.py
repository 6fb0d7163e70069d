"""Write the next migration from what the models say: ``python -m panels.migrations "what changes"``."""

import sys
import tempfile
from pathlib import Path

from alembic import command

from panels.database import connect
from panels.migrations import alone, configuration, scripts, upgrade


def write_next(change: str) -> None:
    """Write the difference between the latest migration and the models as the next migration."""
    number = len(list(scripts().walk_revisions())) + 1
    with tempfile.TemporaryDirectory() as folder:
        engine = connect(f"sqlite:///{Path(folder) / 'raati.db'}")
        upgrade(engine)
        with alone(engine) as connection:
            command.revision(configuration(connection), change, autogenerate=True, rev_id=f"{number:04}")
        engine.dispose()


if __name__ == "__main__":
    write_next(" ".join(sys.argv[1:]))
