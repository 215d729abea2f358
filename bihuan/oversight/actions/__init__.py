"""What changes dispatches, meetings, decisions and letters; each act one sealed event."""
