"""The database: models, sessions bound to one organization, queries by noun."""
