"""What the sector declares, as one table and the figures that follow from it, recomputable as known on any day."""
