"""Reports: the rows that all formats share, then each format."""
