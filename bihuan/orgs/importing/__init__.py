"""The directory from a sheet: template, cells ─sheet→ rows ─plan→ what would be written, with every fault."""
