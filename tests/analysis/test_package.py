import subprocess
import sys
from pathlib import Path

import pytest

import analysis

ROOT = Path(__file__).parents[2]


def test_every_public_name_is_there() -> None:
    assert all(getattr(analysis, name) is not None for name in analysis.__all__)


def test_another_name_is_not() -> None:
    with pytest.raises(AttributeError, match="no attribute 'guess'"):
        _ = analysis.guess


def test_printing_cells_and_choosing_words_load_no_numbers() -> None:
    program = "import sys, analysis.small_cells, analysis.word_ladder; print(sorted(sys.modules))"
    command = [sys.executable, "-c", program]
    loaded = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    assert "'analysis.word_ladder'" in loaded
    assert "'numpy'" not in loaded
    assert "'sklearn'" not in loaded
