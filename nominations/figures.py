"""A set of figures: what a picture shows, its table twin and its export hold the same numbers."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Series:
    """One kind of mark: its name, its tone and a number for each label."""

    name: str
    tone: str  # main, good, bad, quiet
    values: tuple[float, ...]


@dataclass(frozen=True)
class Figures:
    """Numbers by label. `urls` lead to the files behind each label ("" for none).

    `way` is how they are drawn: "stacked" (parts of a whole, a bar for each label), "beside" (bars to compare), or "flow"
    (stacked, the labels being stations on one way).
    """

    name: str
    title: str
    heading: str  # of the labels
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    urls: tuple[str, ...] = ()
    way: str = "stacked"
    unit: str = ""
    note: str = ""

    @property
    def is_empty(self) -> bool:
        return not any(any(series.values) for series in self.series)

    @property
    def heads(self) -> list[str]:
        return [self.heading, *(series.name for series in self.series)]

    @property
    def rows(self) -> list[tuple[str, str, list[float]]]:
        """Each label with its address and its numbers."""
        urls = self.urls or ("",) * len(self.labels)
        return [
            (label, url, [series.values[place] for series in self.series])
            for place, (label, url) in enumerate(zip(self.labels, urls, strict=True))
        ]


def table(figures: Figures) -> list[Sequence[object]]:
    """Return the numbers as rows of a sheet, the label first."""
    return [[label, *numbers] for label, _url, numbers in figures.rows]
