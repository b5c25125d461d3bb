"""Caseloads: a team's page, and allocating or moving many children at once."""
