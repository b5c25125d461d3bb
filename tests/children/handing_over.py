"""How a manager hands children over: chooses them, looks at the lines, and sends them."""

import uuid

from django.urls import reverse

from tests.factories import TODAY

CHECK = reverse("children:check_caseloads")
WHY = "Jo has left the team."


def choose(client, children, to, *, page="children:caseloads", day=TODAY, because=WHY, **query):
    """Tick children and choose to whom they go. Gives back the answer: 302 to the lines, or 422."""
    typed = {"child": [child.pk for child in children], "to": [each.pk for each in to], "because": because}
    typed |= {"from_on_day": day.day, "from_on_month": day.month, "from_on_year": day.year}
    return client.post(f"{reverse(page)}?{urlencoded(query)}", typed)


def urlencoded(query):
    return "&".join(f"{name}={value}" for name, value in query.items())


def lines(client):
    """The lines as the page shows them: by child, from whom and to whom."""
    return {row["child"]: row for row in client.get(CHECK).context["form"].rows}


def typed_into(form, **changed):
    """What the page of lines would send, with some of its answers changed."""
    typed = {name: form[name].value() or "" for name in ("to_role", "of_team", "from_on", "because")}
    for row in form.rows:
        typed[row["was_name"]] = row["was"]
        typed[row["to_name"]] = next((value for value, _, is_chosen in row["answers"] if is_chosen), "")
    return typed | {"key": str(uuid.uuid4())} | changed


def confirm(client, **changed):
    """Look at the lines and send them as they stand."""
    return client.post(CHECK, typed_into(client.get(CHECK).context["form"], **changed))


def hand_over(client, children, to, **how):
    """All of it. Gives back the last answer."""
    assert choose(client, children, to, **how).status_code == 302
    return confirm(client)
