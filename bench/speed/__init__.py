"""How fast Hearth is at an authority's real size: made data, checked answers, measured pages, written down."""
