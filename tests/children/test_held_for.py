"""For which children somebody holds a role: lists ask the database what `holds_for` answers for one child."""

from accounts.roles import Role
from children.access import children_held_for
from children.models import Child
from children.permissions import holds_for
from tests.factories import NOW, a, appointed, restricted_to


def test_lists_and_the_rule_for_one_child_say_the_same_of_everybody(world):
    restricted_to(world.second_teams_child, world.elsewhere(Role.DHOS), world.legal, by=world.service_manager)
    appointed(world.hos, Role.TEAM_MANAGER, team=world.other_areas_team)
    appointed(world.colleague, Role.DHOS, area=world.other_area, acting_for=world.elsewhere(Role.DHOS))
    people = [world.person(role) for role in Role] + [world.elsewhere(role) for role in (Role.DHOS, Role.TEAM_MANAGER)]
    told = 0
    for person in (*people, world.colleague, a(Role.HOS, area=world.area)):
        for role in person.roles_at(NOW):
            seen = Child.objects.visible_to(person, at=NOW)
            found = set(seen.filter(children_held_for(person, role, NOW)).values_list("pk", flat=True))
            assert found == {child.pk for child in world.children if holds_for(child, role, person, NOW)}, (
                person,
                role,
            )
            told += len(found)
    assert told > 30
