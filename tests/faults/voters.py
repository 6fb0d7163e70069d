"""People who vote while the server dies: they change their minds and press again when no answer comes."""

import asyncio
import random
import re
import time
from dataclasses import dataclass, field

import httpx

from tests.crowd import SLUG
from tests.faults.promises import Write

FAILED = (httpx.HTTPError, OSError)
WORDS = {1: "agree", 0: "pass", -1: "disagree"}
PRESSED = re.compile(r'value="(agree|pass|disagree)" aria-pressed="true"')
SEEN = re.compile(r'action="[^"]+/vote".*?name="seen" value="(\d+)"', re.DOTALL)
PATIENCE = 2.0  # seconds that a voter waits for a reply
STATEMENTS = f"/fi/panels/{SLUG}/statements"
AGREE = f"/fi/panels/{SLUG}/members/agree"
AGREED = {"answer": "yes", "taking_part": "yes"}


@dataclass
class Tab:
    """One tab of one voter."""

    client: httpx.AsyncClient
    voter: str
    name: str
    lone: bool
    """Whether the voter has no other tab."""
    rng: random.Random
    statements: int = 20
    retries: int = 3
    writes: list[Write] = field(default_factory=list)
    latency: list[float] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    """Promises seen broken while voting."""
    seen: dict[int, int] = field(default_factory=dict)
    """The version of each vote that this tab was shown last."""

    async def join(self, code: str) -> None:
        """Come in by the code of the letter and agree to take part, as a person would."""
        for _ in range(50):
            try:
                answer = await self.client.post("/fi/join", data={"code": code})
                assert answer.status_code == 303, answer.text
                answer = await self.client.post(AGREE, data=AGREED)
            except FAILED:
                await asyncio.sleep(0.05)
                continue
            assert answer.status_code == 303, answer.text
            return
        raise TimeoutError(f"{self.voter} could not join")

    async def vote_until(self, stopped: asyncio.Event) -> None:
        """Vote on statements in no order, and often again on the same one."""
        last: dict[int, int] = {}
        while not stopped.is_set():
            statement = self.pick()
            choice = self.rng.choice([choice for choice in WORDS if choice != last.get(statement)])
            key = self.rng.randbytes(16).hex()
            write = Write(self.voter, self.name, statement, choice, key, time.monotonic())
            self.writes.append(write)
            await self.send(write, stopped)
            if write.outcome == "acked":
                last[statement] = choice
                if self.lone and self.rng.random() < 0.1:
                    await self.read_back(write)
            await asyncio.sleep(self.rng.random() * 0.02)

    def pick(self) -> int:
        """Return a statement; of two tabs' picks half are the same within a fifth of a second."""
        together = not self.lone and self.rng.random() < 0.5
        rng = random.Random(f"{self.voter}/{int(time.monotonic() * 5)}") if together else self.rng
        return rng.randint(1, self.statements)

    async def send(self, write: Write, stopped: asyncio.Event) -> None:
        """Press the button, and again under the same key if no answer comes."""
        for write.tries in range(1, self.retries + 2):
            write.sent = time.monotonic()
            try:
                status = await self.post(write)
            except FAILED:
                status = 503
            if status == 200:
                write.end, write.outcome = time.monotonic(), "acked"
                self.latency.append(write.end - write.sent)
                return
            if status < 500:
                if write.tries == 1:  # after a retry the first try may have been stored
                    write.end, write.outcome = time.monotonic(), "refused"
                return
            if stopped.is_set():
                return
            await asyncio.sleep(0.05 + self.rng.random() * 0.15)

    async def post(self, write: Write) -> int:
        """Send the form as the page would, with the version that this tab saw last."""
        seen = self.seen.get(write.statement, 0)
        answer = await self.client.post(
            f"{STATEMENTS}/{write.statement}/vote",
            data={"choice": WORDS[write.choice], "key": write.key, "seen": seen},
            headers={"HX-Request": "true"},
        )
        if answer.status_code == 200:
            self.seen[write.statement] = seen + 1
        elif answer.status_code == 409 and (fresh := SEEN.search(answer.text)):
            self.seen[write.statement] = int(fresh[1])
        return answer.status_code

    async def read_back(self, write: Write) -> None:
        """Ask for the statement's own page: it must show what was just acknowledged."""
        try:
            answer = await self.client.get(f"{STATEMENTS}/{write.statement}")
        except FAILED:
            return
        if answer.status_code == 200 and PRESSED.findall(answer.text) != [WORDS[write.choice]]:
            pressed = PRESSED.findall(answer.text)
            self.found.append(f"read-your-writes: {write.register} was told {write.choice}, reads {pressed}")
