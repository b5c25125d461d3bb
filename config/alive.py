"""Whether a part of the installation is alive, for the health checks of docker-compose.yml: it ends with 0 or 1.

python -m config.alive web [PORT]     answers
python -m config.alive worker FILE    hears the broker: it touches this file every other second (HEARTBEAT)
python -m config.alive beat FILE      keeps its schedule
"""

import contextlib
import http.client
import sys
import time
from pathlib import Path

SECONDS_TO_ANSWER = 5
SECONDS_BETWEEN_BEATS = {"worker": 30, "beat": 15 * 60}


def main(part, where="8000"):
    """0 where the part is alive."""
    return 0 if (answers(int(where)) if part == "web" else is_fresh(Path(where), SECONDS_BETWEEN_BEATS[part])) else 1


def answers(port):
    """Whether the web part answers."""
    asked = contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS_TO_ANSWER))
    with contextlib.suppress(OSError, http.client.HTTPException), asked as question:
        question.request("GET", "/healthy")
        return question.getresponse().status == http.HTTPStatus.OK
    return False


def is_fresh(file, seconds):
    """Whether the file, or one that a database makes out of this name, was written lately."""
    written = [found.stat().st_mtime for found in file.parent.glob(f"{file.name}*")]
    return bool(written) and time.time() - max(written) < seconds


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
