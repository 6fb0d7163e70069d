"""Serving pages in this process until it is told to stop."""

import socket
from contextlib import suppress

import uvicorn

from server.app import make_app
from server.settings import Settings

GRACE = 2  # seconds that open answers get when the server stops


class Announced(uvicorn.Server):
    """A server that says its address once it listens."""

    def __init__(self, config: uvicorn.Config, address: str) -> None:
        """Keep the address."""
        super().__init__(config)
        self.address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen, then say where."""
        await super().startup(sockets)
        if self.started:
            print(self.address, flush=True)  # noqa: T201  the last line of raati serve


def serve(settings: Settings, listening: socket.socket) -> bool:
    """Serve until a signal comes; return whether the start went well."""
    config = uvicorn.Config(
        make_app(settings),
        loop="uvloop",
        http="httptools",
        ws="none",
        access_log=False,
        log_level="warning",
        proxy_headers=False,  # server/limits.py reads them, by RAATI_PROXIES
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    server = Announced(config, settings.base_url + ("/fi/demo" if settings.demo else ""))
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listening])
    return server.started
