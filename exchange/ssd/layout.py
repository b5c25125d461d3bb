"""The table of visits in the Standard Safeguarding Dataset: its columns, and what each holds.

Source: data-standards §3.1; `ssd_fields_and_vendor_paths.csv`, rows `ssd_cla_visits` (version 1.4.5).
"""

from typing import Final

from exchange.ssda903.tables import Column, Kind, Table

VISIT_ID: Final = "CLAV_CLA_VISIT_ID"
CARE_ID: Final = "CLAV_CLA_ID"
PERSON_ID: Final = "CLAV_PERSON_ID"
VISIT_DATE: Final = "CLAV_CLA_VISIT_DATE"
SEEN: Final = "CLAV_CLA_VISIT_SEEN"
SEEN_ALONE: Final = "CLAV_CLA_VISIT_SEEN_ALONE"

LONGEST_ID: Final = 48

VISITS: Final = Table(
    "ssd_cla_visits",
    (
        Column(VISIT_ID, Kind.TEXT),
        Column(CARE_ID, Kind.TEXT),
        Column(PERSON_ID, Kind.TEXT),
        Column(VISIT_DATE, Kind.TEXT),
        Column(SEEN, Kind.TEXT),
        Column(SEEN_ALONE, Kind.TEXT),
    ),
    known_by=frozenset({VISIT_ID, PERSON_ID, VISIT_DATE}),
    file_name="ssd_cla_visits.csv",
)
HEADINGS: Final = tuple(name.lower() for name in VISITS.names)
"""The columns as a file has them."""
