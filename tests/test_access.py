"""Who gets which page: every address, as every role, for every relation to a child. Domain facts: roles, last table.

Expectations stand here in tables, written from the roles and not from the code. Read SEES first: which children a role
sees, and what of them. Then the tables of pages: a page about a child answers 404 to whoever does not see the child;
whoever sees the child but may not do what the page is for gets 403. An address that stands in no table fails.
"""

import logging
import re
import uuid
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import GrantRequest, ServiceArea, Team
from accounts.roles import Role
from approvals.models import ConnectedPerson, Decision, HouseholdMember
from approvals.states import State
from casework import diary, errands, proposals
from casework.meetings import views as meeting_pages
from casework.meetings.models import Action, Circulation, Meeting
from casework.models import Duty, Errand, Event, Reading, RuleProposal
from casework.pages import Holds
from casework.steps import carry_out, write_down
from children import access
from children.models import BreakGlassUse, ChildUserObjectPermission, LookedAfterReview, Restriction
from children.permissions import may_record
from exchange.findings import Finding
from exchange.models import Delivery, Export, KeptFinding
from placements.models import Carer
from placements.states import RegistrationStatus, Setting
from tests.approvals.test_contact import CONTENT as CONTACT
from tests.factories import (
    CONTENT,
    NOW,
    World,
    a,
    a_child,
    a_home,
    a_person,
    allocated_to,
    appointed,
    chain_at,
    days_before,
    manager_of,
    photographed,
    placed,
    planned,
    restricted_to,
    visited,
)
from visits.models import (
    ContractQuestion,
    FormReading,
    FormVersion,
    HealthAsked,
    Incident,
    VisitAskedFor,
    VisitingForm,
)

pytestmark = pytest.mark.django_db
YESTERDAY = days_before(1)

# Who sees whom, and what of them

RELATIONS = {
    "own": "in the person's team, allocated to the person where the role is one that is allocated",
    "team": "in the person's team, allocated to a colleague",
    "area": "in another team of the person's area",
    "elsewhere": "in another area",
    "restricted": "in the person's team and allocated to the person, restricted to others since yesterday",
    "named": "in another area, restricted, with the person named on the restriction",
    "invited": "in another area, with the person invited",
    "invited_until_yesterday": "in another area",
    "own_until_yesterday": "in another area, allocated to the person until yesterday",
}

NAMED = {"named"}
INVITED = {*NAMED, "invited"}
OWN = {*INVITED, "own"}
TEAM = {*OWN, "team"}
AREA = {*TEAM, "area"}
ALL = set(RELATIONS) - {"restricted"}
SENT_TO = {"own", "elsewhere", "restricted"}
"""For these relations the walk also sends a form wherever the page is refused."""
OWN_AND_NAMED = {"own", "named"}


@dataclass(frozen=True)
class Sees:
    """Which children a role sees; of which of these the legal advice; and of all of these whether address and narrative."""

    children: set
    legal_advice: set
    address: bool
    narrative: bool


SEES = {
    # role                           children, legal advice of, address, what workers wrote
    Role.SOCIAL_WORKER: Sees(TEAM, OWN_AND_NAMED, True, True),
    Role.PERSONAL_ADVISER: Sees(TEAM, OWN_AND_NAMED, True, True),
    Role.TEAM_MANAGER: Sees(TEAM, TEAM, True, True),
    Role.SERVICE_MANAGER: Sees(AREA, AREA, True, True),
    Role.DHOS: Sees(AREA, AREA, True, True),
    Role.HOS: Sees(AREA, AREA, True, True),
    Role.SERVICE_DIRECTOR: Sees(ALL, ALL, True, True),
    Role.ASSISTANT_DIRECTOR: Sees(ALL, ALL, True, True),
    Role.DCS: Sees(ALL, ALL, True, True),
    Role.DECISION_MAKER: Sees(INVITED, INVITED, True, True),
    Role.LEGAL: Sees(INVITED, INVITED, True, True),
    Role.IRO: Sees(OWN, set(), True, True),
    Role.PLACEMENT_SERVICE: Sees(ALL, set(), True, False),
    Role.COMMISSIONING: Sees(ALL, set(), True, False),
    Role.LADO: Sees(INVITED, set(), False, False),
    Role.EXIT_TEAM_MANAGER: Sees(INVITED, set(), True, True),
    Role.EXIT_WORKER: Sees(OWN, set(), True, True),
    Role.SUPERVISING_SOCIAL_WORKER: Sees(OWN, set(), True, False),
    Role.HEALTH: Sees(INVITED, set(), False, False),
    Role.PERFORMANCE: Sees(NAMED, set(), False, False),
    Role.ADMINISTRATOR: Sees(NAMED, set(), False, False),
    Role.PRIVACY_OFFICER: Sees(NAMED, set(), False, False),
    Role.AUDITOR: Sees(NAMED, set(), False, False),
}
ALLOCATED = (
    Role.SOCIAL_WORKER,
    Role.PERSONAL_ADVISER,
    Role.IRO,
    Role.SUPERVISING_SOCIAL_WORKER,
    Role.EXIT_WORKER,
)

# Who may do what, by role and relation; whoever sees the child and is not listed gets 403

TEAMS_OWN = {"own", "team"}
RECORD = {Role.SOCIAL_WORKER: TEAMS_OWN, Role.PERSONAL_ADVISER: TEAMS_OWN, Role.TEAM_MANAGER: TEAMS_OWN}
REVIEW = RECORD | {Role.IRO: {"own"}}
CHANGE_TEAM = {Role.TEAM_MANAGER: TEAMS_OWN, Role.SERVICE_MANAGER: {*TEAMS_OWN, "area"}}
DIRECTORS = {Role.SERVICE_DIRECTOR, Role.ASSISTANT_DIRECTOR, Role.DCS}
ALLOCATE = {**CHANGE_TEAM, Role.SERVICE_DIRECTOR: ALL, Role.ASSISTANT_DIRECTOR: ALL, Role.DCS: ALL}
OF_THE_AREA = {*TEAMS_OWN, "area", "named"}
RESTRICT = dict.fromkeys((Role.SERVICE_DIRECTOR, Role.ASSISTANT_DIRECTOR, Role.DCS), ALL)
RESTRICT |= {Role.SERVICE_MANAGER: OF_THE_AREA, Role.HOS: OF_THE_AREA}
MOVE = RECORD | {Role.PLACEMENT_SERVICE: ALL}
APPROVE_CARER = MOVE | {Role.SUPERVISING_SOCIAL_WORKER: OWN}
VISITORS = {Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER, Role.TEAM_MANAGER, Role.SERVICE_MANAGER}
VISIT = dict.fromkeys({*VISITORS, Role.IRO, Role.COMMISSIONING}, ALL)
KEEP_PLAN = {Role.SOCIAL_WORKER: {"own"}, Role.TEAM_MANAGER: {*TEAMS_OWN, "named"}}
HERE = {*TEAMS_OWN, "area", "named"}
KNOW_HOMES = dict.fromkeys((role for role, sees in SEES.items() if sees.address), ALL)
AS_IRO = {Role.IRO: {"own", "named"}}
AS_DHOS, AS_HOS = {Role.DHOS: HERE}, {Role.HOS: HERE}
AS_DIRECTOR = {Role.SERVICE_DIRECTOR: ALL}
RUN_MEETING = {Role.TEAM_MANAGER: {*TEAMS_OWN, "named"}}
ARRANGE_MEETING = {role: {*TEAMS_OWN, "named"} for role in RECORD}


