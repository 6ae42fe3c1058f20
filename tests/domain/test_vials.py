"""Amounts in whole vials."""

from decimal import Decimal

import pytest

from scheduler.domain.doses import rounded_to_vials
from scheduler.domain.regimen import Product


@pytest.mark.parametrize(("mg", "vials"), [(301, 400), (300, 300), (1, 100), (299, 300)])
def test_an_amount_takes_the_vials_that_are_enough(mg: int, vials: int) -> None:
    product = Product(name="Fictio", vials=(Decimal(100), Decimal(500)))

    assert rounded_to_vials(Decimal(mg), product) == vials
