"""Which kind of setting the placement codes of a return stand for: a table, read from the top."""

from dataclasses import dataclass
from typing import Final

from exchange.ssda903.codes import TEMPORARY


@dataclass(frozen=True, slots=True)
class SettingOfCode:
    """What kind of setting a placement code stands for: a value of placements.states.Setting."""

    setting: str
    places: frozenset[str]
    provider: str | None = None
    """The provider with which it stands for this setting; None: with any, or with none."""
    cites: tuple[str, ...] = ("SSDA903 placement codes",)


SETTINGS: Final = (
    # Read from the top: the first row that fits a placement's codes says its setting.
    SettingOfCode("in_house_foster", frozenset({"U4", "U5", "U6"}), provider="PR1", cites=("S3 L106", "V rule 178")),
    SettingOfCode("ifa_foster", frozenset({"U4", "U5", "U6"})),
    SettingOfCode("connected_person", frozenset({"U1", "U2", "U3"})),
    SettingOfCode("parent", frozenset({"P1"})),
    SettingOfCode("childrens_home", frozenset({"K2"})),
    SettingOfCode("secure_home", frozenset({"K1"})),
    SettingOfCode("supported_accommodation", frozenset({"K3", "H5"}), cites=("V rule 371", "V rule 230")),
    SettingOfCode("residential_school", frozenset({"S1"})),
    SettingOfCode("family_centre", frozenset({"R3"})),
    SettingOfCode("care_home", frozenset({"R1"})),
    SettingOfCode("hospital", frozenset({"R2"})),
    SettingOfCode("custody", frozenset({"R5"})),
    SettingOfCode("independent_living", frozenset({"P2"})),
    SettingOfCode("residential_employment", frozenset({"P3"})),
    SettingOfCode("adoptive", frozenset({"A3", "A4", "A5", "A6"})),
    SettingOfCode("temporary", TEMPORARY, cites=("V rule 383",)),
)
IN_A_HOME: Final = frozenset(
    {"childrens_home", "secure_home", "supported_accommodation", "residential_school", "family_centre", "care_home"}
)
"""The settings whose URN is a home's own; a foster home's is that of the service."""
OTHER_SETTING: Final = "other"
"""Z1, Z11 to Z14, and every code that no list has."""


def setting_of(place: str, provider: str) -> str:
    """The kind of setting that PLACE and PLACE_PROVIDER stand for (capitals); "other" where no row of SETTINGS fits."""
    for row in SETTINGS:
        if place in row.places and row.provider in (None, provider):
            return row.setting
    return OTHER_SETTING
