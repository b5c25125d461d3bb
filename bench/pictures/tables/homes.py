"""The placement service and commissioning: homes, their registration, and providers."""

from bench.pictures import acts, records
from bench.pictures.album import DESK, Group, Picture

WHO = "commissioning"

HOMES = Group(
    "Homes and providers",
    "Who lives there, whether it is registered, what inspectors found.",
    (
        Picture("Homes", "Those in which children of the authority live.", WHO, "placements:homes"),
        Picture(
            "A home",
            "Registration, inspections, a notice of the regulator, and who lives there.",
            WHO,
            "placements:home",
            of=records.home,
            prints=True,
        ),
        Picture(
            "A home without registration",
            "That it is not registered is said first.",
            WHO,
            "placements:home",
            of=records.unregistered_home,
        ),
        Picture("A provider", "The homes that it runs.", WHO, "placements:provider", of=records.provider),
        Picture(
            "The registration changed",
            "Every child who lives there is looked at again.",
            WHO,
            "placements:change_registration",
            of=records.home,
        ),
        Picture(
            "The home was inspected",
            "What inspectors found.",
            WHO,
            "placements:record_inspection",
            of=records.home,
            only=DESK,
        ),
        Picture(
            "A notice of the regulator",
            "Every child who lives there is visited within a week.",
            WHO,
            "placements:record_notice",
            of=records.home,
            only=DESK,
        ),
        Picture(
            "What is known of a home", "Its name, number and address.", WHO, "placements:describe_home", of=records.home
        ),
        Picture(
            "What is known of a home sent empty",
            "What is missing, each at its question.",
            WHO,
            "placements:describe_home",
            of=records.home,
            first=acts.sent_empty,
            answers=422,
            only=DESK,
        ),
        Picture(
            "A registration that was never so",
            "It is struck out, and stays readable.",
            WHO,
            "placements:strike_out_registration",
            of=records.home,
            only=DESK,
        ),
    ),
)
GROUPS = (HOMES,)
