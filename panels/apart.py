"""Slow work in a process of its own: killed or endless, it cannot hold up the process that serves."""

import multiprocessing
import os
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

PATIENCE = 15 * 60.0  # seconds after which the work is given up
NICENESS = 5  # the child gives way to the process that serves
SPAWN = multiprocessing.get_context("spawn")
CHILDREN: set[multiprocessing.process.BaseProcess] = set()

Result = TypeVar("Result")


class LostError(Exception):
    """The work ended without a result; the message says how."""


def run(function: Callable[..., Result], *arguments: Any, patience: float = PATIENCE) -> Result:
    """Return what the function returns, called in a fresh process. Raises LostError."""
    receiver, sender = SPAWN.Pipe(duplex=False)
    child = SPAWN.Process(target=answer, args=(sender, function, arguments), daemon=True)
    child.start()
    CHILDREN.add(child)
    sender.close()
    try:
        if not receiver.poll(patience):
            raise LostError(f"no result within {patience:.0f} s")
        succeeded, result = receiver.recv()
    except EOFError as error:
        child.join()
        raise LostError(f"the process ended with {child.exitcode}") from error
    finally:
        child.kill()
        child.join()
        CHILDREN.discard(child)
        receiver.close()
    if not succeeded:
        raise LostError(result)
    return result  # type: ignore[no-any-return]  # what the child sent


def answer(sender: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """Send (True, what the function returns) or (False, what went wrong); the child does no more."""
    os.setpriority(os.PRIO_PROCESS, 0, max(NICENESS, os.getpriority(os.PRIO_PROCESS, 0)))
    try:
        sender.send((True, function(*arguments)))
    except Exception:  # the edge of the process: the caller tells the log
        sender.send((False, traceback.format_exc()))


def give_up() -> bool:
    """End the work under way, and tell whether there was any; whoever waits for it gets a LostError."""
    ended = list(CHILDREN)
    for child in ended:
        child.kill()
    return bool(ended)