FORM_OF_WORKER = {Role.SOCIAL_WORKER: {*TEAMS_OWN, "named"}}
"""The form was filled in by a social worker: it stays with that role in the child's team."""


@dataclass(frozen=True)
class Page:
    """A page about a child: which record its address names, who may open it, and what it answers them."""

    about: str
    may: dict | None = None
    """None: whoever sees the child."""
    answers: int = 200
    of_named: int | None = None
    """What it answers of a restricted record to those named on it, where that is something else."""


PAGES_OF_A_CHILD = {
    "children:child": Page("child"),
    "children:timeline": Page("child"),
    "children:change_legal_status": Page("child", RECORD),
    "children:schedule_review": Page("child", REVIEW),
    "children:hold_review": Page("child", REVIEW),
    "children:allocate": Page("child", ALLOCATE),
    "children:change_team": Page("child", CHANGE_TEAM),
    "children:change_name": Page("child", RECORD),
    # Of a record that is not restricted: "not yet"; of one that is: there already
    "children:restriction": Page("child", answers=409, of_named=200),
    "children:restrict": Page("child", RESTRICT, of_named=409),
    "children:name_person": Page("child", RESTRICT, 409, of_named=200),
    "children:take_off": Page("child", RESTRICT, 409, of_named=200),
    "children:lift_restriction": Page("child", RESTRICT, 409, of_named=200),
    # Where mails lead: of a record that is not restricted there is none
    "children:restricted_record": Page("restriction", answers=404, of_named=302),
    "children:break_glass_use": Page("use", answers=302),
    "placements:placement": Page("placement"),
    "placements:homes_of_child": Page("child"),
    "placements:moved": Page("child", MOVE),
    "placements:care_ended": Page("child", MOVE),
    "placements:end_placement": Page("placement", MOVE),
    "placements:approve_carer": Page("placement", APPROVE_CARER),
    # The child lives with a relative, and not with a parent: "not yet"
    "placements:record_regulation_19": Page("placement", MOVE, 409),
    "placements:with_looked_after_parent": Page("placement", MOVE, 409),
    # The relative has a name
    "placements:name_home": Page("placement", MOVE, 409),
    "placements:meant_to_last_to_18": Page("placement", MOVE),
    "placements:fewer_visits_agreed": Page("placement", MOVE),
    "placements:outside_terms": Page("placement", MOVE),
    "placements:outside_area": Page("placement", MOVE),
    # Nobody has said that the home lies outside the area
    "placements:host_told": Page("placement", MOVE, 409),
    "placements:correct_placement": Page("placement", MOVE),
    "placements:strike_out": Page("placement", MOVE),
    "placements:allow_secure": Page("placement", MOVE),
    "placements:review_secure": Page("placement", MOVE, 409),
    "visits:record": Page("placement", VISIT),
    "visits:visit": Page("visit"),
    "visits:photograph": Page("photo", dict.fromkeys((role for role, sees in SEES.items() if sees.narrative), ALL)),
    "visits:add_photograph": Page("visit", {Role.SOCIAL_WORKER: {"own"}}),
    "visits:strike_out": Page("visit", {Role.SOCIAL_WORKER: {"own"}, Role.TEAM_MANAGER: {*TEAMS_OWN, "named"}}),
    "visits:form": Page("visiting_form"),
    "visits:form_document": Page("visiting_form"),
    "visits:compare_form": Page("visiting_form"),
    "visits:forms_of_child": Page("child"),
    "visits:fill": Page("visiting_form", FORM_OF_WORKER),
    # The form is complete: it was not begun by mistake
    "visits:withdraw_form": Page("visiting_form", FORM_OF_WORKER, 409),
    "visits:try_rules_here": Page("placement"),
    "visits:actions_of_child": Page("child", KNOW_HOMES),
    "visits:action": Page("provider_action", KNOW_HOMES),
    **{
        f"visits:action_{step}": Page("provider_action", {Role.SOCIAL_WORKER: {*TEAMS_OWN, "named"}})
        for step in ("remind", "escalate", "postpone", "finish", "drop")
    },
    "visits:read_form": Page("visiting_form", AS_IRO),
    "visits:reading": Page("reading", KNOW_HOMES),
    "visits:raise_reading": Page("reading", AS_IRO),
    "visits:around_review": Page("review", KNOW_HOMES),
    "visits:speak_privately": Page("review", AS_IRO),
    "visits:consider_visits": Page("review", AS_IRO),
    # A relative's home has no purposeful visits: none is missing, and none is varied
    "visits:missing_form": Page("placement", AS_IRO, 409),
    "visits:vary_visits": Page("placement", AS_IRO, 409),
    "visits:agreed": Page("placement", KNOW_HOMES),
    **{
        f"visits:{name}": Page("placement", REVIEW)
        for name in ("ask_for_visit", "agree_reports", "receive_report", "tell_incident", "raise_contract")
    },
    "visits:ask_health": Page("placement", AS_IRO),
    "visits:take_back_visit": Page("asked_for", REVIEW),
    "visits:receive_account": Page("incident", REVIEW),
    # The health professional has not written anything yet
    "visits:share_health": Page("health_asked", AS_IRO, 409),
    "visits:answer_contract": Page("contract", {Role.COMMISSIONING: ALL}),
    "visits:visits_of_child": Page("child"),
    "visits:plan": Page("placement", VISIT),
    "visits:plan_company": Page("child", VISIT),
    "visits:planned_visit": Page("plan"),
    **{f"visits:{name}": Page("plan", KEEP_PLAN) for name in ("rearrange", "was_made", "call_off")},
    "approvals:enquire": Page("child", RECORD),
    "approvals:connected_person": Page("person"),
    "approvals:add_to_household": Page("person", RECORD),
    "approvals:carer": Page("carer", dict.fromkeys((role for role, sees in SEES.items() if sees.address), ALL)),
    # A case discussion is under way: who looks for another one is led there
    "approvals:convene": Page("placement", answers=302),
    "approvals:approval": Page("approval"),
    "approvals:document": Page("approval"),
    "approvals:record": Page("approval", AS_DHOS),
    "approvals:compare": Page("approval"),
    "approvals:decision": Page("decision"),
    "approvals:decision_document": Page("decision"),
    "casework:duty": Page("duty", answers=302),
    "meetings:meeting": Page("meeting"),
    "meetings:document": Page("meeting"),
    "meetings:calendar": Page("meeting"),
    "meetings:copy": Page("copy", RUN_MEETING),
    "meetings:agree": Page("meeting", RUN_MEETING),
    "meetings:action": Page("action"),
}
MEETING_STEPS = {
    # The minutes of a network meeting are round; its action is open, and nobody asked for it yet.
    "rearrange": Page("meeting", ARRANGE_MEETING, 409),
    "hold": Page("meeting", RUN_MEETING, 409),
    "minute": Page("meeting", RUN_MEETING),
    "circulate": Page("meeting", RUN_MEETING),
    "call_off": Page("meeting", ARRANGE_MEETING, 409),
}
"""The page `meetings:take`, by step."""
ACTION_STEPS = {
    # Whoever is named on a restricted child comes after an owner who sees the child no more.
    "finish": Page("action", RUN_MEETING | {Role.SOCIAL_WORKER: {"own", "named"}}),
    "chase": Page("action", RUN_MEETING),
    "escalate": Page("action", RUN_MEETING, 409),
    "change": Page("action", RUN_MEETING),
    "drop": Page("action", RUN_MEETING),
}
"""The page `meetings:take_action`, by step."""
MEETINGS = {
    ("meetings:arrange", "network"): Page("file", ARRANGE_MEETING),
    # A case discussion about where the child lives is under way: "not yet"
    ("meetings:arrange_about", "case_discussion"): Page("file", AS_DHOS, 409),
}
"""The pages on which a meeting of a kind is arranged about a child."""
DOCUMENTS = {"approvals:document", "approvals:decision_document", "meetings:document", "meetings:copy"}
DOCUMENTS |= {"visits:form_document"}
STEPS = {
    # The record is agreed by all four and waits for the Head of Service. What is not to be done now is 409 to its person.
    # Nobody was told of an outcome yet, so that nobody has one to confirm; the case note is written.
    "agree": Page("approval", {}),
    "approve": Page("approval", AS_HOS),
    "send_back": Page("approval", AS_HOS),
    "refuse": Page("approval", AS_HOS),
    "sign_off": Page("approval", AS_DIRECTOR, 409),
    "dissent": Page("approval", AS_DIRECTOR, 409),
    "feed_back": Page("approval", AS_HOS, 409),
    "communicate": Page("approval", AS_HOS, 409),
    "note": Page("approval", AS_DHOS, 409),
    "know": Page("approval", {}),
    "renew": Page("approval", AS_HOS, 409),
    "file": Page("approval", {Role.SOCIAL_WORKER: {"own"}}, 409),
    "withdraw": Page("approval", AS_DHOS | {Role.TEAM_MANAGER: {*TEAMS_OWN, "named"}}),
}
"""The page `approvals:take`, by step."""

