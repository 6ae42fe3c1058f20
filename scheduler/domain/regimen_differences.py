"""What differs between two regimens beside their numbers: names, products, places, and what surrounds them."""

from collections.abc import Iterator, Sequence

from scheduler.domain.regimen import Product, Regimen
from scheduler.domain.regimen_changes import RegimenChange, changes_between
from scheduler.domain.regimen_numbers import numbers_of


def differences(old: Regimen, new: Regimen) -> tuple[RegimenChange, ...]:
    """Return what a new version changes; empty when both say the same."""
    numbers = changes_between(numbers_of(old, old.cited), numbers_of(new, new.cited))
    return (
        *_heads(old, new),
        *_lists(old, new),
        *_products(old.products, new.products),
        *numbers,
        *_sources(old, new),
    )


def _heads(old: Regimen, new: Regimen) -> Iterator[RegimenChange]:
    pairs = {
        "Regimen": (old.id, new.id),
        "Title": (old.title, new.title),
        "Ingredient": (old.ingredient, new.ingredient),
        "Route": (old.route, new.route),
        "Label seen": (old.label_date, new.label_date),
    }
    for name, (before, after) in pairs.items():
        if before != after:
            yield RegimenChange(name=name, old=before, new=after)


def _lists(old: Regimen, new: Regimen) -> Iterator[RegimenChange]:
    pairs = {
        "Regions": (old.regions, new.regions),
        "Indications": (old.indications, new.indications),
        "Premedication": (
            [each.what for each in old.premedication],
            [each.what for each in new.premedication],
        ),
        "What the order may name": (old.named_visits, new.named_visits),
    }
    for name, (before, after) in pairs.items():
        yield from _members(name, before, after)


def _members(name: str, before: Sequence[str], after: Sequence[str]) -> Iterator[RegimenChange]:
    added = [each for each in after if each not in before]
    lost = [each for each in before if each not in after]
    if added:
        yield RegimenChange(name=name, old="", new=", ".join(added))
    if lost:
        yield RegimenChange(name=name, old=", ".join(lost), new="")


def _products(old: Sequence[Product], new: Sequence[Product]) -> Iterator[RegimenChange]:
    before, after = {each.name: each for each in old}, {each.name: each for each in new}
    yield from _members("Products", tuple(before), tuple(after))
    for name, product in before.items():
        if name in after and after[name] != product:
            yield RegimenChange(name=name, old=_product(product), new=_product(after[name]))


def _product(product: Product) -> str:
    vials = ", ".join(f"{size.normalize():f}" for size in product.vials)
    parts = [f"vials of {vials}" if vials else "no vial sizes", product.rems_program]
    parts.append(f"biosimilar of {product.biosimilar_of}" if product.biosimilar_of else "")
    return " and ".join(filter(None, parts))


def _sources(old: Regimen, new: Regimen) -> Iterator[RegimenChange]:
    for key in sorted(old.sources.keys() | new.sources.keys()):
        before, after = old.sources.get(key, ""), new.sources.get(key, "")
        if before != after:
            yield RegimenChange(name=f"Source {key}", old=before, new=after)
