"""The people of the demonstration: fictional names, birth dates and addresses, the same for the same seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

GIVEN = {
    "en": {
        "woman": "Abigail Ada Alice Amara Beatriz Bea Clara Dot Edith Esther Fern Greta Hana Helen Imani "
        "Ines Iris Ivy June Kate Laura Leila Lena Lucille Mabel Maud Mira Nadia Nell Nora Odile Olive "
        "Pearl Priscilla Rosalind Ruth Sadie Sylvia Tess Thea Una Vera Wanda Willa Yara Zoë Renée Anaïs",
        "man": "Abel Albert Amos Arlo Basil Carl Conrad Cyrus Dean Edgar Elias Emil Ezra Felix Gus Hal "
        "Henry Hugo Ira Ivan Jonas Kenji Lars Leo Lewis Mateo Miles Moses Ned Noel Omar Oscar Otis Paul "
        "Quinn Ravi Rui Silas Sven Theo Tobias Victor Walt Wendell Yusuf Zane René Søren",
    },
    "es": {
        "woman": "Alba Araceli Blanca Camila Carmen Dolores Elena Esperanza Inés Jimena Lucía Luz "
        "Maribel Marisol Noemí Paloma Pilar Rocío Soledad Ximena",
        "man": "Adrián Álvaro Andrés Benicio Ciro Diego Efraín Ernesto Fermín Germán Ignacio Joaquín "
        "León Martín Nicolás Óscar Rafael Ramón Saúl Tomás",
    },
}
FAMILY = {
    "en": "Abernathy Alvarado Ashby Bellweather Brandt Calloway Carrow Castellan Castrowyn Corbin "
    "Dunleavy Ellery Fairbank Feldhaus Fenner Garrick Hale Halloran Hargrove Hartigan Holloway Ibsen "
    "Jessup Kowalczyk Larkin Lind Lindqvist Lockhart Marchetti Mercer Montrose Müller Nagatani Novak "
    "O'Brien Oduya Okoye Olufsen Parkhurst Pemberton Petrick Quillen Rask Redfern Sandoval Sørensen "
    "Stanhope Thackeray Tolliver Ueda Vestergaard Wainwright Whitcomb Winterborn Yardley Zimmer Żeleński",
    "es": "Acosta Bermúdez Cárdenas Delgado Escobedo Figueroa Gálvez Ibáñez Luján Montalvo Nájera "
    "Ordóñez Peña Quintanilla Robledo Saldívar Tejada Urrutia Villaseñor Zúñiga",
}
MOST_SPEAK = {"en": 0.9, "es": 0.1}
ADULT_YEARS = (19, 74)
MS_YEARS = (22, 66)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A fictional patient before anything is known of the treatment.

    Args:
        number: 0, 1, 2 ... the MRN and the address follow from it.
        wants_calls: Has no address, or prefers the phone.
    """

    number: int
    given_name: str
    family_name: str
    birth_date: date
    sex: str
    language: str
    email: str
    phone: str
    wants_calls: bool

    @property
    def mrn(self) -> str:
        """The record number, in three groups."""
        return f"40-{100 + self.number // 100:03d}-{(self.number * 37) % 1000:03d}"


def people(seed: int, today: date) -> Iterator[Person]:
    """Yield patients without end, no two with the same name and birth date."""
    dice = Random(seed)
    seen: set[tuple[str, str, date]] = set()
    number = 0
    while True:
        person = _person(dice, number, today)
        name = (person.given_name, person.family_name, person.birth_date)
        if name not in seen:
            seen.add(name)
            number += 1
            yield person


def _person(dice: Random, number: int, today: date) -> Person:
    language = dice.choices(list(MOST_SPEAK), list(MOST_SPEAK.values()))[0]
    sex = (
        "woman" if dice.random() < 0.68 else "man"
    )  # multiple sclerosis: about twice as many women
    given = dice.choice(GIVEN[language][sex].split())
    family = dice.choice(FAMILY[language].split())
    years = dice.uniform(*(MS_YEARS if dice.random() < 0.85 else ADULT_YEARS))
    return Person(
        number=number,
        given_name=given,
        family_name=family,
        birth_date=today - timedelta(days=int(years * 365.25)),
        sex=sex,
        language=language,
        email=f"patient{number:04d}@mail.example",
        phone=f"(555) 010-{number % 10000:04d}",
        wants_calls=dice.random() < 0.06,
    )
