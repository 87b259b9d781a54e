"""The restart of an incident as pages: the board, the plan explained, what-if, forecasts beside what happened, and files."""
