"""Exchange: what comes in from other formats and goes out to them, one file per format. Nothing here writes a journal."""
