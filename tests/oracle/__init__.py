"""A second opinion: six drugs worked out slowly and independently of the engine, and compared with it."""
