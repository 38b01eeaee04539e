"""Rewrite matplotlib's SVG to a third of its size: short names, whole numbers, no empty groups."""

import re
from itertools import groupby
from xml.etree import ElementTree as ET

SVG = "http://www.w3.org/2000/svg"
GLYPH_GRID = 8  # glyph outlines keep 1/512 em: 0.02 points at 10 points
TOKEN = re.compile(r"[A-Za-z]|-?\d+(?:\.\d+)?(?:e-?\d+)?")
NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
SHIFT = re.compile(r"translate\((-?[\d.]+) (-?[\d.]+)\)")
REFERENCE = re.compile(r"url\(#([^)]+)\)")


def lean_svg(svg: str) -> str:
    """Give the same picture in fewer bytes; the prolog, comments, metadata and style sheet are gone."""
    root = ET.fromstring(svg.replace(f' xmlns="{SVG}"', "", 1).replace("xlink:href=", "href="))
    for group in list(root):
        if group.tag == "metadata" or group.find("style") is not None:
            root.remove(group)
    shorten_names(root)
    for element in root.iter():
        shorten(element)
    root[:] = gathered([kept for child in root for kept in flattened(child)])
    share_words(root)
    root.attrib = {"xmlns": SVG, "viewBox": root.get("viewBox", "")} | size(root) | {"stroke-linejoin": "round"}
    return ET.tostring(root, encoding="unicode", short_empty_elements=True).replace(" />", "/>")


def size(root: ET.Element) -> dict[str, str]:
    """Give the width and height of the drawing in points."""
    return {name: root.get(name, "") for name in ("width", "height")}


def shorten_names(root: ET.Element) -> None:
    """Name what is pointed at a, b, c … in order; drop every other id."""
    used = {href[1:] for element in root.iter() if (href := element.get("href"))}
    used |= {name for element in root.iter() for name in REFERENCE.findall(element.get("clip-path", ""))}
    used |= {name for element in root.iter() for name in REFERENCE.findall(element.get("style", ""))}
    defined = [element for element in root.iter() if element.get("id") in used]
    short = {element.get("id", ""): letters(number) for number, element in enumerate(defined)}
    for element in root.iter():
        if name := element.attrib.pop("id", None):
            element.attrib |= {"id": short[name]} if name in short else {}
        if href := element.get("href"):
            element.set("href", "#" + short[href[1:]])
        for attribute in ("clip-path", "style"):
            if value := element.get(attribute):
                element.set(attribute, REFERENCE.sub(lambda hit: f"url(#{short[hit[1]]})", value))


def letters(number: int) -> str:
    """Count in letters: a … z, aa, ab …"""
    return (letters(number // 26 - 1) if number >= 26 else "") + chr(ord("a") + number % 26)


def shorten(element: ET.Element) -> None:
    """Write one element's numbers, outline and style as briefly as its scale allows."""
    element.text = element.tail = None
    if element.tag == "path" and element.get("transform") == "scale(0.015625)":
        element.attrib |= {"d": glyph(element.get("d", "")), "transform": f"scale({GLYPH_GRID / 64})"}
    elif element.tag == "path":
        element.set("d", outline(element.get("d", "")))
    if style := element.get("style"):
        element.set(
            "style",
            NUMBER.sub(brief, style.replace(": ", ":").replace("; ", ";").replace(";stroke-dashoffset:0", "")),
        )
    if element.tag == "use" and (shift := SHIFT.fullmatch(element.attrib.get("transform", ""))):
        del element.attrib["transform"]
        element.attrib |= {"x": str(round(float(shift[1])))} | up(float(shift[2]))
    for name in element.attrib.keys() & {"x", "y", "width", "height", "viewBox"}:
        element.set(name, NUMBER.sub(brief, element.get(name, "")))
    if transform := element.get("transform"):
        element.set("transform", placed(transform))


def up(shift: float) -> dict[str, str]:
    """Give a glyph's vertical shift where it has one."""
    return {"y": str(round(shift))} if round(shift) else {}


def placed(transform: str) -> str:
    """Write where a text stands to a tenth of a point; its scale keeps every digit that counts."""
    tenths = SHIFT.sub(lambda hit: f"translate({float(hit[1]):.1f} {float(hit[2]):.1f})", transform)
    return tenths.replace(".0 ", " ").replace(".0)", ")").replace(" scale", "scale")


def brief(number: re.Match[str]) -> str:
    """Keep hundredths of a point, without trailing zeros."""
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def outline(path: str) -> str:
    """Write a path with no needless blanks."""
    return re.sub(r" ?([A-Za-z]) ?", r"\1", NUMBER.sub(brief, " ".join(path.split())))


def glyph(path: str) -> str:
    """Write a glyph's outline relative to its last point, on a grid of whole numbers."""
    parts: list[str] = []
    x = y = start_x = start_y = 0
    points: list[int] = []
    for token in TOKEN.findall(path):
        if token.isalpha():
            parts.append(token.lower())
            if token in "zZ":
                x, y = start_x, start_y
            command = token
            continue
        points.append(round(float(token) / GLYPH_GRID))
        if len(points) < {"M": 2, "L": 2, "Q": 4, "C": 6}[command]:
            continue
        parts.append(" ".join(str(n - (y if at % 2 else x)) for at, n in enumerate(points)).replace(" -", "-"))
        x, y = points[-2:]
        if command == "M":
            start_x, start_y = x, y
        points = []
    return "".join(parts)


def flattened(element: ET.Element) -> list[ET.Element]:
    """Give the element, or in place of a group that says nothing, its children."""
    element[:] = [kept for child in element for kept in flattened(child)]
    if element.tag == "defs" and not len(element):
        return []
    return list(element) if element.tag == "g" and not element.attrib else [element]


def gathered(elements: list[ET.Element]) -> list[ET.Element]:
    """Give neighbours of the same style one group that says it once."""
    groups: list[ET.Element] = []
    for style, neighbours in groupby(elements, lambda element: element.get("style")):
        alike = list(neighbours)
        if style is None or len(alike) < 2 or any(element.tag == "g" for element in alike):
            groups += alike
            continue
        for element in alike:
            del element.attrib["style"]
        group = ET.Element("g", {"style": style})
        group[:] = alike
        groups.append(group)
    return groups


def share_words(root: ET.Element) -> None:
    """Write a word's glyphs where it stands first and point to them from then on."""
    first: dict[tuple[tuple[str, ...], ...], list[ET.Element]] = {}
    for group in list(root.iter("g")):
        glyphs = [child for child in group if child.tag == "use"]
        if len(glyphs) < 2 or len(glyphs) + len(group.findall("defs")) < len(group):
            continue
        word = first.setdefault(tuple(tuple(glyph.attrib.values()) for glyph in glyphs), [])
        word.append(group)
    for number, groups in enumerate(groups for groups in first.values() if len(groups) > 1):
        share(groups, f"W{letters(number)}")


def share(groups: list[ET.Element], name: str) -> None:
    """Name the glyphs of the first group and let the others point to them."""
    shared = ET.Element("g", {"id": name})
    shared[:] = [child for child in groups[0] if child.tag == "use"]
    groups[0][:] = [*groups[0].findall("defs"), shared]
    for group in groups[1:]:
        group[:] = [*group.findall("defs"), ET.Element("use", {"href": f"#{name}"})]
