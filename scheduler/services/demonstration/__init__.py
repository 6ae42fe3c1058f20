"""Building the demonstration center: a believable one, through the same services as real use."""
