"""Front-end packages: installs them from npm's lock and copies what pages need into static/vendor/.

Left out: the typeface GDS Transport and the crown and arms, which only services on GOV.UK may show, and source maps,
which are not there to be found. Addresses become relative, so that hashed names work.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
VENDOR = ROOT / "static/vendor"

# folder in static/vendor: (folder in node_modules, files to take)
TAKEN = {
    "govuk": (
        "govuk-frontend/dist/govuk",
        ("govuk-frontend.min.css", "govuk-frontend.min.js"),
    ),
    "moj": (
        "@ministryofjustice/frontend/moj",
        ("moj-frontend.min.css", "moj-frontend.min.js", "assets/images/icon-*"),
    ),
    "accessible-autocomplete": (
        "accessible-autocomplete/dist",
        ("accessible-autocomplete.min.css", "accessible-autocomplete.min.js"),
    ),
}

FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
FONT_NAME = re.compile(r"""["']?GDS Transport["']?\s*,\s*""")
ARMS = re.compile(r"url\([^)]*(?:crest|crown)[^)]*\)")
ASSETS = re.compile(r"url\((['\"]?)/assets/")
SOURCE_MAP = re.compile(r"(?:/\*|//)[#@] sourceMappingURL=.*?(?:\*/|$)\s*", re.MULTILINE)


def bring_up_to_date(npm):
    """Installs and copies, unless the last time was from the same lock and by the same rules."""
    wanted = fingerprint(ROOT / "package-lock.json", Path(__file__))
    stamp = VENDOR / ".made-from"
    if stamp.exists() and stamp.read_text() == wanted and (PACKAGES / "axe-core/axe.min.js").exists():
        return
    print("Installing the front-end packages ...", flush=True)
    subprocess.run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=ROOT, check=True)
    copy_into(VENDOR)
    stamp.write_text(wanted)


def fingerprint(*files):
    """What the files hold, in one short word."""
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def copy_into(vendor):
    """Makes the folder anew from what is installed."""
    shutil.rmtree(vendor, ignore_errors=True)
    for name, (package, patterns) in TAKEN.items():
        source = PACKAGES / package
        for pattern in patterns:
            found = sorted(source.glob(pattern))
            if not found:
                raise FileNotFoundError(f"{package} no longer holds {pattern}")
            for file in found:
                copy(file, vendor / name / file.relative_to(source))


def copy(file, target):
    """Copies one file, cleaned if it is text that pages load."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if file.suffix in {".css", ".js"}:
        target.write_text(cleaned(file.read_text(), file.suffix))
    else:
        shutil.copyfile(file, target)


def cleaned(text, suffix):
    """The style sheet or script without what we may not or need not serve."""
    text = SOURCE_MAP.sub("", text)
    if suffix == ".css":
        text = FONT_FACE.sub("", text)
        text = FONT_NAME.sub("", text)
        text = ARMS.sub("none", text)
        text = ASSETS.sub(r"url(\1assets/", text)
    return text


if __name__ == "__main__":
    bring_up_to_date(sys.argv[1:] or ["npm"])
