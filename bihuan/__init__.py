"""Bihuan 闭环: what was closed stays closed, and what was published can be proved."""

__version__ = "0.1.0"
