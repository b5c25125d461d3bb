"""The rules in force here: what the apps declare, with this authority's own values."""

from collections import defaultdict

from casework.procedures import OwnValue, RulesInForce, declared
from casework.rule_values import RuleValue


def rules_in_force() -> RulesInForce:
    """Every declared rule with the authority's own values; one query."""
    own: dict[str, tuple[OwnValue, ...]] = defaultdict(tuple)
    columns = ("code", "count", "unit", "is_on", "since", "takes_running_along")
    for value in RuleValue.objects.only(*columns):
        own[value.code] += (value.as_own_value(takes_running_along=value.takes_running_along),)
    return RulesInForce(declared(), dict(own))
