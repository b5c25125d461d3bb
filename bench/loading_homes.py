"""Takes the homes, providers and families of a plan into the database, for `bench.loading`."""

from datetime import date, datetime, time
from typing import Any

from django.db.models import Model

from accounts.models import User
from accounts.roles import Role
from bench.plan import CarerPlan, HomePlan, Plan
from casework.limits import LONDON
from casework.models import CaseFile
from casework.steps import write_down
from placements.models import Carer, Home, HomeRegistration, Inspection, Provider, RegulatorNotice


class Homes:
    """The homes, agencies and families as records, opened when they are first needed."""

    def __init__(self, plan: Plan, people: dict[str, User]) -> None:
        self.plan = plan
        self.by = people["commissioning"]
        self.homes: dict[HomePlan, Home] = {}
        self.providers: dict[str, Provider] = {}
        self.carers: dict[CarerPlan, Carer] = {}

    def carer(self, plan: CarerPlan) -> Carer:
        """A family: known before a child comes to it, and the same for brothers and sisters."""
        if plan not in self.carers:
            self.carers[plan] = Carer.objects.create(
                name=plan.name,
                address=plan.address,
                postcode=plan.postcode,
                sector=plan.sector,
                provider=self.provider(plan.agency) if plan.agency else None,
            )
        return self.carers[plan]

    def provider(self, name: str) -> Provider:
        """The provider of a name."""
        if name not in self.providers:
            opened = CaseFile.objects.create(kind=CaseFile.Kind.PROVIDER, opened_at=self.plan.went_live_at)
            provider = self.providers[name] = Provider(case_file=opened, name=name)
            self._note(provider, act="open", about=provider, at=self.plan.went_live_at)
        return self.providers[name]

    def open(self, home: HomePlan) -> None:
        """A home with what is known of it, each later change at its own day."""
        live = self.plan.went_live_at
        record = self.homes[home] = Home(
            case_file=CaseFile.objects.create(kind=CaseFile.Kind.HOME, opened_at=live),
            provider=self.provider(home.provider),
            name=home.name,
            setting=home.setting,
            urn=home.urn,
            address=home.address,
            postcode=home.postcode,
            run_by_authority=home.run_by_authority,
        )
        dated = [
            (day, "change_registration", self._registration(record, day, status)) for day, status in home.registrations
        ]
        dated += [
            (day, "record_inspection", Inspection(home=record, inspected_on=day, judgement=judgement))
            for day, judgement in home.inspections
        ]
        dated += [
            (day, "record_notice", RegulatorNotice(home=record, given_on=day, says=says)) for day, says in home.notices
        ]
        known = [fact for day, _, fact in dated if day < live.date()]
        self._note(record, *known, act="open", about=record, at=live)
        for day, act, fact in sorted(dated, key=lambda each: each[0]):
            if day >= live.date():
                self._note(fact, act=act, about=record, at=at_hour(day, 10))

    @staticmethod
    def _registration(home: Home, day: date, status: str) -> HomeRegistration:
        return HomeRegistration(home=home, status=status, from_on=day)

    def _note(self, *facts: Model, act: str, about: Any, at: datetime) -> None:
        write_down(*facts, act=act, about=about, may=may_record_homes, by=self.by, at=at)


def may_record_homes(home: Any, user: User, at: datetime) -> bool:
    """Commissioning, which hears from the regulator."""
    return user.holds(Role.COMMISSIONING, at=at)


def at_hour(day: date, hour: int) -> datetime:
    """An hour of a day, in London."""
    return datetime.combine(day, time(hour), tzinfo=LONDON)
