"""Reading the amounts of a regimen file: flat, per kg or m2, capped, by indication or by weight band."""

from decimal import Decimal

from scheduler.domain.grammar_table import Table
from scheduler.domain.regimen import Amount, Tier


def amounts_in(table: Table) -> tuple[Amount, ...]:
    """Return a phase's amounts: one for all its doses, or a list of which the last goes on."""
    one, several = table.sub("amount"), table.tables("amounts")
    return tuple(_amount(each) for each in (*([one] if one else []), *several))


def _amount(table: Table) -> Amount:
    tiers = tuple(_tier(tier) for tier in table.tables("tiers"))
    value = table.decimal("value")
    if value is None and not tiers:
        table.refuse("value", "an amount needs a value or tiers")
    by_indication = table.mapping("by_indication", (int, float))
    return table.finish(
        Amount(
            value=tiers[0].value if value is None else value,
            unit=table.taken("unit", str, "mg"),
            per=table.one_of("per", ("", "kg", "m2", "day"), ""),
            maximum=table.decimal("maximum"),
            tiers=tiers,
            by_indication=tuple((name, Decimal(str(v))) for name, v in by_indication.items()),
            split=table.flag("split"),
        )
    )


def _tier(table: Table) -> Tier:
    return table.finish(
        Tier(
            value=table.needed_decimal("value"),
            kg_from=table.decimal("kg_from") or Decimal(0),
            kg_above=table.decimal("kg_above"),
            kg_below=table.decimal("kg_below"),
            kg_to=table.decimal("kg_to"),
            per=table.one_of("per", ("", "kg"), ""),
        )
    )
