"""Exports: the log of an incident as a workbook, a CSV file, a bundle, or a printed document. Each holds every row."""
