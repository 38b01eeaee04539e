"""Rewrite matplotlib's SVG to a third of its size: short names, whole numbers, no empty groups."""

import re
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
    root[:] = [kept for child in root for kept in flattened(child)]
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
    short = {element.get("id", ""): f"g{number:x}" for number, element in enumerate(defined)}
    for element in root.iter():
        if name := element.attrib.pop("id", None):
            element.attrib |= {"id": short[name]} if name in short else {}
        if href := element.get("href"):
            element.set("href", "#" + short[href[1:]])
        for attribute in ("clip-path", "style"):
            if value := element.get(attribute):
                element.set(attribute, REFERENCE.sub(lambda hit: f"url(#{short[hit[1]]})", value))


def shorten(element: ET.Element) -> None:
    """Write one element's numbers, outline and style as briefly as its scale allows."""
    element.text = element.tail = None
    if element.tag == "path" and element.get("transform") == "scale(0.015625)":
        element.attrib |= {"d": glyph(element.get("d", "")), "transform": f"scale({GLYPH_GRID / 64})"}
    elif element.tag == "path":
        element.set("d", outline(element.get("d", "")))
    if style := element.get("style"):
        element.set("style", NUMBER.sub(brief, style.replace(": ", ":").replace("; ", ";")))
    if element.tag == "use" and (shift := SHIFT.fullmatch(element.attrib.get("transform", ""))):
        del element.attrib["transform"]
        element.attrib |= {"x": str(round(float(shift[1])))} | up(float(shift[2]))
    for name in element.attrib.keys() & {"x", "y", "transform", "width", "height", "viewBox"}:
        element.set(name, NUMBER.sub(brief, element.get(name, "")))


def up(shift: float) -> dict[str, str]:
    """Give a glyph's vertical shift where it has one."""
    return {"y": str(round(shift))} if round(shift) else {}


def brief(number: re.Match[str]) -> str:
    """Keep hundredths of a point, without trailing zeros; scales below a hundredth keep their digits."""
    value = float(number[0])
    return f"{value:.2f}".rstrip("0").rstrip(".").replace("-0.", "-.") if abs(value) >= 0.01 else f"{value:.4g}"


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
