"""A server that did not answer is left alone for a while: nobody else whom this process serves is made to wait for it."""

import time


class Quiet:
    """How long one server is left alone once it did not answer."""

    def __init__(self, seconds: float):
        self.seconds = seconds
        self.until = 0.0

    def begin(self) -> None:
        """It has just not answered."""
        self.until = time.monotonic() + self.seconds

    @property
    def lasts(self) -> bool:
        """Is it left alone now?"""
        return time.monotonic() < self.until