PREPARE = {Role.SOCIAL_WORKER: {"own"}, Role.PERSONAL_ADVISER: {"own"}, Role.TEAM_MANAGER: {*TEAMS_OWN, "named"}}
ON_CALL = PREPARE | {Role.SERVICE_MANAGER: OF_THE_AREA, **AS_DHOS}
BEGUN = {
    "ceasing": Page("child", PREPARE | {Role.EXIT_WORKER: {"own"}}),
    "out_of_area": Page("child", PREPARE),
    "contact": Page("child", PREPARE),
    "secure_accommodation": Page("child", ON_CALL),
    "unregistered_setting": Page("child", ON_CALL),
}
"""The page `approvals:begin_for_child`, by kind of decision."""
BEGUN_AT_HOME = {"unregistered_setting": Page("placement", ON_CALL, 409)}
"""The page `approvals:begin_decision`, by kind: this home is no setting that should be registered."""
CHECK = {Role.TEAM_MANAGER: {*TEAMS_OWN, "named"}}
DECISION_STEPS = {
    # Contact of more than 24 hours is put, and to be checked by somebody who did not write it
    "put": Page("decision", PREPARE),
    "say": Page("decision", {Role.IRO: {"own"}}),
    "confirm": Page("decision", CHECK),
    "decide": Page("decision", AS_DHOS, 409),
    "hand_back": Page("decision", CHECK),
    "decline": Page("decision", AS_DHOS, 409),
    "take_effect": Page("decision", MOVE, 409),
    "take_back": Page("decision", PREPARE),
}
"""The page `approvals:take_decision`, by step."""

WORKERS_OWN = {Role.SOCIAL_WORKER: {"own"}, Role.PERSONAL_ADVISER: {"own"}}
ABOUT_PERSON = {
    ("household_member", "member"): Page("person", RECORD),
    ("record_section", "views"): Page("approval", AS_DHOS),
    ("begin_about_person", "viability"): Page("person", WORKERS_OWN),
    # The viability assessment is not confirmed; nobody is refused, so no review is asked for
    ("begin_about_person", "temporary_approval"): Page("person", PREPARE, 409),
    ("take_about_person", "refuse_in_full"): Page("person", APPROVE_CARER),
    ("take_about_person", "take_no_further"): Page("person", RECORD),
    ("take_about_person", "ask_for_review"): Page("person", APPROVE_CARER, 409),
}
"""Pages about a relative or friend whose address names something else besides."""

FORMS = {
    ("begin_from_visit", "purposeful"): Page("visit", answers=302),
    ("begin_before_move", "checklist"): Page("child", dict.fromkeys((Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER), ALL)),
    ("begin_at_home", "commissioning"): Page("placement", {Role.COMMISSIONING: ALL}),
    ("begin_at_home", "health"): Page("placement", {Role.HEALTH: ALL}),
}
"""The pages of visiting forms whose address names a kind; of the visit there is a form already, to which one is led."""
SECTIONS_OF_FORMS = {"fill_section": Page("visiting_form", FORM_OF_WORKER)}

EVERY_ROLE = set(Role)
NOT_ABOUT_CHILDREN = {Role.ADMINISTRATOR, Role.PRIVACY_OFFICER, Role.AUDITOR}
MAY_KNOW_HOMES = {role for role, sees in SEES.items() if sees.address}
KEEP_HOMES = {Role.PLACEMENT_SERVICE, Role.COMMISSIONING}
IN_TEAMS = {Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER, Role.TEAM_MANAGER}
LEAD = {Role.TEAM_MANAGER, Role.SERVICE_MANAGER, Role.DHOS, Role.HOS}
GO_UP = {*IN_TEAMS, *LEAD, *DIRECTORS, Role.DECISION_MAKER, Role.LEGAL, Role.IRO, Role.EXIT_WORKER}
ADMINISTRATORS = {Role.ADMINISTRATOR}
READ_PROPOSALS = {*ADMINISTRATORS, *DIRECTORS, Role.HOS}
OFFICERS, REVIEWERS = {Role.PRIVACY_OFFICER}, {Role.PRIVACY_OFFICER, Role.AUDITOR}
MAY_BREAK_GLASS = EVERY_ROLE - {Role.PERFORMANCE, Role.ADMINISTRATOR}

