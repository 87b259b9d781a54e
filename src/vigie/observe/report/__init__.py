"""The yearly report of an edition: pages, print, workbook and data, all made from one content and nothing else."""
