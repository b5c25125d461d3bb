"""Invented names of people and places. Nobody here exists: the names are common ones, put together at random.

No street, town or postcode is real: postcode areas MQ and WQ are used by nobody, and URNs begin where none is given out.
"""

from dataclasses import dataclass
from random import Random
from typing import Final

AUTHORITY: Final = "Merrowshire Council"
AUTHORITY_CODE: Final = "E10000099"
"""Of the right shape; the last real one of its kind is E10000034."""
PASSWORD: Final = "merrowshire-demonstration"  # noqa: S105 - printed by `make run`, for invented people only


@dataclass(frozen=True, slots=True)
class Heritage:
    """Forenames and surnames that go together, and the ethnicity codes of the statutory return that go with them."""

    share: int
    ethnicities: tuple[str, ...]
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    surnames: tuple[str, ...]


def words(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


HERITAGES: Final = (
    Heritage(
        62,
        ("WBRI", "WBRI", "WBRI", "WBRI", "WBRI", "WOTH"),
        words(
            "Amelia Chloe Daisy Ella Freya Grace Holly Isla Jasmine Keira Lily Maisie Niamh Poppy Ruby Skye Tilly Willow"
        ),
        words(
            "Alfie Ben Callum Dylan Ethan Finley George Harvey Jack Kian Logan Mason Noah Oscar Reece Tyler Theo Zac"
        ),
        words(
            "Ashdown Barrow Calloway Dunmore Eastwell Farrow Garside Hartley Inskip Jessop Kirkby Lomax Marsden Nuttall"
            " Ormerod Pickles Rigby Sowerby Thwaite Underhill Varley Whittle Yardley"
        ),
    ),
    Heritage(
        9,
        ("MWBC", "MWBC", "MWBA", "MOTH"),
        words("Aaliyah Amber Destiny Imani Jada Kiara Leah Naomi Shanice Tia"),
        words("Andre Caleb Elijah Isaiah Jayden Kai Leon Marcus Reuben Tyrell"),
        words("Bailey-Cole Campbell Duncan Francis Grant Lewin Morrison Palmer-James Reid Wynter"),
    ),
    Heritage(
        9,
        ("BAFR", "BAFR", "BCRB", "BOTH"),
        words("Abena Chiamaka Efua Fatmata Hiwot Nyasha Selam Temitope Yewande Zainab"),
        words("Abdi Chidi Emeka Kofi Kwame Musa Obinna Samuel Tinashe Yonas"),
        words("Abara Boateng Chukwu Danso Eze Gebremariam Kamara Mensah Ndlovu Okonjo Tesfay"),
    ),
    Heritage(
        9,
        ("APKN", "AIND", "ABAN", "AOTH"),
        words("Aisha Fatima Hafsa Jaya Khadija Meera Nadia Priya Sana Zara"),
        words("Adil Arjun Bilal Dev Haris Imran Karan Rayhan Sameer Yusuf"),
        words("Ahmadi Begum Chaudhry Desai Farooqi Hossain Khalil Mistry Rehman Sandhu Thakur"),
    ),
    Heritage(
        6,
        ("WOTH", "WOTH", "WROM", "WIRT", "WIRI"),
        words("Agnieszka Daniela Elena Ioana Kinga Magda Oksana Roisin Viktoria Zuzanna"),
        words("Andrei Bogdan Cathal Filip Jakub Mateusz Oleksandr Radu Stefan Tomasz"),
        words("Balogh Cojocaru Doherty-Quinn Kowalczyk Lacatus Nowicki Petrenko Stanescu Wieczorek"),
    ),
    Heritage(
        5,
        ("OOTH", "OOTH", "CHNE"),
        words("Darya Lan Mei Nazanin Rojin Sahar Thuy Xin Yara"),
        words("Ali Bahram Diyar Hamza Jie Minh Omar Rezan Tariq"),
        words("Azizi Dang Haddad Karimi Liang Mahmoudi Nguyen Rashidi Zhou"),
    ),
)

LONG_AND_ACCENTED: Final = (
    ("Seán Ó", "Ó Súilleabháin-MacGiolla", "WIRI"),
    ("Zoë-Mae D’Arcy", "O’Shaughnessy-Featherstonehaugh", "WBRI"),
    ("Oluwaseun Oluwafunmilayo Abiodun", "Adeyemi-Oyelaran-Williams", "BAFR"),
    ("José María", "Núñez de la Peña y Castro-Łukasiewicz", "MOTH"),
)
"""Names that break lists: long ones, with accents, apostrophes, hyphens and spaces."""

TOWNS: Final = words("Merrowmouth Stanbeck Thornby Larkfield Saltings Quarrington Fenwithy Copplestow")
STREETS: Final = tuple(
    f"{first} {last}"
    for first in words(
        "Thistledown Copperkettle Snowberry Farthingale Magpie-Gate Lantern Bramblewick Otterpool Silverdrum"
    )
    for last in words("Row Lane Close Rise Walk")
)
CARER_FORENAMES: Final = words(
    "Adele Bernard Carol Denise Errol Frances Glen Hilary Ivan Janet Keith Lorraine Maureen Nasreen Olive Pauline Ravi"
    " Sheila Trevor Una Vera Winston Yvonne"
)
WORKER_FORENAMES: Final = words(
    "Abigail Bethan Conor Deepa Ewan Farah Gareth Helen Ibrahim Joanna Karim Lucy Maya Nathan Orla Patrick Rachel Simon"
    " Tanya Usha Victor Wendy Yasmin Zofia"
)
PROVIDERS: Final = (
    "Wrenhollow Care",
    "Saltmarrow Homes",
    "Pebblewick Residential",
    "Lanternfold Living",
    "Tidegate Care",
)
AGENCIES: Final = ("Pebblewick Fostering", "Nestledown Foster Care", "Harebell Fostering Partnership")
CHILDRENS_HOMES: Final = (
    "Fernapple House",
    "Gullwing Lodge",
    "Mistlethorn",
    "Rookery Bank",
    "Sandpiper House",
    "The Old Signal Box",
    "Windfall Cottage",
    "Ferryman’s Landing",
)
SUPPORTED_ACCOMMODATION: Final = ("Kittiwake Court", "Beacon Flats", "Harbourmaster’s Yard", "Number Nine")


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person's name, with what goes with it."""

    forename: str
    surname: str
    sex: str = "U"
    ethnicity: str = "NOBT"

    @property
    def name(self) -> str:
        """Both names."""
        return f"{self.forename} {self.surname}"


def a_child(rng: Random, surname: str = "") -> Person:
    """An invented child; of a brother or sister, the surname can be given."""
    heritage = rng.choices(HERITAGES, weights=[each.share for each in HERITAGES])[0]
    sex = rng.choice("MF")
    forename = rng.choice(heritage.girls if sex == "F" else heritage.boys)
    return Person(forename, surname or rng.choice(heritage.surnames), sex, rng.choice(heritage.ethnicities))


def an_adult(rng: Random, forenames: tuple[str, ...] = CARER_FORENAMES) -> Person:
    """An invented carer or worker."""
    heritage = rng.choices(HERITAGES, weights=[each.share for each in HERITAGES])[0]
    return Person(rng.choice(forenames), rng.choice(heritage.surnames))


def an_address(rng: Random) -> str:
    """An address in a street that does not exist."""
    return f"{rng.randint(1, 140)} {rng.choice(STREETS).replace('-', ' ')}, {rng.choice(TOWNS)}"


def a_postcode(rng: Random, *, within: bool = True) -> str:
    """A postcode of an area that nobody uses: MQ inside the invented authority, WQ outside."""
    inward = f"{rng.randint(0, 9)}{rng.choice('ABDEFGHJLNPQRSTUWXYZ')}{rng.choice('ABDEFGHJLNPQRSTUWXYZ')}"
    return f"{'MQ' if within else 'WQ'}{rng.randint(1, 19)} {inward}"


def a_upn(rng: Random) -> str:
    """A unique pupil number with the right check letter; 998 is no authority's number."""
    digits = [9, 9, 8] + [rng.randint(0, 9) for _ in range(9)]
    check = sum(weight * digit for weight, digit in zip(range(2, 14), digits, strict=True)) % 23
    return "ABCDEFGHJKLMNPQRTUVWXYZ"[check] + "".join(map(str, digits))
