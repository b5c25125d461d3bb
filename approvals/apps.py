from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """Who agreed it: the sign-off chain for unregulated arrangements."""

    name = "approvals"
    verbose_name = "Approvals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Tell the diary what senior managers owe, and the pages below how oversight stands."""
        from approvals.duties import approval_duties
        from approvals.models import CaseDiscussion, Decision
        from approvals.panels import approvals_of, decisions_of, oversight, oversight_of_child, what_to_do, where_met
        from casework import diary, duty_links, panels, timeline

        diary.register_source("child", "approvals", approval_duties)
        diary.register_readers(CaseDiscussion, "approvals")
        diary.register_readers(Decision, "approvals")
        duty_links.register("approvals", where_met, says="Sign-off", label=what_to_do)
        panels.add("child.standing", oversight_of_child, order=30)
        panels.add("placement.standing", oversight, order=30)
        panels.register("placement", "Approvals", "approvals/panel.html", approvals_of, order=30)
        panels.register("placement", "Senior decisions", "approvals/decisions.html", decisions_of, order=35)
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
            prepare="Writing up begun for a senior decision",
            put="Put forward for a senior decision",
            confirm="Confirmed as complete",
            decide="Decided",
            hand_back="Handed back for more work",
            decline="Declined",
            take_back="Taken back",
        )
