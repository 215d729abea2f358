"""Decisions: pure functions over frozen dataclasses. No Django, no clock, no I/O; refusals are codes."""
