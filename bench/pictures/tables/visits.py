"""Whoever visits: plans, what providers still have to do, and what the reviewing officer does around a review."""

from bench.pictures import records, visiting
from bench.pictures.album import PHONE, Group, Picture
from placements.states import Setting
from visits.models import ContractQuestion, HealthAsked, Incident, VisitAskedFor

SW, IRO = "social-worker", "iro"

PLANNED = Group(
    "Planning visits",
    "Visits are spread over the week, and one round is made of several.",
    (
        Picture("Planning a visit", "Who else goes that week.", SW, "visits:plan", of=visiting.home_with_visits),
        Picture("Planned visits", "Those that passed come first.", SW, "visits:planned"),
        Picture("A planned visit", "What is to be looked at.", SW, "visits:planned_visit", of=visiting.plan),
        Picture("Another day", "The plan moves.", SW, "visits:rearrange", of=visiting.plan, only=PHONE),
        Picture("Made on another day", "It is not made twice.", SW, "visits:was_made", of=visiting.plan, only=PHONE),
        Picture("A visit called off", "With the reason.", SW, "visits:call_off", of=visiting.plan, only=PHONE),
        Picture("A day’s round", "By area, so that one goes round once.", SW, "visits:round", prints=True),
        Picture("A calendar of what is due", "Dates without names.", SW, "visits:calendar", only=PHONE),
        Picture(
            "Going along to a new home",
            "Planned before there is one.",
            SW,
            "visits:plan_company",
            of=visiting.child_with_visits,
            only=PHONE,
        ),
    ),
)
VISITED = Group(
    "More about a visit",
    "Photographs, mistakes, and the rules tried out.",
    (
        Picture(
            "Adding a photograph",
            "Made small, and without what the camera wrote into it.",
            SW,
            "visits:add_photograph",
            of=visiting.visit_of_own,
        ),
        Picture(
            "A visit recorded by mistake",
            "It stays to be read, and meets nothing.",
            SW,
            "visits:strike_out",
            of=visiting.visit_of_own,
            only=PHONE,
        ),
        Picture(
            "The rules tried on a real home",
            "What would follow, beside what is; nothing is written.",
            SW,
            "visits:try_rules_here",
            of=visiting.home_with_visits,
        ),
        Picture("Without a connection", "No personal data: scripts fill it in.", SW, "visits:offline", only=PHONE),
    ),
)
AFTER = Group(
    "After a visit",
    "What a provider has to do stays with the author’s role until it is done.",
    (
        Picture(
            "What a provider still has to do",
            "Every action about one child.",
            SW,
            "visits:actions_of_child",
            of=visiting.child_of_action,
        ),
        Picture(
            "An action of a provider", "Its history, and what can be done.", SW, "visits:action", of=visiting.action
        ),
        Picture("A reminder", "What was said.", SW, "visits:action_remind", of=visiting.action, only=PHONE),
        Picture("Taken higher", "To whom.", SW, "visits:action_escalate", of=visiting.action, only=PHONE),
        Picture("Another day agreed", "And why.", SW, "visits:action_postpone", of=visiting.action, only=PHONE),
        Picture("An action done", "And how that was seen.", SW, "visits:action_finish", of=visiting.action, only=PHONE),
        Picture("Not needed any more", "And why.", SW, "visits:action_drop", of=visiting.action, only=PHONE),
        Picture("Reading a form", "The form, and the conclusion.", IRO, "visits:read_form", of=visiting.form_to_read),
        Picture("A reading", "What was concluded.", IRO, "visits:reading", of=visiting.own_reading),
        Picture(
            "A formal escalation raised",
            "It stays with the reviewing officer until then.",
            IRO,
            "visits:raise_reading",
            of=visiting.own_reading,
            only=PHONE,
        ),
    ),
)
AROUND = Group(
    "Around a review",
    "What the reviewing officer does, and what is asked for and agreed.",
    (
        Picture("Around a review", "Everybody’s visits.", IRO, "visits:around_review", of=visiting.review_ahead),
        Picture(
            "A private conversation",
            "Or why there was none.",
            IRO,
            "visits:speak_privately",
            of=visiting.review_ahead,
            only=PHONE,
        ),
        Picture(
            "Everybody’s visits looked at",
            "And extra ones asked for.",
            IRO,
            "visits:consider_visits",
            of=visiting.review_ahead,
            only=PHONE,
        ),
        Picture(
            "A form that is missing",
            "Nothing is asked while none is.",
            IRO,
            "visits:missing_form",
            of=records.placement(Setting.CHILDRENS_HOME),
            only=PHONE,
            answers=409,
        ),
        Picture("Asked for and agreed", "Of one home.", SW, "visits:agreed", of=visiting.home_with_visits),
        Picture("A visit asked for", "By whom.", SW, "visits:ask_for_visit", of=visiting.home_with_visits, only=PHONE),
        Picture(
            "A visit not wanted",
            "And why.",
            SW,
            "visits:take_back_visit",
            of=visiting.latest(VisitAskedFor),
            only=PHONE,
        ),
        Picture("Reports agreed", "How often.", SW, "visits:agree_reports", of=visiting.home_with_visits, only=PHONE),
        Picture("A report came", "When.", SW, "visits:receive_report", of=visiting.home_with_visits, only=PHONE),
        Picture("An incident", "Told when.", SW, "visits:tell_incident", of=visiting.home_with_visits, only=PHONE),
        Picture(
            "An account came", "In writing.", SW, "visits:receive_account", of=visiting.latest(Incident), only=PHONE
        ),
        Picture(
            "A contract that needs changing",
            "Put to Commissioning.",
            SW,
            "visits:raise_contract",
            of=visiting.home_with_visits,
            only=PHONE,
        ),
        Picture(
            "Commissioning answers",
            "About the contract.",
            "commissioning",
            "visits:answer_contract",
            of=visiting.latest(ContractQuestion),
            only=PHONE,
        ),
        Picture(
            "Another interval of visits",
            "Agreed at a review, where no registration is.",
            IRO,
            "visits:vary_visits",
            of=visiting.home_to_vary,
            only=PHONE,
        ),
        Picture(
            "A health professional is asked",
            "By the reviewing officer.",
            IRO,
            "visits:ask_health",
            of=records.placement(Setting.CHILDRENS_HOME),
            only=PHONE,
        ),
        Picture(
            "A health tool shared",
            "Not before it is complete.",
            IRO,
            "visits:share_health",
            of=visiting.latest(HealthAsked),
            only=PHONE,
            answers=409,
        ),
    ),
)
GROUPS = (PLANNED, VISITED, AFTER, AROUND)
