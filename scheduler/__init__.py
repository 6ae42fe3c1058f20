"""An appointment scheduler for infusion centers."""
