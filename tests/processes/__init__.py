"""Tests of settings, keys, commands and processes."""
