"""Real databases for tests: SQLite and PostgreSQL, one each per worker."""
