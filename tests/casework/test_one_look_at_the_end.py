"""Loading in bulk: acts note their files, and the diary looks once, when all of them are written."""

import pytest

from casework import diary
from casework.models import CaseFile, Duty
from children.models import Child
from tests import factories
from tests.factories import NOW


def test_nothing_is_looked_at_before_the_end_and_everything_at_the_end(world):
    with diary.one_look_at_the_end():
        placement = factories.with_unapproved_relative(world.own_child)
        assert not Duty.objects.exists()
    assert Duty.objects.open().filter(case_file=placement.case_file_id, kind="D-00").exists()


def test_children_with_the_same_carer_are_looked_at_as_well(world):
    first = factories.with_temporary_approval(world.own_child)
    second = world.teams_child
    factories.placed(second, first.setting, since=first.started_at, carer=first.carer)
    CaseFile.objects.update(look_again_at=None)
    with diary.one_look_at_the_end():
        factories.approved_from(first, since=NOW)
    assert Duty.objects.filter(case_file=second.case_file_id).exists()


def test_what_is_loaded_is_told_to_nobody_where_that_is_asked(world):
    with diary.one_look_at_the_end(announce=False):
        factories.with_unapproved_relative(world.own_child)
    assert set(Duty.objects.values_list("announced", flat=True)) == {False}


def test_a_load_that_fails_leaves_nothing(world):
    def load():
        with diary.one_look_at_the_end():
            world.a_child(forename="Nobody")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        load()
    assert not Child.objects.filter(forename="Nobody").exists()


def test_after_it_every_act_is_looked_at_by_itself_again(world, broker, django_capture_on_commit_callbacks):
    with diary.one_look_at_the_end():
        pass
    with django_capture_on_commit_callbacks(execute=True):
        placement = factories.with_unapproved_relative(world.own_child)
    assert Duty.objects.open().filter(case_file=placement.case_file_id).exists()
