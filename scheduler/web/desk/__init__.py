"""Pages of the desk: day board, patients, plans, booking, worklist, messages."""
