"""Persons, the organisations they belong to, and the ways in: set-up, invitation, password, break-glass, shared screen."""
