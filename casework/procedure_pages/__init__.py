"""The pages of procedures: the rules in force, what changed, and the authority's own values."""
