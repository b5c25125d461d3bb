"""What the apps below are told of what follows from visits: its duties, who reads which facts, its panels and its words."""

from typing import Final

from casework import diary, duty_links, panels, timeline

SOURCE: Final = "after_visits"


def register() -> None:
    """Called when the app is loaded."""
    from visits import models
    from visits.after import panels as shown
    from visits.after.agreed import changes_after_visits
    from visits.after.duties import duties_after_visits

    diary.register_source("child", SOURCE, duties_after_visits)
    diary.register_readers(models.VisitingForm, "visits", SOURCE)
    for fact in (
        models.FormReading,
        models.ProviderAction,
        models.PrivateConversation,
        models.VisitsConsidered,
        models.RaisedByIro,
        models.Incident,
        models.ReportsAgreed,
        models.ProviderReport,
        models.ContractQuestion,
        models.HealthAsked,
    ):
        diary.register_readers(fact, SOURCE)
    duty_links.register(SOURCE, shown.where_met, says="Visits", label=shown.label_of)
    template = "visits/after/panel.html"
    panels.register("child", "What providers still have to do", template, shown.after_visits_of_child, order=25)
    panels.register(
        "placement", "What the provider still has to do", template, shown.after_visits_of_placement, order=25
    )
    panels.register("home", "What the home still has to do", template, shown.actions_of_home, order=25)
    panels.register("provider", "What the homes still have to do", template, shown.actions_of_provider, order=25)
    panels.add("visiting_form.next", shown.after_form, order=10)
    panels.add("placement.changes", changes_after_visits, order=20)
    timeline.tell(
        "visits",
        remind="The provider was reminded of what it is to do",
        escalate="What the provider has not done was taken higher",
        postpone="Another day was agreed with the provider",
        finish="What the provider was to do is done",
        drop="What the provider was to do is not needed any more",
        read_form="A visiting form was read",
        speak_privately="The reviewing officer spoke to the child before a review, or could not",
        consider_visits="Everybody’s visits were looked at for a review",
        vary_visits="Another interval of visits was agreed at a review",
        ask_for_visit="A visit was asked for",
        take_back_visit="A visit that was asked for is not wanted any more",
        ask_health="A health professional was asked for the placement assurance tool",
        share_health="The placement assurance tool was shared with the social worker",
        agree_reports="How often the provider reports was agreed",
        receive_report="A report of the provider came",
        tell_incident="The provider told of an incident",
        receive_account="The written account of an incident came",
        raise_contract="A contract was raised with Commissioning",
        answer_contract="Commissioning answered about a contract",
        raise_as_iro="The reviewing officer raised it, or decided to wait",
    )
