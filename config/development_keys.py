"""The keys of a development checkout, made once and kept in its state folder."""

import json
import secrets

from config.embedded import write_secret


def keys_kept_in(folder):
    """SECRET_KEY and EVENT_KEY of this folder; made the first time."""
    file = folder / "keys.json"
    if not file.exists():
        write_secret(file, json.dumps({name: secrets.token_urlsafe(50) for name in ("SECRET_KEY", "EVENT_KEY")}))
    return json.loads(file.read_text())
