from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Files in and out: the statutory return, and visits."""

    name = "exchange"
    verbose_name = "Exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Say what an import is called, who finds it, what works at it, and what it leaves to be deleted."""
        from casework import errands, tidying, timeline
        from casework.context import add_place
        from exchange import deliveries, import_errands, taking_along
        from exchange.permissions import may_load
        from exchange.ssd.writing import write_visits

        for name, title, do in (
            (deliveries.LOOK, "Looking through the files", import_errands.look),
            (deliveries.LOAD, "Loading the good rows", import_errands.load),
        ):
            errands.register(errands.Kind(name, title, do, deliveries.address_of))
        errands.register(errands.Kind(taking_along.WRITE, "Writing the visits", write_visits, taking_along.address_of))
        tidying.register("files that nobody decided about", deliveries.forget_old)
        tidying.register("files of exports", taking_along.forget_old)
        add_place("Imports", "exchange:imports", order=60, shown_to=may_load)
        add_place("Exports", "exchange:exports", order=61, shown_to=may_load)
        timeline.tell(
            "children",
            load_return="Loaded from the statutory return",
            load_visits="Visits were brought from another system",
        )
        timeline.tell("placements", load_return="Named in the statutory return", not_confirmed="Absent from the return")
