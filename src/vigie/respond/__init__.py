"""What is known of an incident at an instant: the pure fold of a journal, and the board it makes with a cartography."""

from vigie.respond.conflict import Conflict
from vigie.respond.fold import Fold, situation
from vigie.respond.situation import Claimed, Counts, Situation

__all__ = ["Claimed", "Conflict", "Counts", "Fold", "Situation", "situation"]
