"""The observatory's intake: what hospitals declare, read, compared, qualified, answered and passed on by its analysts."""
