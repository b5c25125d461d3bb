"""What a client was promised, kept outside the system: one line for each write before it is sent, and one once it is
acknowledged."""

import json
import time


class Journal:
    """One client's own file, only ever added to."""

    def __init__(self, path):
        self._file = open(path, "a", buffering=1)  # noqa: SIM115 - open for as long as the client lives

    def note(self, state, what, **facts):
        """Note that something was sent, acknowledged, refused, or read."""
        self._file.write(json.dumps({"state": state, "what": what, "at": time.time(), **facts}) + "\n")

    def close(self):
        """The client has ended."""
        self._file.close()


def read(folder):
    """Every line of every client."""
    return [
        {"client": path.stem, **json.loads(line)}
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text().splitlines()
    ]