PAGES_OF_NO_ONE_CHILD = {
    # Whose page it is (403 to others), and which record its address names
    "children:my_work": (EVERY_ROLE, None),
    "children:search": (EVERY_ROLE, None),
    "children:team_overdue": (LEAD, None),
    "children:team": (LEAD | DIRECTORS, None),
    "children:one_team": (LEAD | DIRECTORS, "team_of_walkers"),
    "children:team_changes": (LEAD | DIRECTORS, "team_of_walkers"),
    "children:caseloads": ({Role.TEAM_MANAGER, Role.SERVICE_MANAGER} | DIRECTORS, None),
    "children:move_caseloads": ({Role.SERVICE_MANAGER} | DIRECTORS, None),
    "children:check_caseloads": ({Role.TEAM_MANAGER, Role.SERVICE_MANAGER} | DIRECTORS, None),
    "children:new_child": (IN_TEAMS, None),
    "children:names_wanted": (OFFICERS, None),
    "children:name_wanted": (OFFICERS, "restriction"),
    "children:ask_to_name": (OFFICERS, "restriction"),
    "children:name_by_role": (OFFICERS, "restriction"),
    "children:break_glass": (MAY_BREAK_GLASS, None),
    "children:break_glass_uses": (REVIEWERS, None),
    "children:break_glass_review": (REVIEWERS, "use"),
    "casework:procedures": (EVERY_ROLE, None),
    "casework:check_document": (EVERY_ROLE, None),
    "visits:try_rules": (EVERY_ROLE, None),
    "visits:planned": (set(VISIT), None),
    "visits:round": (set(VISIT), None),
    "visits:calendar": (EVERY_ROLE, None),
    "visits:taken_along": (EVERY_ROLE, None),
    "approvals:who_decides": (EVERY_ROLE, None),
    "casework:amendments": (EVERY_ROLE, None),
    "casework:procedure": (EVERY_ROLE, "rule"),
    "casework:ask_value": (ADMINISTRATORS, "rule_without_proposal"),
    "casework:proposals": (READ_PROPOSALS, None),
    "casework:proposal": (READ_PROPOSALS, "proposal"),
    "casework:moved": (READ_PROPOSALS, "proposal"),
    "casework:look_again": (READ_PROPOSALS, "proposal"),
    "casework:withdraw_value": (ADMINISTRATORS, "proposal"),
    "casework:decide_value": ({Role.SERVICE_DIRECTOR}, "proposal"),
    "exchange:imports": ({Role.PERFORMANCE}, None),
    **{
        f"exchange:{name}": ({Role.PERFORMANCE}, None) for name in ("bring", "bring_visits", "exports", "export_visits")
    },
    **{f"exchange:{name}": ({Role.PERFORMANCE}, "export") for name in ("export", "export_file")},
    **{
        f"exchange:{name}": ({Role.PERFORMANCE}, "delivery")
        for name in ("report", "decide", "findings_csv", "findings_workbook")
    },
    "tracking:dashboard": (EVERY_ROLE - NOT_ABOUT_CHILDREN, None),
    "approvals:connected_persons": (LEAD | DIRECTORS | {Role.PERFORMANCE}, None),
    **{f"approvals:{name}": (GO_UP, None) for name in ("inbox", "inbox_coming", "inbox_others", "inbox_done")},
    **{
        name: (LEAD | DIRECTORS | {Role.IRO, Role.PERFORMANCE}, None)
        for name in ("visits:figures", "visits:figure_list", "exchange:visit_list_csv", "exchange:visit_figures_csv")
    },
    "exchange:connected_csv": (LEAD | DIRECTORS | {Role.PERFORMANCE}, None),
    "exchange:connected_figures_csv": (LEAD | DIRECTORS | {Role.PERFORMANCE}, None),
    "placements:homes": (MAY_KNOW_HOMES, None),
    "placements:home": (MAY_KNOW_HOMES, "home"),
    "placements:provider": (MAY_KNOW_HOMES, "provider"),
    "placements:change_registration": (KEEP_HOMES, "home"),
    "placements:record_inspection": (KEEP_HOMES, "home"),
    "placements:record_notice": (KEEP_HOMES, "home"),
    "placements:describe_home": (KEEP_HOMES, "home"),
    "placements:strike_out_registration": (KEEP_HOMES, "home"),
    **{f"people:{name}": (ADMINISTRATORS, None) for name in ("people", "add", "places", "add_team", "add_area")},
    **{f"people:{name}": (ADMINISTRATORS, "person") for name in ("person", "history")},
    **{
        f"people:person_{name}": (ADMINISTRATORS, "person")
        for name in ("appoint", "name", "sign-in", "link", "second-factor", "leave")
    },
    "people:person_return": (ADMINISTRATORS, "leaver"),
    **{f"people:appointment_{name}": (ADMINISTRATORS, "appointment") for name in ("end", "longer", "line-manager")},
    "people:request": (ADMINISTRATORS, "request"),
    "people:request_decide": (ADMINISTRATORS, "request"),
    "people:request_withdraw": (ADMINISTRATORS, "request_of_walker"),
    **{f"people:{name}": (ADMINISTRATORS, "team") for name in ("team", "team_change", "team_close")},
    **{f"people:{name}": (ADMINISTRATORS, "area") for name in ("area", "area_change", "area_close")},
    "people:team_open": (ADMINISTRATORS, "closed_team"),
    "people:area_open": (ADMINISTRATORS, "closed_area"),
}
OF_WHOEVER_ASKED = {"casework:errand": "errand", "children:close_break_glass": "use"}
"""What one person asked for: 404 to everybody else, whatever the role; and which record the address names."""
ANSWERS_TO_SCRIPTS = {"casework:session": 200, "casework:save_draft": 405, "casework:discard_draft": 405}
"""To everybody who is signed in; the last two take forms only."""
OF_SUPERVISORS = {"healthy", "health"}
PUBLIC = {*OF_SUPERVISORS, "casework:colours", "visits:offline", "visits:worker"}
BY_SECRET = {"visits:feed"}
"""To whoever has the secret of the address, without signing in; 404 to everybody else."""

LIBRARY = {
    # Pages of sign-in: what a stranger gets, and what somebody who is signed in
    "account_login": (200, 302),
    "account_logout": (302, 200),
    "account_inactive": (200, 200),
    "account_signup": (200, 302),
    "account_reauthenticate": (302, 200),
    "account_email": (302, 200),
    "account_email_verification_sent": (200, 200),
    "account_change_password": (302, 200),
    "account_set_password": (302, 302),
    "account_reset_password": (200, 200),
    "account_confirm_login_code": (302, 302),
    "account_confirm_email": (200, 200),
    "account_reset_password_from_key_done": (200, 200),
    "account_reset_password_from_key": (200, 200),
    "account_reset_password_done": (200, 200),
    "mfa_index": (302, 200),
    "mfa_authenticate": (302, 302),
    "mfa_reauthenticate": (302, 302),
    "mfa_activate_totp": (302, 302),
    "mfa_deactivate_totp": (302, 404),
    "mfa_view_recovery_codes": (302, 404),
    "mfa_generate_recovery_codes": (302, 302),
    "mfa_download_recovery_codes": (302, 404),
    "mfa_list_webauthn": (302, 200),
    "mfa_add_webauthn": (302, 302),
    "mfa_reauthenticate_webauthn": (302, 302),
    "mfa_remove_webauthn": (302, 302),
    "mfa_edit_webauthn": (302, 302),
    "mfa_login_webauthn": (302, 302),
    "socialaccount_login_cancelled": (200, 200),
    "socialaccount_login_error": (302, 401),
    "socialaccount_signup": (302, 302),
    "socialaccount_connections": (302, 200),
    "openid_connect_login": (404, 404),
    "openid_connect_callback": (404, 404),
}
MOVED_FOR_GOOD = re.compile(r"^accounts/social/")


