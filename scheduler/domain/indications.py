"""Indications in full: what the short names in a regimen stand for, so that both can be typed and read."""

NAMES = {
    "AD": "Alzheimer's disease",
    "CIDP": "chronic inflammatory demyelinating polyneuropathy",
    "Crohn": "Crohn's disease",
    "IDA": "iron deficiency anemia",
    "MS": "multiple sclerosis",
    "NDD-CKD": "chronic kidney disease without dialysis",
    "NMOSD": "neuromyelitis optica spectrum disorder",
    "PNH": "paroxysmal nocturnal hemoglobinuria",
    "PsA": "psoriatic arthritis",
    "RA": "rheumatoid arthritis",
    "SLE": "systemic lupus erythematosus",
    "UC": "ulcerative colitis",
    "aHUS": "atypical hemolytic uremic syndrome",
    "gMG": "generalized myasthenia gravis",
    "gout": "chronic gout",
    "osteoporosis": "osteoporosis",
}


def in_full(indication: str) -> str:
    """Return "multiple sclerosis (MS)"; a name that is in full already, or unknown, as it is."""
    name = NAMES.get(indication, indication)
    within = indication.casefold() in name.casefold()
    return name if within else f"{name} ({indication})"
