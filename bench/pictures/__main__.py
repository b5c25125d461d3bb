"""`make pictures`: an installation of its own with the invented authority, photographed page by page."""

import subprocess
import sys

from bench.installation import running
from config.checkout import ROOT


def main():
    """Start it, take the pictures with what it is told, and put it away."""
    sys.stdout.write("Starting an installation with an invented authority; all takes some ten minutes ...\n")
    sys.stdout.flush()
    with running("pictures") as installation:
        taking = subprocess.run([sys.executable, "-m", "bench.pictures.taking"], cwd=ROOT, env=installation.environment)
    sys.exit(taking.returncode)


if __name__ == "__main__":
    main()
