"""The demonstration: the reference hospital with an incident in progress, and the published crises of others."""
