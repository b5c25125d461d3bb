"""The page on which staff change the facts of a home, made up or real, and see the schedule that would follow."""
