"""The fault runs: an installation of their own under load, while its parts are killed, hung, filled up and doubled.

`make soak` runs everything and writes docs/faults.md; `tests/bench/test_faults.py` runs a short form. What came of it is
judged over SQL, from what the clients noted outside the system, not by the product's own code.
"""
