"""An errand that only counts, slowly: what the fault runs ask for while workers are killed."""

import time

from casework.errands import Kind


def count(under_way):
    """Count to what was asked, resting after each step."""
    steps, seconds = under_way.errand.told["steps"], under_way.errand.told["seconds"]
    for step in range(steps):
        under_way.tell(step, steps, "Counting")
        time.sleep(seconds)
    return {"counted": steps}


COUNTING = Kind(name="counting", title="Counting, for the fault runs", do=count, result=lambda errand: "/")
