"""Measurements against floors in the same run, and races over HTTP against started servers."""
