from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Meetings, once: invitations, attendance, minutes, actions and circulation, for every kind that an app declares."""

    name = "casework.meetings"
    label = "meetings"
    verbose_name = "Meetings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Say what meetings make due, where that is met, and how their acts are told."""
        from casework import diary, digests, duty_links, timeline
        from casework.meetings import rulebook  # noqa: F401 - declares its rules
        from casework.meetings.checking import tell_of_minutes
        from casework.meetings.facts import meeting_duties
        from casework.meetings.models import Action, Meeting, Minutes
        from casework.meetings.panels import what_to_do, where_met
        from casework.models import CaseFile

        for file in CaseFile.Kind.values:
            diary.register_source(file, "meetings", meeting_duties)
        diary.register_readers(Meeting, "meetings")
        diary.register_readers(Action, "meetings")
        duty_links.register("meetings", where_met, says="Meetings", label=what_to_do)
        digests.register(digests.Sealed(Minutes, "meeting__case_file", tell_of_minutes))
        timeline.tell(
            "meetings",
            arrange="A meeting was arranged",
            rearrange="The arrangements of a meeting were changed",
            call_off="A meeting was called off",
            hold="A meeting was held",
            minute="The minutes of a meeting were typed",
            circulate="The minutes of a meeting were sent round",
            agree="An action was agreed",
            finish="An action was done",
            chase="An action was asked for",
            escalate="An action was taken higher",
            change="Another day or owner was agreed for an action",
            drop="An action need not be done any more",
        )
