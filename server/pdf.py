"""Makes PDFs: a typst template and its data in, a file that screen readers can follow out (PDF/UA-1)."""

import json
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import segno
import typst

ROOT = Path(__file__).parent
TEMPLATES = ROOT.parent / "templates"
FONTS = ROOT / "fonts"
KEPT = 32  # files of about 100 kB: whoever prints one asks for it again soon


def pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """Return the filled template as a file; texts reach it as data, never as a part of its source."""
    return made(template, json.dumps(data, sort_keys=True))


@lru_cache(KEPT)
def made(template: str, data: str) -> bytes:
    """Return the file; the same data give the same file.

    A text with a sign that no font has, such as a smiley, breaks the standard: then the file does without.
    """
    try:
        return compiled(template, data, "ua-1")
    except typst.TypstError as error:
        if "could not be displayed with font" not in str(error):
            raise
        return compiled(template, data, "1.7")


def compiled(template: str, data: str, standard: Literal["ua-1", "1.7"]) -> bytes:
    """Return the file in the standard. Raises TypstError."""
    return typst.compile(
        TEMPLATES / template,
        root=TEMPLATES,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"data": data},
        pdf_standards=standard,
    )


def qr(address: str) -> str:
    """Return the picture that a telephone reads as the address, as SVG."""
    kept = BytesIO()
    segno.make(address, error="m", micro=False).save(kept, kind="svg", border=0, xmldecl=False)
    return kept.getvalue().decode()
