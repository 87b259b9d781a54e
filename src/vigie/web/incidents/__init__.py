"""The pages of an incident: list, opening, main courante, typed entries, situation board, print views."""
