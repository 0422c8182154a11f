"""Figures become a picture: SVG that stands in a page and leads to the files behind each mark, or PNG to take along."""

import io
import re
import textwrap
from functools import lru_cache
from xml.etree import ElementTree

import matplotlib as mpl
from django.utils.safestring import SafeString
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nominations.figures import Figures

# The colours of the page: in the page they follow its light or dark tone, in an export they are these.
TONES = {"main": "#0b5cad", "good": "#1b7f3c", "bad": "#b3261e", "quiet": "#8a93a0"}
INK, LINE, QUIET = "#1c2127", "#d5dae1", TONES["quiet"]
VARIABLES = {
    TONES["main"]: "var(--blue)",
    TONES["good"]: "var(--good)",
    TONES["bad"]: "var(--bad)",
    INK: "var(--ink)",
    LINE: "var(--line)",
}
SETTINGS = {"svg.fonttype": "none", "svg.hashsalt": "overview", "font.size": 11, "text.color": INK}
WIDE = 5.4  # inches; the page scales it
SVG = "http://www.w3.org/2000/svg"
LINK = "{http://www.w3.org/1999/xlink}href"
LETTERS = 24  # of a label before it goes on in a second line


@lru_cache(maxsize=256)
def svg(figures: Figures) -> SafeString:
    """Return the picture as markup for a page: no style of its own, each mark a link with a name."""
    buffer = io.StringIO()
    with mpl.rc_context(SETTINGS):
        _drawn(figures).savefig(buffer, format="svg", metadata={"Date": None}, transparent=True)
    ElementTree.register_namespace("", SVG)
    root = ElementTree.fromstring(buffer.getvalue())  # noqa: S314 – our own drawing
    names = iter(
        f"{label}, {series.name}: {_number(series.values[place])}"
        for series in figures.series
        for place, label in enumerate(figures.labels)
        if series.values[place]  # what is not there is no link
    )
    for parent in list(root.iter()):
        if (
            parent.tag == f"{{{SVG}}}use"
        ):  # a mark that stands once and is drawn often: HTML knows the plain name
            parent.set("href", parent.attrib.pop(LINK))
        for child in list(parent):
            if child.tag in (f"{{{SVG}}}metadata", f"{{{SVG}}}style"):
                parent.remove(child)
        _plain(parent)
        if parent.tag == f"{{{SVG}}}a":
            parent.attrib.pop("target", None)
            parent.set("href", parent.attrib.pop(LINK))
            parent.set("aria-label", next(names))
    for name in ("width", "height"):
        root.attrib.pop(name, None)
    root.set("class", "picture")
    return SafeString(ElementTree.tostring(root, encoding="unicode"))  # every word in it is escaped


def export(figures: Figures, form: str) -> bytes:
    """Return the picture as a file: `form` is "svg" or "png"."""
    buffer = io.BytesIO()
    settings = SETTINGS | {"svg.fonttype": "path"}
    with mpl.rc_context(settings):
        drawn = _drawn(figures)
        drawn.suptitle(figures.title, color=INK, fontsize=13)
        drawn.savefig(buffer, format=form, dpi=160, metadata={"Date": None} if form == "svg" else None)
    return buffer.getvalue()


def _drawn(figures: Figures) -> Figure:
    count = len(figures.labels) * (len(figures.series) if figures.way == "beside" else 1)
    figure = Figure(figsize=(WIDE, 1.1 + 0.38 * max(count, 2)), layout="constrained")
    axes = figure.subplots()
    _bars(axes, figures)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.spines["left"].set_color(LINE)
    if figures.way == "flow":
        _way(axes, figures)
    axes.tick_params(length=0, colors=INK)
    axes.xaxis.set_visible(False)
    axes.margins(x=0.12)
    if len(figures.series) > 1:
        figure.legend(loc="outside lower left", ncols=len(figures.series), frameon=False, labelcolor=INK)
    return figure


def _way(axes: Axes, figures: Figures) -> None:
    """The way from station to station, down the left of the bars; one where nothing waits is hollow."""
    axes.spines["left"].set_visible(False)
    axes.tick_params(pad=10)
    total = [sum(series.values[place] for series in figures.series) for place in range(len(figures.labels))]
    for place, waiting in enumerate(total):
        if place:
            axes.annotate(
                "", (0, place - 0.2), (0, place - 0.8), arrowprops={"arrowstyle": "-|>", "color": QUIET}
            )
        face = TONES["main"] if waiting else "none"
        axes.plot([0], [place], "o", markersize=7, color=TONES["main"], markerfacecolor=face, clip_on=False)


def _bars(axes: Axes, figures: Figures) -> None:
    """Bars from left to right, the first label on top."""
    places = range(len(figures.labels))
    beside = figures.way == "beside"
    outside = beside or len(figures.series) == 1  # the number stands beside its bar, not in it
    height = 0.8 / len(figures.series) if beside else 0.62
    left = [0.0] * len(figures.labels)
    for number, series in enumerate(figures.series):
        offset = (number - (len(figures.series) - 1) / 2) * height if beside else 0.0
        bars = axes.barh(
            [place + offset for place in places],
            series.values,
            height=height * 0.92,
            left=None if beside else left,
            color=TONES[series.tone],
            label=series.name,
        )
        for place, bar in enumerate(bars):
            bar.set_url(figures.urls[place] if figures.urls and series.values[place] else None)
        texts = [_number(value) if value else "" for value in series.values]
        where, ink = ("edge", INK) if outside else ("center", "#ffffff")
        axes.bar_label(bars, texts, label_type=where, color=ink, padding=3 if beside else 0)
        left = [one + value for one, value in zip(left, series.values, strict=True)]
    axes.set_yticks(list(places), [textwrap.fill(label, LETTERS) for label in figures.labels])
    axes.invert_yaxis()


def _plain(element: ElementTree.Element) -> None:
    """Turn the element's style into attributes: the page forbids styles of its parts."""
    style = element.attrib.pop("style", "")
    for name, value in re.findall(r"([a-z-]+):\s*([^;]+)", style):
        if name in ("font", "font-family"):
            continue  # the page's own
        if name == "font-size":
            element.set(name, value.strip().removesuffix("px"))
        elif name in ("fill", "stroke"):
            element.set(name, VARIABLES.get(value.strip(), value.strip()))
        else:
            element.set(name, value.strip())
    if element.tag == f"{{{SVG}}}text" and "fill" not in element.attrib:
        element.set("fill", "var(--ink)")


def _number(value: float) -> str:
    whole = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
    return whole.replace(",", " ").replace(".", ",")
