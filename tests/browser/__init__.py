"""Pages in Chromium, served by the real application."""
