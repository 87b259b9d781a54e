"""One file for each group of pages. Every view takes its incident through `scope`, and never writes but through the desk."""
