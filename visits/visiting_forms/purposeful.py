"""The purposeful visiting form: what a visit to a home looks at, so that what is said can be held against what is seen.

Source: Kent, purposeful visiting (S3 L106-L131, L234-L328). The words are the product's own.
"""

from typing import Final

from casework.sections.parts import Part, Section

SECTIONS: Final = (
    Section(
        "child",
        "The child",
        (Part("child_says", "What does the child say about living here?"),),
    ),
)
