"""Pages and the API: parse in, present out."""