# The walk


def addresses(patterns=None, prefix="", space=""):
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route, f"{pattern.namespace}:" if pattern.namespace else space)
        elif isinstance(pattern, URLPattern):
            yield route, f"{space}{pattern.name}", pattern.callback


OURS = {
    **PAGES_OF_A_CHILD,
    "approvals:take": None,
    **dict.fromkeys(("approvals:begin_for_child", "approvals:begin_decision", "approvals:take_decision")),
    **{f"approvals:{name}": None for name, _ in ABOUT_PERSON},
    **dict.fromkeys(("meetings:take", "meetings:take_action", *(name for name, _ in MEETINGS))),
    **{f"visits:{name}": None for name in (*(name for name, _ in FORMS), *SECTIONS_OF_FORMS)},
    **PAGES_OF_NO_ONE_CHILD,
    **OF_WHOEVER_ASKED,
    **ANSWERS_TO_SCRIPTS,
    **dict.fromkeys({*PUBLIC, *BY_SECRET}),
}


def test_every_address_has_its_row():
    without = [
        (route, name)
        for route, name, _ in addresses()
        if name not in OURS and name not in LIBRARY and not MOVED_FOR_GOOD.match(route)
    ]
    assert without == []
    names = {name for _, name, _ in addresses()}
    assert {*OURS, *LIBRARY} <= names, "a row without an address"


def test_every_page_of_ours_states_what_it_holds():
    stated = {
        name: getattr(view, "policy", None) for _, name, view in addresses() if name in OURS.keys() - OF_SUPERVISORS
    }
    assert [name for name, policy in stated.items() if policy is None] == []
    one_child = {name for name, policy in stated.items() if policy.holds is Holds.ONE_CHILD}
    more = {
        "approvals:take",
        "approvals:begin_for_child",
        "approvals:begin_decision",
        "approvals:take_decision",
        *(f"approvals:{name}" for name, _ in ABOUT_PERSON),
    }
    more |= {f"visits:{name}" for name in (*(name for name, _ in FORMS), *SECTIONS_OF_FORMS)}
    more |= {"meetings:take", "meetings:take_action", *(name for name, _ in MEETINGS)}
    assert one_child == {*PAGES_OF_A_CHILD, *more}
    assert {name for name, policy in stated.items() if policy.is_public} == (PUBLIC | BY_SECRET) - OF_SUPERVISORS


def test_the_table_knows_every_role_and_every_step():
    from approvals.decisions.forms import STEPS as OF_DECISIONS
    from approvals.views import STEPS as TAKEN

    assert set(SEES) == set(Role)
    assert set(STEPS) == set(TAKEN) - {"convene"}
    assert set(DECISION_STEPS) == set(OF_DECISIONS)
    assert set(MEETING_STEPS) == set(meeting_pages.STEPS) - {"arrange"}
    assert set(ACTION_STEPS) == set(meeting_pages.OF_ACTION) - {"agree"}


