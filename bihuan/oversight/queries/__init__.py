"""Reading oversight: the doors (`doors`), the agenda, the lists."""
