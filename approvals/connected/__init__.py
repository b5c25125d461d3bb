"""Relatives and friends who may care for a child: asked about, looked into, approved for a time, and what came of it.

Regulations 24 and 25, Schedule 4; S0 2.2. What managers decide on the way are rows of the table of kinds
(`approvals.kinds`); this folder holds what is recorded around them.
"""