class Authority(World):
    """The small authority, a person who walks for each role, and a child for each relation to all of them."""

    def __init__(self):
        super().__init__()
        self.walkers = {role: self._walker(role) for role in Role}
        errand = Errand.objects.create(kind="preview_rule_value", by=self.colleague, asked_at=NOW)
        self.asked_for = {"errand": errand.pk}
        west = {"team": self.other_areas_team, "by": self.elsewhere(Role.TEAM_MANAGER)}
        self.of = {
            "own": self.a_child(forename="Own", surname="Canaryone"),
            "team": self.a_child(worker=self.colleague, forename="Team", surname="Canarytwo"),
            "area": self.a_child(
                team=self.second_team,
                worker=self.second_teams_worker,
                by=self.second_teams_manager,
                forename="Area",
                surname="Canarythree",
            ),
            "elsewhere": self._west("Elsewhere", "Canaryfour", **west),
            "restricted": self.a_child(forename="Restricted", surname="Canaryfive"),
            "named": self._west("Named", "Canarysix", **west),
            "invited": self._west("Invited", "Canaryseven", **west),
            "invited_until_yesterday": self._west("Uninvited", "Canaryeight", **west),
            "own_until_yesterday": a_child(forename="Former", surname="Canarynine", **west),
        }
        self._relate()
        self.pks = {relation: self._record_of(relation, child) for relation, child in self.of.items()}
        self._restrict()
        self.asked_for["use"] = self.pks["own"]["use"]
        self._put_in_a_home()
        self.named = {
            None: [],
            "home": [self.home.pk],
            "delivery": [self._delivery().pk],
            "export": [self._export().pk],
            "provider": [self.home.provider_id],
            "team_of_walkers": [self.team.pk],
            "restriction": [self.pks["restricted"]["restriction"]],
            "use": [self.pks["own"]["use"]],
            **{name: [row.pk] for name, row in self._administer().items()},
        }
        """Which record an address names that is about no one child."""

    def _export(self):
        """An export whose file is ready."""
        errand = Errand.objects.create(kind="write_visits", by=self.colleague, asked_at=NOW, ended_at=NOW)
        days = {"from_on": NOW.date(), "to_on": NOW.date()}
        return Export.objects.create(asked_at=NOW, by=self.colleague, errand=errand, **days)

    def _delivery(self):
        """Files of the return that somebody else brought, with a finding about a restricted child."""
        look = Errand.objects.create(kind="look_through_return", by=self.colleague, asked_at=NOW, ended_at=NOW)
        delivery = Delivery.objects.create(brought_at=NOW, by=self.colleague, authority_code="E10000099", look=look)
        child = self.of["restricted"].reference
        facts = [["before", address_in("restricted")], ["year", "2018"]]
        found = Finding("fact-changed", "header.csv", 2, "SEX", address_in("restricted"), tuple(facts), child=child)
        KeptFinding.of(found, delivery=delivery, is_of_reading=False).save()
        return delivery

    def _administer(self):
        """One row for each page of administrators, none of them about who looks at it."""
        person = a(Role.IRO, name="kept-by-administrators", until=NOW + timedelta(days=9))
        TOTP.activate(person, generate_totp_secret())
        leaver = a_person("leaver")
        leaver.is_active = False
        leaver.save()
        asked = {"kind": GrantRequest.Kind.APPOINTMENT, "person": person, "role": Role.DCS, "starts_at": NOW}
        by = {"other": self.administrator, "walker": self.walkers[Role.ADMINISTRATOR]}
        requests = {
            name: GrantRequest.objects.create(**asked, asked_by=asker, asked_at=NOW, because="She starts.")
            for name, asker in by.items()
        }
        return {
            "person": person,
            "leaver": leaver,
            "appointment": person.appointments.get(),
            "request": requests["other"],
            "request_of_walker": requests["walker"],
            "team": Team.objects.create(name="Kept team", area=self.area),
            "closed_team": Team.objects.create(name="Closed team", area=self.area, closed_at=YESTERDAY),
            "area": ServiceArea.objects.create(name="Kept area"),
            "closed_area": ServiceArea.objects.create(name="Closed area", closed_at=YESTERDAY),
        }

    def read_duties(self):
        """One open duty of each child."""
        for relation, child in self.of.items():
            self.pks[relation]["duty"] = Duty.objects.open().filter(case_file=child.case_file_id).first().pk

    def propose_a_value(self):
        """A shorter limit for a duty of each child, its preview worked out; put to the director who walks."""
        asked = {"asked_by": self.administrator, "asked_at": NOW, "decider": self.walkers[Role.SERVICE_DIRECTOR]}
        value = {"code": "D-03", "count": 1, "unit": "days", "since": NOW.date() + timedelta(days=1)}
        proposal = proposals.propose(RuleProposal(**value, **asked, because="Five days are too long."))
        errands.do(RuleProposal.objects.get(pk=proposal.pk).preview_id)
        self.named |= {"rule": ["D-03"], "rule_without_proposal": ["D-04"], "proposal": [proposal.pk]}

    def _west(self, forename, surname, **west):
        return a_child(worker=self.elsewhere(Role.SOCIAL_WORKER), forename=forename, surname=surname, **west)

    def _walker(self, role):
        where = {}
        if role in IN_TEAMS:
            where = {"team": self.team}
        elif role in (Role.SERVICE_MANAGER, Role.DHOS, Role.HOS):
            where = {"area": self.area}
        return a(role, name=f"walker-{role.value}", **where)

    def _relate(self):
        for role in ALLOCATED:
            walker = self.walkers[role]
            allocated_to(self.of["own"], walker, role=role, since=days_before(200))
            allocated_to(self.of["restricted"], walker, role=role, since=days_before(200))
            former = self.of["own_until_yesterday"]
            allocated_to(former, walker, role=role, since=days_before(200), until=YESTERDAY)
        for walker in self.walkers.values():
            access.invite(walker, self.of["invited"], at=days_before(100), until=None, because="A case discussion.")
            access.invite(
                walker, self.of["invited_until_yesterday"], at=days_before(100), until=YESTERDAY, because="A decision."
            )

    def _record_of(self, relation, child):
        """The child lives with a relative, in secret words; was visited; and a case discussion is agreed."""
        carer = Carer(name=f"Carer of {relation}", address=address_in(relation))
        since = days_before(20)
        placement = placed(child, Setting.CONNECTED_PERSON, since=since, carer=carer, relationship="Aunt")
        worker = child.allocations.get(role=Role.SOCIAL_WORKER).person
        visit = visited(placement, days_before(3), by=worker, account=narrative_of(relation))
        content = CONTENT | {"legal_advice": legal_advice_on(relation), "risks": narrative_of(relation)}
        discussion = chain_at(State.AGREED, placement, held_at=days_before(10), content=content)
        person, member = self._asked_about(child, carer, worker, relation)
        return {
            **self._met(child, carer, worker, relation),
            **self._after_the_visit(visit, worker, relation),
            "child": child.pk,
            "carer": carer.pk,
            "person": person.pk,
            "member": member.pk,
            "placement": placement.pk,
            "visit": visit.pk,
            "photo": photographed(visit, says=narrative_of(relation)).pk,
            "plan": planned(placement, NOW + timedelta(days=2), by=worker, says=narrative_of(relation)).pk,
            "approval": discussion.pk,
            "decision": self._put_contact(child, relation).pk,
        }

    def _after_the_visit(self, visit, worker, relation):
        """A complete form with an action of the provider; the IRO read it; and what is asked for, in secret words."""
        placement, at, says = visit.placement, visit.made_at, narrative_of(relation)
        child = placement.child
        form = VisitingForm.objects.create(
            kind="purposeful",
            state="complete",
            child=child,
            placement=placement,
            visit=visit,
            author=worker,
            role=Role.SOCIAL_WORKER,
            made_at=at,
            begun_at=at,
            completed_at=at,
        )
        version = FormVersion.objects.create(
            form=form, number=1, content={"conclusion": says}, typed_by=worker, typed_at=at
        )
        action = form.actions.create(says=says, owner="The manager", agreed_at=at, due_on=NOW.date())
        read = {"by": self.iro, "role": Role.IRO, "at": at, "concludes": "formal_escalation", "says": says}
        recorded = {"placement": placement, "recorded_by": worker, "recorded_at": at}
        rows = {
            "visiting_form": form,
            "provider_action": action,
            "reading": FormReading.objects.create(version=version, **read),
            "review": LookedAfterReview.objects.create(child=child, scheduled_on=NOW.date() + timedelta(days=9)),
            "asked_for": VisitAskedFor.objects.create(asked_by="child", asked_at=at, says=says, **recorded),
            "incident": Incident.objects.create(happened_at=at, told_at=at, says=says, **recorded),
            "health_asked": HealthAsked.objects.create(professional=self.health, wanted_by=NOW.date(), **recorded),
            "contract": ContractQuestion.objects.create(says="It includes no cleaning.", **recorded),
        }
        return {name: row.pk for name, row in rows.items()}

    def _put_contact(self, child, relation):
        """Contact of more than 24 hours is put by a manager, in secret words, and is to be checked by another."""
        step = {"by": manager_of(child), "at": days_before(2)}
        secret = {"risks": narrative_of(relation), "home": address_in(relation)}
        decision = carry_out(Decision(kind="contact", child=child).prepare, **step)
        content = CONTACT | secret | {"legal_advice": legal_advice_on(relation)}
        return carry_out(decision.put, **step, content=content)

    def _asked_about(self, child, carer, worker, relation):
        """The relative is looked into; who lives there is on record, in secret words."""
        at = days_before(4)
        about = {"carer": carer, "relationship": "Aunt", "asked_on": at.date()}
        person = carry_out(ConnectedPerson(child=child).enquire, by=worker, at=at, **about)
        told = {"name": carer.name, "is_who": "carer", "born_on": at.date().replace(year=1980)}
        member = HouseholdMember(person=person, says=narrative_of(relation), **told)
        write_down(member, act="keep_household", about=child, may=may_record, by=worker, at=at)
        return person, member

    def _met(self, child, carer, worker, relation):
        """A network meeting was held with the carer, minuted in secret words and sent round; one action is open."""
        chair, at = manager_of(child), days_before(2)
        step = {"by": chair, "at": at}
        meeting = Meeting(kind="network", case_file_id=child.case_file_id)
        plan = {"starts_at": days_before(3), "ends_at": days_before(3) + timedelta(hours=1), "place": carer.address}
        plan |= {"chair": chair, "chair_role": Role.TEAM_MANAGER, "minute_taker": None, "agenda": []}
        people, outsiders = [(Role.SOCIAL_WORKER, worker)], [(carer.name, "Carer")]
        meeting = carry_out(meeting.arrange, **step, people=people, outsiders=outsiders, **plan)
        came = {each.pk: "yes" for each in meeting.invited}
        meeting = carry_out(meeting.hold, **step, ended_at=meeting.ends_at, came=came)
        owner = {"owner": meeting.invited.get(person=worker), "due_on": NOW.date()}
        action = carry_out(Action(meeting=meeting).agree, **step, says=narrative_of(relation), **owner)
        said = {"risks": narrative_of(relation), "legal_advice": legal_advice_on(relation)}
        meeting = carry_out(meeting.minute, **step, content=said)
        sent_to = list(meeting.invited)
        carry_out(meeting.circulate, **step, digest=meeting.version.digest, invitations=sent_to)
        copy = Circulation.objects.get(minutes__meeting=meeting, invitation__person=None)
        return {"meeting": meeting.pk, "action": action.pk, "copy": copy.pk, "file": child.case_file_id}

    def _restrict(self):
        others = (self.colleague, self.dhos)
        restricted_to(self.of["restricted"], *others, since=YESTERDAY, by=self.service_manager)
        by = self.elsewhere(Role.SERVICE_MANAGER)
        restricted_to(self.of["named"], *self.walkers.values(), since=YESTERDAY, by=by)
        for relation, child in self.of.items():
            found = Restriction.objects.filter(child=child).first()
            self.pks[relation]["restriction"] = found.key if found else uuid.uuid4()
            self.pks[relation]["use"] = self._opened_before(child)

    def _opened_before(self, child):
        """Somebody who has left since opened the record by break-glass long ago."""
        begun = {"starts_at": days_before(200), "ends_at": days_before(199)}
        said = {"why": "court", "because": "The police asked.", "by": self.colleague}
        return BreakGlassUse.objects.create(child=child, **said, **begun).pk

    def _put_in_a_home(self):
        """One more child of the first team and one of the other area live in a home together."""
        self.home = a_home(registered=RegistrationStatus.REGISTERED, name="The home", address="Home Lane")
        self.in_home = {
            "team": self.a_child(worker=self.colleague, forename="Team", surname="Canaryten"),
            "elsewhere": self._west(
                "Elsewhere", "Canaryeleven", team=self.other_areas_team, by=self.elsewhere(Role.TEAM_MANAGER)
            ),
        }
        for child in self.in_home.values():
            placed(child, Setting.CHILDRENS_HOME, since=days_before(50), home=self.home)

    def in_sight_of(self, role):
        """The children whom a role sees, by surname."""
        seen = {self.of[relation].surname for relation in SEES[role].children}
        seen |= {child.surname for relation, child in self.in_home.items() if relation in SEES[role].children}
        if SEES[role].children == ALL:
            seen |= {child.surname for child in self.in_home.values()}
        return seen


