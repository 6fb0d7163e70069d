"""A phone in a lift: a TCP proxy that delays, cuts and delivers late."""

import asyncio
import random
from asyncio import StreamReader, StreamWriter
from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True)
class Chances:
    """How bad the network is, per chunk sent."""

    lose_reply: float = 0.0
    """The request arrives, its reply is cut."""
    cut_request: float = 0.0
    """Half of the request arrives."""
    late: float = 0.0
    """The voter sees a cut, and the whole request arrives half a second to three seconds later."""


class FlakyNetwork:
    """Carries what is sent to ``port`` on to the server, badly."""

    def __init__(self, port: int, server: int, rng: random.Random, chances: Chances) -> None:
        """Keep where to and how."""
        self.port, self.server, self.rng, self.chances = port, server, rng, chances
        self.counts: Counter[str] = Counter()
        self.late: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen."""
        self.listener = await asyncio.start_server(self.connection, "127.0.0.1", self.port, backlog=512)

    async def connection(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Carry one connection, both ways."""
        try:
            back, forth = await asyncio.open_connection("127.0.0.1", self.server)
        except OSError:
            writer.close()
            return
        ends = (writer, forth)
        await asyncio.gather(self.carry_requests(reader, forth, ends), self.carry_replies(back, writer, ends))

    async def carry_requests(
        self, source: StreamReader, target: StreamWriter, ends: tuple[StreamWriter, ...]
    ) -> None:
        """Carry requests until one is cut or goes astray."""
        try:
            while data := await source.read(65536):
                if self.happens("late"):
                    task = asyncio.create_task(self.deliver_late(data))
                    self.late.add(task)
                    return
                if self.happens("cut_request"):
                    target.write(data[: len(data) // 2])
                    await target.drain()
                    return
                target.write(data)
                await target.drain()
        except OSError:
            return
        finally:
            hang_up(ends)

    async def carry_replies(
        self, source: StreamReader, target: StreamWriter, ends: tuple[StreamWriter, ...]
    ) -> None:
        """Carry replies until one is lost."""
        try:
            while (data := await source.read(65536)) and not self.happens("lose_reply"):
                target.write(data)
                await target.drain()
        except OSError:
            return
        finally:
            hang_up(ends)

    def happens(self, fault: str) -> bool:
        """Return whether the fault strikes now, and count it."""
        chance: float = getattr(self.chances, fault)
        strikes = self.rng.random() < chance
        self.counts[fault] += strikes
        return strikes

    async def deliver_late(self, data: bytes) -> None:
        """Send the request on a connection of its own, when the voter has long pressed again."""
        await asyncio.sleep(0.5 + self.rng.random() * 2.5)
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.server)
            writer.write(data)
            await writer.drain()
            await asyncio.wait_for(reader.read(1), 5)
            writer.close()
        except (OSError, TimeoutError):
            return


def hang_up(ends: tuple[StreamWriter, ...]) -> None:
    """Close both ends, so that the other way stops too."""
    for writer in ends:
        writer.close()
