"""Makes the secrets of a new installation, one file each: `python3 config/new_secrets.py [FOLDER]`. What is there stays.

Only whoever owns the folder can open it; the files themselves are readable, because each container gets the files that it
needs and runs as a user of its own. Keep `event_key` for ever, and a copy of the folder in the authority's safe.
"""

import secrets
import sys
from pathlib import Path

RANDOM = (
    "secret_key",
    "event_key",
    "owner_password",
    "web_password",
    "archive_password",
    "redis_password",
    "metrics_token",
)
GIVEN = {
    "email_url": "the mail server, as in smtp+tls://user:password@mail.example.gov.uk:587",
    "single_sign_on_secret": "what the directory gave Hearth; leave it empty where people sign in by password",
}
EMPTY = ("secret_key_fallbacks",)
"""Filled while a secret is changed (docs/operations.md)."""


def make(folder):
    """Makes what is missing, and gives the names of what somebody has to write into."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for name in (*RANDOM, *GIVEN, *EMPTY):
        file = folder / name
        if not file.exists():
            file.write_text(secrets.token_urlsafe(50) if name in RANDOM else "")
            file.chmod(0o444 if name in RANDOM else 0o644)
    return [name for name in GIVEN if not (folder / name).read_text().strip()]


if __name__ == "__main__":
    into = Path(sys.argv[1] if len(sys.argv) > 1 else "secrets")
    for missing in make(into):
        print(f"Write into {into / missing}: {GIVEN[missing]}.")
