"""Pages of the directory and of accounts."""
