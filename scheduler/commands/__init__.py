"""The commands of ``scheduler``, one file per noun; each loads what it needs only when it is run."""
