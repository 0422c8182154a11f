"""Pages over nominations: reading and drafting."""
