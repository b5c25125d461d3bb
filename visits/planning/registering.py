"""What planning tells the rest of Hearth when it is loaded."""

from casework import duty_links, panels, timeline
from placements import arrivals


def register() -> None:
    """Say what stands beside duties, where one plans, and how what was planned is told."""
    from visits.planning.company import find_home
    from visits.planning.panels import links_of_my_work
    from visits.planning.who_goes import beside_duties

    duty_links.add_notes(beside_duties)
    panels.add("my_work", links_of_my_work, order=10)
    arrivals.register("company", find_home)
    timeline.tell(
        "visits",
        plan_visit="A visit was planned",
        find_home_of_plan="The home was found to which somebody plans to go with the child",
        rearrange="A planned visit was put on another day",
        was_made="A planned visit was made on another day",
        call_off="A planned visit was called off",
    )
