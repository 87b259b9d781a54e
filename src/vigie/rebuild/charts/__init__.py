"""Pictures of a restart: the plan as a Gantt chart, return dates as fans. Same style as the pictures of the observatory."""
