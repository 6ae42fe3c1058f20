"""Offers as other programs read them, also those that come with a refusal."""

from collections.abc import Sequence

from scheduler.domain.errors import DomainError
from scheduler.services.offer_lines import OfferLine

Shown = dict[str, str | bool | list[str]]


def offers_of(refusal: DomainError) -> list[Shown]:
    """Return the next offers that a refusal carries (a place taken a moment ago), or none."""
    carried: Sequence[OfferLine] = getattr(refusal, "offers", ())
    return [shown(offer) for offer in carried]


def shown(offer: OfferLine) -> Shown:
    """Return one offer: instants with their offset, the center's day and wall times, reasons."""
    return {
        "day": offer.day.isoformat(),
        "starts": f"{offer.starts:%H:%M}",
        "ends": f"{offer.ends:%H:%M}",
        "starts_at": offer.starts_at.isoformat(),
        "ends_at": offer.ends_at.isoformat(),
        "reasons": list(offer.reasons),
        "outside_window": offer.outside_window,
    }