def address_in(relation):
    return f"{CARDINAL[relation]} Hidden Lane"


def narrative_of(relation):
    return f"Whispered about {CARDINAL[relation]}"


def legal_advice_on(relation):
    return f"Privileged on {CARDINAL[relation]}"


CARDINAL = dict(zip(RELATIONS, ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"), strict=True))
CANARY = re.compile(r"Canary[a-z]+")


@pytest.fixture(scope="module")
def authority(django_db_setup, django_db_blocker):
    """Built once for the walk of all roles: what a test changes is undone with its transaction."""
    logging.disable()  # of some twenty thousand requests
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False):
        with transaction.atomic(), diary.one_look_at_the_end(announce=False):
            built = Authority()
        built.read_duties()
        built.propose_a_value()
        with django_db_blocker.block():
            yield built
        call_command("flush", interactive=False, verbosity=0)
    logging.disable(logging.NOTSET)


def signed_in_as(person):
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def pages_of(authority, relation):
    """Every page about the child of a relation: its name, its row, its address."""
    pks = authority.pks[relation]
    for name, page in PAGES_OF_A_CHILD.items():
        yield name, page, reverse(name, args=[pks[page.about]])
    for step, page in STEPS.items():
        yield f"approvals:take {step}", page, reverse("approvals:take", args=[pks[page.about], step])
    for step, page in MEETING_STEPS.items():
        yield f"meetings:take {step}", page, reverse("meetings:take", args=[pks["meeting"], step])
    for step, page in ACTION_STEPS.items():
        yield f"meetings:take_action {step}", page, reverse("meetings:take_action", args=[pks["action"], step])
    for (name, kind), page in MEETINGS.items():
        about = [pks["placement"]] if name.endswith("_about") else []
        yield f"{name} {kind}", page, reverse(name, args=[kind, pks["file"], *about])
    for step, page in DECISION_STEPS.items():
        yield f"approvals:take_decision {step}", page, reverse("approvals:take_decision", args=[pks["decision"], step])
    for kind, page in BEGUN_AT_HOME.items():
        yield f"begin {kind} here", page, reverse("approvals:begin_decision", args=[kind, pks[page.about]])
    for kind, page in BEGUN.items():
        yield f"begin {kind}", page, reverse("approvals:begin_for_child", args=[kind, pks[page.about]])
    for (name, besides), page in ABOUT_PERSON.items():
        yield f"{name} {besides}", page, reverse(f"approvals:{name}", args=[pks[page.about], pks.get(besides, besides)])
    yield from pages_of_forms(pks)


def pages_of_forms(pks):
    """The pages of visiting forms whose address names a kind or a section."""
    for (name, kind), page in FORMS.items():
        yield f"{name} {kind}", page, reverse(f"visits:{name}", args=[kind, pks[page.about]])
    for name, page in SECTIONS_OF_FORMS.items():
        yield name, page, reverse(f"visits:{name}", args=[pks[page.about], "conclusion"])


def expected(page, role, relation):
    if relation not in SEES[role].children:
        return 404
    if page.may is None or relation in page.may.get(role, ()):
        return page.of_named if relation == "named" and page.of_named else page.answers
    return 403


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("role", Role)
def test_pages_about_a_child(authority, role, relation):
    client = signed_in_as(authority.walkers[role])
    sees = SEES[role]
    wrong = []
    for name, page, address in pages_of(authority, relation):
        wanted = expected(page, role, relation)
        if name in DOCUMENTS and wanted == 200 and relation != "own":
            continue  # A document takes half a second to make.
        before = Reading.objects.count()
        answer = client.get(address)
        if answer.status_code != wanted:
            wrong.append(f"{name}: {answer.status_code}, not {wanted}")
            continue
        if relation in SENT_TO and wanted in (403, 404):
            wrong += posted_wrongly(client, name, address, wanted)
        if answer["Content-Type"].startswith(("application/pdf", "image/")):
            continue
        body = answer.content.decode()
        told = set(CANARY.findall(body))
        allowed = {authority.of[relation].surname} if wanted not in (403, 404) else set()
        if not told <= allowed:
            wrong.append(f"{name}: tells {told - allowed}")
        if told and Reading.objects.count() != before + 1:
            wrong.append(f"{name}: {Reading.objects.count() - before} rows in the read log")
        for secret, may in (
            (legal_advice_on(relation), relation in sees.legal_advice),
            (address_in(relation), sees.address),
            (f"Carer of {relation}", sees.address),
            (narrative_of(relation), sees.narrative),
        ):
            if secret in body and (not may or wanted in (403, 404)):
                wrong.append(f"{name}: tells “{secret}”")
    assert wrong == []


def posted_wrongly(client, name, address, wanted):
    """Whoever does not see the child learns no more by sending; whoever may not act does not act."""
    events = Event.objects.count()
    answer = client.post(address)
    if wanted == 404 and answer.status_code not in (404, 405):
        yield f"{name}: {answer.status_code} to POST"
    if answer.status_code >= 500 or Event.objects.count() != events:
        yield f"{name}: acted on POST"


@pytest.mark.parametrize("role", Role)
def test_pages_about_no_one_child(authority, role):
    client = signed_in_as(authority.walkers[role])
    pks = authority.named
    wrong = []
    for name, (roles, about) in PAGES_OF_NO_ONE_CHILD.items():
        wanted = 200 if role in roles else 403
        answer = client.get(reverse(name, args=pks[about]))
        if answer.status_code != wanted:
            wrong.append(f"{name}: {answer.status_code}, not {wanted}")
        wrong += told_wrongly(authority, role, name, answer)
    assert wrong == []


@pytest.mark.parametrize("role", Role)
def test_what_somebody_else_asked_for_is_not_shown(authority, role):
    client = signed_in_as(authority.walkers[role])
    for name, about in OF_WHOEVER_ASKED.items():
        assert client.get(reverse(name, args=[authority.asked_for[about]])).status_code == 404, name


@pytest.mark.parametrize("role", Role)
def test_search_finds_children_in_sight_only(authority, role):
    answer = signed_in_as(authority.walkers[role]).post(reverse("children:search"), {"q": "canary"})
    assert answer.status_code == 200
    assert set(CANARY.findall(answer.content.decode())) == authority.in_sight_of(role)
    assert told_wrongly(authority, role, "search", answer) == []


def test_each_list_shows_whom_the_role_sees(authority):
    """The walk would not notice a list that shows nobody."""
    for role, relations in {Role.SOCIAL_WORKER: TEAM, Role.HOS: AREA, Role.DCS: ALL, Role.PERFORMANCE: set()}.items():
        body = signed_in_as(authority.walkers[role]).get(reverse("tracking:dashboard")).content.decode()
        assert set(CANARY.findall(body)) == {authority.of[relation].surname for relation in relations}


def whole(answer):
    """What an answer says, also one in pieces."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode(errors="replace")


def told_wrongly(authority, role, name, answer):
    body = whole(answer)
    wrong = [f"{name}: tells {surname}" for surname in set(CANARY.findall(body)) - authority.in_sight_of(role)]
    for relation in RELATIONS:
        secrets = [legal_advice_on(relation), narrative_of(relation)]
        if not (SEES[role].address and relation in SEES[role].children):
            secrets += [address_in(relation), f"Carer of {relation}"]
        wrong += [f"{name}: tells “{secret}”" for secret in secrets if secret in body]
    return wrong


# The near misses of time, and nobody at all


def everything(authority):
    """Every page of ours: its name and address."""
    for relation in RELATIONS:
        for name, _, address in pages_of(authority, relation):
            yield f"{name} of {relation}", address
    pks = authority.named
    for name, (_, about) in PAGES_OF_NO_ONE_CHILD.items():
        yield name, reverse(name, args=pks[about])
    for name, about in OF_WHOEVER_ASKED.items():
        yield name, reverse(name, args=[authority.asked_for[about]])


def test_nobody_is_asked_to_sign_in(authority):
    client = Client()
    for name, address in everything(authority):
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code == 302, name
            assert answer["Location"].startswith(reverse("account_login")), name
    for name in ANSWERS_TO_SCRIPTS:
        assert client.get(reverse(name)).status_code == 302
        assert client.get(reverse(name), headers={"X-Requested-With": "fetch"}).status_code == 401
    for name in PUBLIC:
        assert client.get(reverse(name)).status_code == 200
    for name in BY_SECRET:
        assert client.get(reverse(name)).status_code == 404


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.HOS, Role.DCS, Role.LEGAL, Role.IRO])
def test_whose_appointment_ended_yesterday_sees_no_child(authority, role):
    """Still allocated, still named, still invited: without the role that is nothing."""
    person = authority.walkers[role]
    person.appointments.update(ends_at=YESTERDAY)
    client = signed_in_as(person)
    assert_sees_no_child(authority, client)


def test_who_never_held_a_role_sees_no_child(authority):
    person = appointed(authority.colleague, Role.SOCIAL_WORKER, team=authority.team)
    person.appointments.update(starts_at=NOW + timedelta(days=1))
    assert_sees_no_child(authority, signed_in_as(person))


def assert_sees_no_child(authority, client):
    for name, address in everything(authority):
        answer = client.get(address)
        assert answer.status_code in (200, 403, 404), name
        assert not CANARY.findall(answer.content.decode()), name


def test_a_new_role_does_not_bring_back_an_old_allocation(authority):
    """The social worker of yesterday is today's reviewing officer: the child allocated to the social worker is gone."""
    person = authority.walkers[Role.SOCIAL_WORKER]
    person.appointments.update(ends_at=YESTERDAY)
    appointed(person, Role.IRO, since=YESTERDAY)
    client = signed_in_as(person)
    assert client.get(reverse("children:child", args=[authority.of["own"].pk])).status_code == 404
    assert client.get(reverse("children:child", args=[authority.of["named"].pk])).status_code == 200


def test_break_glass_opens_one_child_until_it_ends(authority):
    child = authority.of["restricted"]
    person = authority.walkers[Role.TEAM_MANAGER]
    page = reverse("children:child", args=[child.pk])
    access._grant(access.BREAK_GLASS, person, child, YESTERDAY, NOW + timedelta(hours=1), "He is in hospital.")
    assert signed_in_as(person).get(page).status_code == 200
    ChildUserObjectPermission.objects.filter(user=person, content_object=child).update(ends_at=NOW)
    assert signed_in_as(person).get(page).status_code == 404


def test_a_session_ends_with_the_role(authority):
    """A role that is taken away acts on the next request, and so does leaving."""
    page = reverse("children:my_work")
    for change in ({"ends_at": YESTERDAY}, None):
        person = authority.walkers[Role.DHOS]
        client = signed_in_as(person)
        assert client.get(page).status_code == 200
        if change:
            person.appointments.update(**change)
        else:
            type(person).objects.filter(pk=person.pk).update(is_active=False)
        answer = client.get(page)
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_login"))


def test_what_needs_signing_in_stays_in_no_cache(authority):
    client = signed_in_as(authority.walkers[Role.SOCIAL_WORKER])
    for name in ("children:my_work", "children:search", "tracking:dashboard", "casework:session"):
        assert "no-store" in client.get(reverse(name))["Cache-Control"], name
    answer = client.get(reverse("children:child", args=[authority.of["own"].pk]))
    assert "no-store" in answer["Cache-Control"]


# Pages of libraries

ARGUMENTS = {
    "account_confirm_email": ["none"],
    "account_reset_password_from_key": ["1", "none"],
    "mfa_remove_webauthn": [1],
    "mfa_edit_webauthn": [1],
    "openid_connect_login": ["authority"],
    "openid_connect_callback": ["authority"],
}


@pytest.mark.parametrize("name", LIBRARY)
def test_pages_of_sign_in(authority, name):
    address = reverse(name, args=ARGUMENTS.get(name))
    clients = Client(), signed_in_as(authority.walkers[Role.SOCIAL_WORKER])
    assert tuple(client.get(address).status_code for client in clients) == LIBRARY[name]
    assert not Reading.objects.filter(page=address).exists()
