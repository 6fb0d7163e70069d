"""What people type: read within limits, cleaned, and checked field by field."""

import re
import unicodedata
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncGenerator, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from panels.errors import RefusedError

MOST_FIELDS = 100
CONTROLS = re.compile(
    "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
MARKS = re.compile(
    "([\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{8})[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63}")
DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")  # as browsers send it; Python itself reads week dates too

Form = Mapping[str, str]


async def read(request: Request, most: int, fields: int = MOST_FIELDS, *, file: bool = False) -> Form:
    """Return the form's fields, cleaned; ``file`` lets it bring a file, packed. Raises 400, 413, 415."""
    body = await read_body(request, most)
    if not body:
        return {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if file and kind == "multipart/form-data":
        return await read_parts(request, body, fields)
    if kind != "application/x-www-form-urlencoded":
        raise HTTPException(415)
    try:
        pairs = parse_qsl(
            body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=fields
        )
    except ValueError as error:  # also a UnicodeDecodeError
        raise HTTPException(400) from error
    return {name: clean(value) for name, value in pairs}


async def read_parts(request: Request, body: bytes, fields: int) -> Form:
    """Return the fields of a form that brings a file. Raises 400."""

    async def stream() -> AsyncGenerator[bytes]:
        yield body

    try:
        parts = await MultiPartParser(request.headers, stream(), max_files=1, max_fields=fields).parse()
    except (MultiPartException, KeyError) as error:  # a form that does not say what parts its parts
        raise HTTPException(400) from error
    found = {}
    for name, value in parts.multi_items():
        whole = value if isinstance(value, str) else await run_in_threadpool(pack, await value.read())
        found[name] = clean(whole)
    await parts.close()
    return found


def pack(content: bytes) -> str:
    """Return a file as a field of a form carries it: until somebody has accepted it, it is stored nowhere."""
    return urlsafe_b64encode(zlib.compress(content, 1)).decode()


def unpack(packed: str, most: int) -> bytes:
    """Return the file in the field. Raises 400, 413."""
    try:
        opened = zlib.decompressobj()
        content = opened.decompress(urlsafe_b64decode(packed), most)
    except (ValueError, zlib.error) as error:
        raise HTTPException(400) from error
    if opened.unconsumed_tail:
        raise HTTPException(413)
    return content


async def read_body(request: Request, most: int) -> bytes:
    """Return the body; give up as soon as it is longer than ``most`` bytes. Raises 400, 413."""
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal():
        raise HTTPException(400)
    if int(announced) > most:
        raise HTTPException(413)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise HTTPException(413)
    return body


def clean(value: str) -> str:
    """Return the text in its one spelling (NFC, LF), without invisible signs. Raises 400 for NUL."""
    if value.isascii() and value.isprintable():
        return value
    if "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise HTTPException(400)
    value = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n")
    return MARKS.sub(r"\1", CONTROLS.sub("", value))


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field: the rule's code and the values of its sentence."""

    field: str
    code: str
    values: Mapping[str, object]


@dataclass
class Fields:
    """Reads a form's fields and collects what is wrong with them."""

    form: Form
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, name: str, code: str, **values: object) -> None:
        """Keep a problem of the field."""
        self.problems.append(Problem(name, code, values))

    def add(self, error: RefusedError) -> None:
        """Keep what a rule refused."""
        self.problems.append(Problem(error.field, error.code, error.values))

    def text(self, name: str, *, least: int = 1, most: int) -> str:
        """Return the field's text without space around it; ``least`` 0 makes it optional."""
        value = self.form.get(name, "").strip()
        if not value and least:
            self.refuse(name, "missing")
        elif len(value) < least:
            self.refuse(name, "too_short", least=least)
        elif len(value) > most:
            self.refuse(name, "too_long", most=most, over=len(value) - most)
        return value

    def choice(self, name: str, options: Collection[str]) -> str:
        """Return the chosen option."""
        value = self.form.get(name, "")
        if value not in options:
            self.refuse(name, "not_an_option" if value else "missing")
        return value

    def email(self, name: str) -> str:
        """Return the e-mail address in small letters."""
        value = self.form.get(name, "").strip().lower()
        if not value:
            self.refuse(name, "missing")
        elif "@" not in value:
            self.refuse(name, "no_at_sign")
        elif len(value) > 254 or not EMAIL.fullmatch(value):
            self.refuse(name, "not_an_address")
        return value

    def day(self, name: str, *, required: bool = True) -> date | None:
        """Return the date, written 2027-03-08."""
        value = self.form.get(name, "").strip()
        try:
            return date.fromisoformat(value if DATE.fullmatch(value) else "")
        except ValueError:
            if value or required:
                self.refuse(name, "not_a_date" if value else "missing")
            return None

    def whole(self, name: str, *, least: int, most: int) -> int:
        """Return a whole number within limits."""
        value = self.form.get(name, "").strip()
        if not (value.isascii() and value.isdecimal() and len(value) < 10 and least <= int(value) <= most):
            self.refuse(name, "not_a_number" if value else "missing", least=least, most=most)
            return least
        return int(value)


def key(form: Form) -> str:
    """Return the form's key, the same on every retry. Raises 422."""
    value = form.get("key", "")
    if not re.fullmatch("[0-9a-f]{32}", value):
        raise HTTPException(422)
    return value


def seen(form: Form) -> int:
    """Return the version that the form showed. Raises 422."""
    value = form.get("seen", "")
    if not (value.isascii() and value.isdecimal() and len(value) < 10):
        raise HTTPException(422)
    return int(value)
