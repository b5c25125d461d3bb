"""The forms that are filled in on a visit: what each asks, how it is typed, read and printed."""
