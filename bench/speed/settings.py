"""Settings of the processes that the bench measures: as they are served, with one page more, which holds nothing."""

from config.settings.dev import *  # noqa: F403

DEBUG = False
ROOT_URLCONF = "bench.speed.urls"
ACCOUNT_RATE_LIMITS = False
"""Sixty signatures in a minute ask for sixty passwords."""
