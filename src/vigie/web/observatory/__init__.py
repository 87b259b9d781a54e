"""The observatory's figures: a live dashboard for analysts, and the public page of a published edition."""
