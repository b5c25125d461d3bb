"""How each story of the invented authority goes: one function lays out one history with a `Teller`."""
