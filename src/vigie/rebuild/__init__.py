"""The restart: which application first, with whom, behind which gates, and when each care service is back."""
