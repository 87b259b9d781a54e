"""Views of the intake."""
