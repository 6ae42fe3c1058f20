"""Worked cases: a pharmacist writes a row, the engine answers it, and both are compared."""
