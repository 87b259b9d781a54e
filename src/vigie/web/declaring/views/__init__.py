"""The pages of a declaration."""
