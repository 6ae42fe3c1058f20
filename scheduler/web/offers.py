"""Offers as the API shows them, also those that come with a refusal."""

from scheduler.domain.errors import DomainError


def offers_of(refusal: DomainError) -> list[dict[str, str]]:
    """Return the next offers that a refusal carries (a place taken a moment ago), or none."""
    return [shown(offer) for offer in getattr(refusal, "offers", ())]


def shown(offer: object) -> dict[str, str]:
    """Return one offer's instant, day and words."""
    starts_at = getattr(offer, "starts_at", None)
    fields = {"day": getattr(offer, "day", None), "starts_at": starts_at}
    return {name: value.isoformat() for name, value in fields.items() if value is not None}
