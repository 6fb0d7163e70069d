"""What can go wrong in a panel. The server turns each into a status and a sentence for people."""


class PanelError(Exception):
    """Base of every error a rule raises; none leaves anything stored."""


class NotFoundError(PanelError):
    """There is no such thing, or it is not in this panel."""


class ClosedError(PanelError):
    """The panel is not in the phase that allows this."""


class ConflictError(PanelError):
    """Something newer is stored than what the form showed."""


class ForbiddenError(PanelError):
    """The visitor is known, but may not do this."""


class PreviewError(PanelError):
    """Staff look at the pages as somebody else does, and nothing is sent or stored."""


class SignedOutError(PanelError):
    """Nobody is signed in where somebody must be."""


class BusyError(PanelError):
    """The database could not be had in time; nothing was stored."""


class LimitError(PanelError):
    """Too many of these in too short a time."""

    def __init__(self, wait: float) -> None:
        """Say how many seconds to wait."""
        super().__init__(wait)
        self.wait = wait


class RefusedError(PanelError):
    """The input breaks a rule; ``code`` names the rule, ``field`` the input, ``values`` fill the sentence."""

    def __init__(self, code: str, field: str = "", **values: object) -> None:
        """Keep what the sentence for people needs."""
        super().__init__(code, field)
        self.code, self.field, self.values = code, field, values
