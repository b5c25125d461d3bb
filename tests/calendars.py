"""A strict reader of calendar files (RFC 5545), to hold against what Hearth writes: it shares no code with the writer."""

import re

REQUIRED = {
    "VCALENDAR": {"VERSION", "PRODID"},
    "VEVENT": {"UID", "DTSTAMP"},
    "VTIMEZONE": {"TZID"},
    "STANDARD": {"DTSTART"},
}
NAME = re.compile(r"[A-Z0-9-]+(;[A-Z0-9-]+=[^:;]+)*")
MOMENT = re.compile(r"\d{8}T\d{6}Z")
DAY = re.compile(r"\d{8}")
TEXTS = {"SUMMARY", "DESCRIPTION"}


def read(content):
    """The calendar's own properties, and its components by kind, each as its properties. Fails where the file is wrong."""
    calendar, stack, found = None, [], {"VEVENT": [], "VTIMEZONE": [], "STANDARD": []}
    for line in _unfolded(content):
        name, _, value = line.partition(":")
        assert NAME.fullmatch(name), f"no name of a property: {name!r}"
        if name == "BEGIN":
            stack.append((value, {}))
        elif name == "END":
            kind, properties = stack.pop()
            assert kind == value, f"{value} ends before {kind}"
            assert {each.partition(";")[0] for each in properties} >= REQUIRED[kind], f"{kind} lacks a property"
            if kind == "VCALENDAR":
                assert not stack
                calendar = properties
            else:
                found[kind].append(properties)
        else:
            properties = stack[-1][1]
            assert name not in properties, f"{name} stands twice"
            properties[name] = _text(value) if name in TEXTS else value
    assert calendar is not None, "no calendar"
    assert calendar["VERSION"] == "2.0"
    assert any(found.values()), "a calendar holds at least one component"
    names = [event["UID"] for event in found["VEVENT"]]
    assert len(names) == len(set(names)), "two entries of one name"
    for event in found["VEVENT"]:
        assert MOMENT.fullmatch(event["DTSTAMP"])
        assert "METHOD" in calendar or "DTSTART" in event
        for name, value in event.items():
            if name.startswith(("DTSTART", "DTEND")):
                assert (DAY if name.endswith("VALUE=DATE") else MOMENT).fullmatch(value), (name, value)
    return {**calendar, **found}


def _unfolded(content):
    assert content.endswith(b"\r\n"), "every line ends with CRLF"
    assert b"\n" not in content.replace(b"\r\n", b""), "a line that does not end with CRLF"
    lines = content[:-2].split(b"\r\n")
    assert max(len(line) for line in lines) <= 75, "a line that is not folded"
    whole = []
    for line in lines:
        assert line, "an empty line"
        line.decode()
        if line[:1] in b" \t":
            whole[-1] += line[1:]
        else:
            whole.append(line)
    return [line.decode() for line in whole]


def _text(value):
    assert not re.search(r"(?<!\\)(\\\\)*[,;]", value), f"not escaped: {value}"
    return re.sub(r"\\(.)", lambda sign: {"n": "\n", "N": "\n"}.get(sign[1], sign[1]), value)
