"""The episodes taken into a child's history, told in order as care, placements and legal statuses.

How they combine, `linking` says. An episode that goes on with a placement says where the child lives from then on; one
that is only a short time away does not.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Protocol

from casework.wording import counted, said_day
from exchange.ssda903.codes import LEGAL_STATUS_ONLY, LS, STARTED
from exchange.ssda903.history import CONNECTED_PERSON, Care, Episode, LegalStatus, Placement, Stay
from exchange.ssda903.reading import said_year
from exchange.ssda903.settings import setting_of
from exchange.ssda903.tables import year_ended

_SAID_AS: Final = {
    "ended_on": "DEC",
    "reason": "RNE",
    "legal_status": "LS",
    "need": "CIN",
    "place": "PLACE",
    "provider": "PLACE_PROVIDER",
    "how_ended": "REC",
    "why_moved": "REASON_PLACE_CHANGE",
    "home_postcode": "HOME_POST",
    "postcode": "PL_POST",
    "urn": "URN",
}
_WHERE: Final = ("place", "provider", "postcode", "urn")


def changes_between(before: Episode, after: Episode) -> list[str]:
    """What differs between two rows of one episode, each as "DEC was blank, now 27 February 2019"."""
    return [
        f"{column} was {_say_value(getattr(before, name))}, now {_say_value(getattr(after, name))}"
        for name, column in _SAID_AS.items()
        if getattr(before, name) != getattr(after, name)
    ]


def _say_value(value: str | date | None) -> str:
    if isinstance(value, date):
        return said_day(value)
    return value or "blank"


def _differences(before: Episode, after: Episode) -> list[str]:
    """The columns that say where the child lives and that differ between two episodes."""
    return [_SAID_AS[name] for name in _WHERE if getattr(before, name) != getattr(after, name)]


@dataclass(slots=True)
class _Growing:
    """A placement while the episodes after its first still may continue it."""

    episodes: list[Episode]
    now: Episode
    """The episode that says where the child lives in this placement."""
    stays: list[Stay] = field(default_factory=list)
    away: bool = False
    not_confirmed_since: date | None = None

    def told(self) -> Placement:
        first, last, now = self.episodes[0], self.episodes[-1], self.now
        return Placement(
            started_on=first.started_on,
            ended_on=last.ended_on,
            setting=setting_of(now.place, now.provider),
            place=now.place,
            provider=now.provider,
            postcode=now.postcode,
            home_postcode=now.home_postcode,
            urn=now.urn,
            why_moved=last.why_moved,
            how_ended=last.how_ended,
            episodes=tuple(self.episodes),
            stays=tuple(self.stays),
            not_confirmed_since=self.not_confirmed_since,
        )


class Say(Protocol):
    """Takes a finding about an episode: the reason's code, the episode, the column, and what fills the sentence."""

    def __call__(self, code: str, episode: Episode, column: str, /, **facts: str) -> None: ...


