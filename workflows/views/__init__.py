"""Pages on which one acts."""
