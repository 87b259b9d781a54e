"""Vigie: the crisis log, the situation board and the incident observatory of a health sector under cyber attack."""

__version__ = "0.1.0"
