"""Persons, their organisations, and the ways in: set-up, invitation, password, break-glass, shared screen."""
