"""The addresses that lists are made of are those that the pages have."""

import pytest
from django.urls import reverse

from casework.links import link_to


@pytest.mark.parametrize(
    "page", ["children:child", "placements:placement", "visits:visit", "casework:duty", "approvals:approval"]
)
@pytest.mark.parametrize("pk", [1, 1_234_567_890, 9_876_543_210])
def test_a_link_is_the_address_of_the_page(page, pk):
    assert link_to(page, pk) == reverse(page, args=[pk])


def test_two_pages_of_one_record_have_their_own_addresses():
    assert link_to("children:timeline", 5) != link_to("children:child", 5)