class Telling:
    """Care, placements and legal statuses, as the episodes taken tell them."""

    def __init__(
        self, episodes: Sequence[Episode], *, latest_year: int, say: Say, begun: Collection[date] = ()
    ) -> None:
        """`episodes` stand in order and do not overlap; on the days `begun` a placement begins in any case."""
        self.care: list[Care] = []
        self.legal_statuses: list[LegalStatus] = []
        self._placements: list[_Growing] = []
        self._latest_year = latest_year
        self._begun = begun
        self._say_of = say
        self._before: Episode | None = None
        for episode in episodes:
            self._present = episode
            begins_care = self._tell_care(episode)
            self._tell_placement(episode, begins_care)
            self._tell_legal_status(episode, begins_care)
            self._before = episode
        if self._before is not None:
            self._tell_how_it_stands(self._before)

    @property
    def placements(self) -> tuple[Placement, ...]:
        """Where the child lived, in order."""
        return tuple(placement.told() for placement in self._placements)

    def _say(self, code: str, column: str, /, **facts: str) -> None:
        self._say_of(code, self._present, column, **facts)

    def _tell_care(self, episode: Episode) -> bool:
        """Begin or go on with a period of care; says whether one begins."""
        before = self._before
        begins = before is None or before.ends_care or episode.reason == STARTED
        if before and before.ends_care and episode.reason != STARTED:
            self._say("care-again", "RNE", ended=said_day(before.ended_on or before.started_on))
        elif before and begins and not before.ends_care:
            self._say("started-without-break", "RNE")
        elif before is None and episode.reason != STARTED:
            self._say("care-began-before", "RNE")
        elif before and before.ended_on and not begins and before.ended_on != episode.started_on:
            self._say("gap", "DECOM", days=_say_days(before.ended_on, episode.started_on))
        if begins:
            self._close_care()
            known = episode.reason == STARTED or before is not None
            self.care.append(Care(episode.started_on, None, "", episode.need, known))
        elif episode.need != self.care[-1].need:
            self._say("need-changed", "CIN", before=self.care[-1].need)
        return begins

    def _close_care(self) -> None:
        """End the present period with the episode before."""
        if self.care and self._before:
            self.care[-1] = _ended(self.care[-1], self._before)

    def _tell_placement(self, episode: Episode, begins_care: bool) -> None:
        before = self._before
        present = self._placements[-1] if self._placements else None
        follows_on = before is not None and before.ended_on == episode.started_on and not begins_care
        if present is None or not follows_on or episode.started_on in self._begun:
            self._begin(episode)
        elif episode.is_temporary and not present.now.is_temporary:
            self._go_away(present, episode)
        elif present.away:
            self._come_back(present, episode)
        elif episode.reason == LEGAL_STATUS_ONLY and episode.is_temporary == present.now.is_temporary:
            self._go_on(present, episode)
        else:
            self._begin(episode, is_told=True)

    def _begin(self, episode: Episode, *, is_told: bool = False) -> None:
        """A placement begins. `is_told`: the files have the episode before it."""
        if episode.is_temporary:
            self._say("away-from-nowhere", "PLACE")
        elif episode.reason == LEGAL_STATUS_ONLY:
            self._say("continues-elsewhere" if is_told else "nothing-to-continue", "RNE", changes="PLACE")
        self._placements.append(_Growing([episode], episode))

    def _go_away(self, present: _Growing, episode: Episode) -> None:
        if present.away and episode.reason == LEGAL_STATUS_ONLY:
            last = present.stays.pop()
            present.stays.append(Stay(last.started_on, episode.ended_on, last.place))
        else:
            present.stays.append(Stay(episode.started_on, episode.ended_on, episode.place))
        present.away = True
        present.episodes.append(episode)
        self._say("temporary-stay", "PLACE", since=said_day(present.episodes[0].started_on))

    def _come_back(self, present: _Growing, episode: Episode) -> None:
        if _differences(present.now, episode):
            self._say("not-back", "PLACE")
            self._begin(episode, is_told=True)
            return
        present.away = False
        present.episodes.append(episode)
        self._say("back-again", "PLACE", since=said_day(present.episodes[0].started_on))

    def _go_on(self, present: _Growing, episode: Episode) -> None:
        if different := _differences(present.now, episode):
            self._say("continues-elsewhere", "RNE", changes=", ".join(different))
        present.now = episode
        present.episodes.append(episode)
        self._say("continues", "RNE", since=said_day(present.episodes[0].started_on))

    def _tell_legal_status(self, episode: Episode, begins_care: bool) -> None:
        if episode.legal_status in LS and (
            begins_care or not self.legal_statuses or self.legal_statuses[-1].code != episode.legal_status
        ):
            self.legal_statuses.append(LegalStatus(episode.legal_status, episode.started_on))

    def _tell_how_it_stands(self, last: Episode) -> None:
        """What is so after the last episode: care ended, a next episode that is missing, a placement not confirmed."""
        if last.ends_care:
            self._close_care()
        elif last.ended_on:
            self._say("next-not-in-files", "REC")
        else:
            self._tell_where_the_child_is(self._placements[-1], last)

    def _tell_where_the_child_is(self, present: _Growing, last: Episode) -> None:
        if last.year < self._latest_year:
            present.not_confirmed_since = year_ended(last.year)
            self._say("not-confirmed", "DEC", year=said_year(last.year), since=said_day(present.not_confirmed_since))
        if setting_of(present.now.place, present.now.provider) == CONNECTED_PERSON:
            self._say_of("approval-hidden", present.now, "PLACE")


def _ended(care: Care, by: Episode) -> Care:
    how = by.how_ended if by.ends_care else ""
    return Care(care.started_on, by.ended_on, how, care.need, care.start_is_known)


def _say_days(since: date, until: date) -> str:
    return f"For {counted((until - since).days, 'day')}"
