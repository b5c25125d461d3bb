from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """Who agreed it: the sign-off chain for unregulated arrangements."""

    name = "approvals"
    verbose_name = "Approvals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Tell the diary what senior managers owe, and the pages below how oversight stands."""
        from approvals.after_dissent import AFTER_DISSENT
        from approvals.decisions.taking_effect import take_effect_on_arrival
        from approvals.duties import approval_duties
        from approvals.inbox.piles import takes_part
        from approvals.kinds.unregistered_setting import relevant_director
        from approvals.meetings import CASE_DISCUSSION
        from approvals.models import CaseDiscussion
        from approvals.panels import (
            approvals_of,
            decisions_of,
            decisions_of_child,
            footprint_on_file,
            oversight,
            oversight_of_child,
            what_to_do,
            where_met,
            where_put_afterwards,
        )
        from casework import diary, duty_links, panels, timeline
        from casework.context import add_place
        from casework.meetings import kind
        from placements import arrivals

        add_place("Approvals", "approvals:inbox", order=15, shown_to=takes_part)
        relevant_director()
        diary.register_source("child", "approvals", approval_duties)
        diary.register_readers(CaseDiscussion, "approvals", "meetings")
        diary.register_readers(CaseDiscussion, "approvals", after=("agree", "approve", "sign_off"))
        kind.declare((CASE_DISCUSSION, AFTER_DISSENT))
        duty_links.register("approvals", where_met, says="Sign-off", label=what_to_do)
        duty_links.register("ceasing", where_put_afterwards, says="Sign-off", label="Put the end of care forward")
        panels.add("child.standing", oversight_of_child, order=30)
        panels.add("placement.standing", oversight, order=30)
        panels.register("placement", "Approvals", "approvals/panel.html", approvals_of, order=30)
        panels.register(
            "placement", "Footprint on file", "approvals/_footprint_panel.html", footprint_on_file, order=32
        )
        panels.register("placement", "Senior decisions", "approvals/decisions.html", decisions_of, order=35)
        panels.register("child", "Senior decisions", "approvals/decisions.html", decisions_of_child, order=35)
        arrivals.register("approvals", take_effect_on_arrival)
        timeline.tell(
            "approvals",
            convene="Case discussion held about where the child lives",
            record="Record of the case discussion typed up",
            agree="Record agreed as accurate",
            approve="Approved by the Head of Service",
            send_back="Sent back by the Head of Service",
            refuse="Refused by the Head of Service",
            sign_off="Final sign-off by the Service Director",
            dissent="The Service Director dissents",
            feed_back="What was agreed after the dissent",
            communicate="Outcome communicated",
            file="Signed record filed",
            withdraw="Case discussion withdrawn",
            note="Case note: a case discussion took place",
            know="Confirmed to know what was decided",
            renew="Interim approval renewed by the Head of Service",
            prepare="Writing up begun for a senior decision",
            put="Put forward for a senior decision",
            confirm="Confirmed as complete",
            decide="Decided",
            hand_back="Handed back for more work",
            decline="Declined",
            take_back="Taken back",
            take_effect="The child moved to a home that was agreed to",
        )
        self._tell_of_kinds()
        self._tell_of_connected_persons()
        self._tell_of_digests()

    def _tell_of_kinds(self):
        """The table of kinds, for everybody; and where a duty about a home is met that takes a decision."""
        from approvals.kinds import written
        from approvals.panels import where_begun
        from casework import duty_links, panels, timeline
        from casework.written import register

        register("decisions.md", written.document)
        panels.add("procedures", written.link, order=5)
        duty_links.ask_first(where_begun)
        timeline.tell("approvals", say="Whoever was consulted said what they think")

    def _tell_of_digests(self):
        """What the digest under a signed record tells whoever types it."""
        from approvals.checking import tell_of_decision, tell_of_discussion
        from approvals.models import DecisionVersion, RecordVersion
        from casework.digests import Sealed, register

        register(Sealed(RecordVersion, "discussion__placement__child__case_file", tell_of_discussion))
        register(Sealed(DecisionVersion, "decision__child__case_file", tell_of_decision))

    def _tell_of_connected_persons(self):
        """What relatives and friends who may care for a child make due, and whose facts an approval of theirs changes."""
        from approvals.connected.ledger import connected_duties, files_with_the_same_carers
        from approvals.connected.panels import (
            carer_of,
            countdown_of_child,
            countdown_of_placement,
            people_of,
            what_to_do,
            where_met,
        )
        from approvals.connected.report import READERS
        from approvals.models import ConnectedPerson, Decision
        from casework import diary, duty_links, panels, timeline
        from casework.context import add_place

        diary.register_source("child", "connected_persons", connected_duties)
        diary.register_dependents(files_with_the_same_carers, ConnectedPerson, Decision)
        duty_links.register("connected_persons", where_met, says="Relatives and friends", label=what_to_do)
        panels.add("child.standing", countdown_of_child, order=20)
        panels.add("placement.standing", countdown_of_placement, order=20)
        panels.register(
            "child", "Relatives and friends who may care", "approvals/connected/panel.html", people_of, order=34
        )
        panels.register("placement", "The carers", "approvals/connected/panel.html", carer_of, order=20)
        add_place(
            "Relatives and friends",
            "approvals:connected_persons",
            order=45,
            shown_to=lambda user, at: user.holds(*READERS, at=at),
        )
        timeline.tell(
            "approvals",
            enquire="Enquiry about a relative or friend opened",
            keep_household="Who lives with a relative or friend was recorded",
            approve_in_full="A relative or friend was approved as a foster carer",
            refuse_in_full="A relative or friend was refused as a foster carer",
            ask_for_review="An independent review of a refusal was asked for",
            send_papers="Papers were sent to the independent panel",
            uphold_refusal="The refusal stands after the independent review",
            take_no_further="An enquiry about a relative or friend was taken no further",
            strike_out="An enquiry about a relative or friend was opened by mistake",
            put_right="What came of an enquiry about a relative or friend had been recorded wrongly",
        )
