"""A browser tab that costs almost nothing: one connection, its cookies, the forms of its page."""

import asyncio
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

BALLOT = re.compile(
    rb'action="([^"]+/vote)".*?name="key" value="(\w+)".*?name="seen" value="(\d+)"', re.DOTALL
)


@dataclass
class Answer:
    """What came back: status, headers in small letters, body, and how long it took."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    seconds: float

    def header(self, name: str) -> str:
        """Return the header's value, empty if there is none."""
        return next((value for found, value in self.headers if found == name), "")


@dataclass
class Tab:
    """A browser tab on the server at ``port``."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    page: bytes = b""

    async def __aenter__(self) -> "Tab":
        """Connect."""
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Hang up."""
        self.writer.close()

    async def ask(self, method: str, address: str, *, htmx: bool = False, **fields: str | int) -> Answer:
        """Send a request and read the answer; keep its cookies and its page."""
        body = urlencode(fields).encode()
        lines = [
            f"{method} {address} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            "Sec-Fetch-Site: same-origin",
        ]
        lines += ["Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items())]
        if method == "POST":
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        if htmx:
            lines += ["HX-Request: true"]
        start = time.perf_counter()
        self.writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = (line.partition(": ") for line in head[1:] if line)
        headers = [(name.lower(), value) for name, _, value in pairs]
        answer = Answer(int(head[0].split()[1]), headers, b"", 0.0)
        answer.body = await self.reader.readexactly(int(answer.header("content-length") or 0))
        answer.seconds = time.perf_counter() - start
        self.keep(answer)
        return answer

    def keep(self, answer: Answer) -> None:
        """Take over the answer's cookies and its page."""
        for name, value in answer.headers:
            if name == "set-cookie":
                cookie, _, content = value.partition(";")[0].partition("=")
                self.cookies[cookie] = content
        if answer.status == 200:
            self.page = answer.body

    async def vote(self, choice: str) -> Answer:
        """Answer the statement on the page as htmx would: the next card comes back."""
        found = BALLOT.search(self.page)
        assert found is not None, self.page.decode()
        address, key, seen = (part.decode() for part in found.groups())
        return await self.ask("POST", address, htmx=True, choice=choice, key=key, seen=seen)
