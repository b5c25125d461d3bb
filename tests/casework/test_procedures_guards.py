"""An authority's own value is asked for by one and decided by another: at one moment, and in the database itself."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Timer

import pytest
from django.db import connection, transaction

from casework import proposals
from casework.models import RuleProposal, RuleValue
from casework.steps import NotYet
from tests.accounts.administering import as_the_application, assert_refused
from tests.casework.test_procedures_proposals import DAY, SHORTER, SINCE, decided, worked_out
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_of_two_values_decided_at_one_moment_the_second_is_looked_at_again(world):
    one, other = worked_out(world), worked_out(world, code="D-01", count=4)
    begun, goes_on = Event(), Event()

    def first():
        with transaction.atomic():
            decided(one, world.service_director)
            begun.set()
            goes_on.wait(5)
        connection.close()

    def second():
        begun.wait(5)
        Timer(0.3, goes_on.set).start()
        try:
            decided(other, world.service_director)
        except NotYet as refused:
            return refused.sentences
        finally:
            connection.close()

    with ThreadPoolExecutor() as both:
        both.submit(first)
        assert both.submit(second).result() == [
            "Another value was decided since this was looked at: have it worked out again.",
        ]


# What the database keeps of it, against the role of web and worker


def test_one_person_alone_sets_no_value_whatever_way_is_taken(world):
    alone = {"count": 9, "unit": "days", "because": "I want it.", "decided_at": NOW}
    says = "only as one asked for it and another decides it"
    for asker, decider in ((world.administrator, world.administrator), (None, world.service_director)):
        row = RuleValue(code="D-01", since=SINCE, asked_by=asker, decided_by=decider, **alone)
        assert_refused(row.save, says)
    proposal = worked_out(world)
    with as_the_application():
        decided(proposal, world.service_director)
    assert RuleValue.objects.count() == 1


@pytest.mark.parametrize("but", [{"count": 2}, {"since": SINCE + DAY}, {"unit": "days"}, {"code": "D-01"}])
def test_a_value_equals_what_was_asked_for(world, but):
    worked_out(world)
    told = {**SHORTER, "since": SINCE, "because": "Mine.", "decided_at": NOW} | but
    row = RuleValue(**told, asked_by=world.administrator, decided_by=world.service_director)
    assert_refused(row.save, "only as one asked for it and another decides it")


def test_what_is_asked_stays_as_it_is_and_is_answered_once(world):
    proposal = worked_out(world)
    rows = RuleProposal.objects.filter(pk=proposal.pk)
    says = "stays as it was asked, and is answered once"
    for change in ({"count": 9}, {"asked_by": world.hos}, {"decider": world.hos}, {"since": TODAY}):
        assert_refused(lambda change=change: rows.update(**change), says)
    assert_refused(rows.delete, says)
    proposals.take_back(proposal, by=world.administrator, at=NOW, because="No longer.")
    assert_refused(lambda: rows.update(answer=""), says)
    proposal.pk, proposal.asked_by, proposal.answer = None, world.social_worker, ""
    assert_refused(lambda: proposal.save(force_insert=True), says)
