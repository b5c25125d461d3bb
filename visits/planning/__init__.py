"""Visits that are meant to be made: who goes when, on which round, and in whose calendar."""
