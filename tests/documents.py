"""Documents as tests read them: fetched as a person does, their text, their tags, and what stands on each page."""

import re

from casework import errands


def fetched(client, address):
    """The answer with the document; a long one is made by a worker first, as its page says."""
    answer = client.get(address)
    if answer.status_code == 302:
        errands.do(int(answer.url.strip("/").rpartition("/")[2]))
        answer = client.get(address)
    assert answer.status_code == 200
    return answer


def text_of(pdf):
    """Everything that can be read, in one line."""
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pdf.pages))


def structure(node, found):
    """Every type of element in the structure tree, in the order in which it is read out."""
    node = node.get_object()
    if isinstance(node, list):
        for each in node:
            structure(each, found)
    elif isinstance(node, dict):
        if "/S" in node:
            found.append(node["/S"])
        if "/K" in node:
            structure(node["/K"], found)
    return found


def empty_elements(node):
    """Which elements of the structure tree hold nothing: a screen reader would stop at them and say nothing."""
    node = node.get_object()
    if isinstance(node, list):
        return [empty for each in node for empty in empty_elements(each)]
    if not isinstance(node, dict):
        return []
    held = node.get("/K")
    held = held.get_object() if hasattr(held, "get_object") else held
    if "/S" in node and (held is None or held == []):
        return [node["/S"]]
    return empty_elements(held) if held is not None and not isinstance(held, int) else []


def pages_of(pdf):
    """The lines of each page between its head and its foot."""
    return [_between(page.extract_text().splitlines()) for page in pdf.pages]


def _between(lines):
    foot = re.compile(r"^(Sensitive: about a child|Page \d+ of \d+)")
    head = re.compile(r"(^|\. )Made for |^(DRAFT|VOID|REFUSED|DECLINED|ENDED|Draft|Void|Refused|Declined|Ended)$")
    return [line for line in lines if line.strip() and not foot.search(line) and not head.search(line)]
