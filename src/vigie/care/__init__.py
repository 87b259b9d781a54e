"""What an outage costs in care: each figure with its source and interval, and what follows from the modes of services."""
