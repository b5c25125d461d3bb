"""Every other senior decision, of whichever kind: how it is begun and taken, what it makes due, how it reads."""
