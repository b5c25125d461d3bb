"""The record of a case discussion: what it asks, what Hearth knows of it already, how it is typed and what follows."""
