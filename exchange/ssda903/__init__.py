"""The SSDA903 return, children looked after: its tables, and its rows read and linked into one history per child."""
