"""What is left out of the front-end packages: what only GOV.UK may show, and what is not there to be found."""

import pytest

from config.assets import cleaned


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('@font-face{font-family:GDS Transport;src:url(/assets/fonts/a.woff2) format("woff2")}a{b:c}', "a{b:c}"),
        ('a{font-family:"GDS Transport", arial, sans-serif}', "a{font-family:arial, sans-serif}"),
        ("a{font-family:GDS Transport,arial}", "a{font-family:arial}"),
        ("a{background:url(/assets/images/govuk-crest.svg)}", "a{background:none}"),
        ("a{background:url(/assets/images/icon.svg)}", "a{background:url(assets/images/icon.svg)}"),
        ("a{b:c}\n/*# sourceMappingURL=a.css.map */\n", "a{b:c}\n"),
    ],
)
def test_style_sheets_lose_what_we_may_not_show(before, after):
    assert cleaned(before, ".css") == after


def test_scripts_lose_their_source_maps():
    assert cleaned("f();//# sourceMappingURL=a.js.map\n", ".js") == "f();"


def test_what_is_served_names_no_government_typeface_or_arms():
    from config.assets import VENDOR

    served = [file.read_text() for file in VENDOR.rglob("*") if file.suffix in {".css", ".js"}]
    assert len(served) == 6
    for text in served:
        assert "GDS Transport" not in text
        assert "govuk-crest" not in text
        assert "sourceMappingURL" not in text
        assert "url(/" not in text
