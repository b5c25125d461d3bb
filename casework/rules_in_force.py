"""The rules in force here: what the apps declare, with this authority's own numbers."""

from collections import defaultdict

from casework.models import RuleValue
from casework.procedures import OwnValue, RulesInForce, declared


def rules_in_force() -> RulesInForce:
    """Every declared rule with the authority's own values; one query."""
    own: dict[str, tuple[OwnValue, ...]] = defaultdict(tuple)
    for value in RuleValue.objects.all():
        own[value.code] += (OwnValue(code=value.code, limit=value.limit, since=value.since),)
    return RulesInForce(declared(), dict(own))
