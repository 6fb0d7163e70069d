import os
import signal
import threading
import time
from multiprocessing import Pipe

import pytest

from panels import apart
from panels.apart import LostError


def double(number: int) -> int:
    return 2 * number


def stop_itself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_the_result_comes_from_another_process() -> None:
    assert apart.run(os.getpid) != os.getpid()


def test_a_killed_process_is_a_lost_result() -> None:
    with pytest.raises(LostError, match="-9"):
        apart.run(stop_itself)


def test_an_endless_process_is_given_up() -> None:
    with pytest.raises(LostError, match="no result"):
        apart.run(time.sleep, 60, patience=0.1)
    assert not apart.CHILDREN


def test_work_under_way_can_be_ended_from_outside() -> None:
    def end_it() -> None:
        while not apart.CHILDREN:
            time.sleep(0.01)
        apart.give_up()

    helper = threading.Thread(target=end_it)
    helper.start()
    with pytest.raises(LostError):
        apart.run(time.sleep, 60)
    helper.join()


def test_an_error_in_the_process_is_told_to_the_caller() -> None:
    with pytest.raises(LostError, match="unsupported operand"):
        apart.run(double, None)


def test_the_child_sends_its_answer_and_gives_way() -> None:
    receiver, sender = Pipe(duplex=False)
    priorities = []

    def child() -> None:
        apart.answer(sender, double, (21,))
        apart.answer(sender, double, ())
        priorities.append(os.getpriority(os.PRIO_PROCESS, 0))

    thread = threading.Thread(target=child)  # Linux gives each thread a priority of its own
    thread.start()
    thread.join()
    assert receiver.recv() == (True, 42)
    assert receiver.recv()[0] is False
    assert priorities[0] >= apart.NICENESS
