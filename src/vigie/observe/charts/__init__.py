"""Pictures of figures, one file for each shape, drawn the same for the page, the PDF and the dashboard."""
