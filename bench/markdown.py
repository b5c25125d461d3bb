"""Tables of the reports that the bench writes."""


def table(heading, rows):
    """A table in Markdown; a sign that would end a cell stands as another."""
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(str(cell).replace('|', '/') for cell in line)} |" for line in lines)
