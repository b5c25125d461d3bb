"""Room for the calls of one request: no depth of calls is dearer than another."""

import resource

from config.room import with_room

CALLS = 2_000
DEEPEST = 120


def a_call():
    return None


def answered_at_a_depth(depth, start_response):
    """A page whose parts are drawn by calls at some depth; gives how often the machine was asked for memory meanwhile."""
    if depth:
        return answered_at_a_depth(depth - 1, start_response)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(CALLS):
        a_call()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def test_at_no_depth_does_each_call_ask_the_machine_for_memory():
    application = with_room(answered_at_a_depth)
    asked = [application(depth, None) for depth in range(DEEPEST)]
    assert max(asked) < CALLS / 4


def test_the_application_is_called_with_what_the_server_gives():
    assert with_room(lambda environ, start_response: [environ, start_response])({"a": 1}, print) == [{"a": 1}, print]
