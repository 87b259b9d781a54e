"""What is known of an incident at an instant: the pure fold of a journal, and the board it makes with a cartography."""

from vigie.respond.board import ApplicationRow, Board, Fallback, ServiceRow, board
from vigie.respond.concept import Known
from vigie.respond.conflict import Conflict
from vigie.respond.fold import Fold, situation
from vigie.respond.situation import Claimed, Counts, Situation

__all__ = [
    "ApplicationRow",
    "Board",
    "Claimed",
    "Conflict",
    "Counts",
    "Fallback",
    "Fold",
    "Known",
    "ServiceRow",
    "Situation",
    "board",
    "situation",
]
