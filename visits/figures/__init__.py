"""What visits come to for a team, an area or an IRO: figures, each of which opens the list behind it."""
