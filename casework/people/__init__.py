"""Administration of people: who signs in, who holds which role where and from when to when, teams and service areas.

`accounts` holds the rows and the rules and stands below this floor; here are the acts, the letters and the pages.
"""
