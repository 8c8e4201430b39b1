"""The styles of a workbook: new ones are added behind those that are there, which keep their numbers.

Read `Styles` first.
"""

from __future__ import annotations

import re
from typing import Final

from mne.exchange.workbook.package import Edit, Package, Span, edited, inside, set_attribute, spans

__all__ = ["NO_FILL", "Styles", "solid"]

NO_FILL: Final = '<fill><patternFill patternType="none"/></fill>'
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_PREFIX: Final = re.compile(r"(</?)[A-Za-z_][\w.-]*:")
_MINIMAL: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<styleSheet xmlns="{namespace}"><fonts count="1"><font><sz val="11"/>'
    '<name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill>'
    '<patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="1"><xf numFmtId="0" '
    'fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" '
    'builtinId="0"/></cellStyles></styleSheet>'
)


def solid(colour: str) -> str:
    """A fill of one colour, told as RRGGBB."""
    return (
        f'<fill><patternFill patternType="solid"><fgColor rgb="FF{colour}"/><bgColor indexed="64"/>'
        "</patternFill></fill>"
    )


class _List:
    """One list of the style sheet (fonts, fills, borders, cellXfs), to which entries are added."""

    def __init__(self, xml: bytes, holder: Span, entries: list[Span]) -> None:
        self.holder = holder
        self.entries = [span.of(xml) for span in entries]
        self.known = len(self.entries)
        self.prefix = f"{holder.prefix}:" if holder.prefix else ""

    def add(self, entry: str | bytes) -> int:
        """The number of an entry, added if it is not there yet."""
        told = entry if isinstance(entry, bytes) else entry.encode()
        if self.prefix and isinstance(entry, str):
            told = re.sub(rb"(</?)(?=[A-Za-z])", rb"\g<1>" + self.prefix.encode(), told)
        if told in self.entries:
            return self.entries.index(told)
        self.entries.append(told)
        return len(self.entries) - 1

    def edits(self, xml: bytes) -> list[Edit]:
        if len(self.entries) == self.known:
            return []
        tag = set_attribute(xml[self.holder.start : self.holder.opened], "count", str(len(self.entries)))
        new = b"".join(self.entries[self.known :])
        if self.holder.is_empty_tag:
            start, end, told = inside(xml, self.holder, new)
            return [(start, end, told)]
        return [(self.holder.start, self.holder.opened, tag), (self.holder.closing, self.holder.closing, new)]


class Styles:
    """The style sheet of a package; `save` writes back what was added."""

    def __init__(self, package: Package) -> None:
        self.package = package
        part = package.target(package.main, "styles")
        if part is None:
            # Some readers look for this name, whatever the relation says.
            part = "xl/styles.xml" if "xl/styles.xml" not in package.parts else package.free("xl/styles{}.xml")
            package.add(part, _MINIMAL.format(namespace=package.namespace).encode(), _TYPE)
            package.relate(package.main, "styles", part)
        self.part = part
        self.xml = package.xml(part)
        lists = {"fonts": "font", "fills": "fill", "borders": "border", "cellXfs": "xf"}
        found = spans(self.xml, {*lists, *lists.values()})
        self.lists = {}
        for name, entry in lists.items():
            holder = next(span for span in found if span.name == name and span.depth == 1)
            within = [
                span
                for span in found
                if span.name == entry and span.depth == 2 and holder.start < span.start < holder.end
            ]
            self.lists[name] = _List(self.xml, holder, sorted(within, key=lambda span: span.start))

    def filled(self, style: int, fill: str) -> int:
        """A style like another one, with a fill."""
        return self._like(style, fillId=self.lists["fills"].add(fill), applyFill=1)

    def quoted(self, style: int) -> int:
        """A style like another one, whose cells are text whatever they begin with."""
        return self._like(style, quotePrefix=1, numFmtId=49, applyNumberFormat=1)

    def fill_of(self, style: int) -> str:
        """The fill of a style as XML without prefixes."""
        formats = self.lists["cellXfs"].entries
        told = re.search(rb"""\sfillId\s*=\s*["'](\d+)["']""", formats[style]) if style < len(formats) else None
        fills = self.lists["fills"].entries
        number = int(told[1]) if told else 0
        return _PREFIX.sub(r"\1", fills[number].decode()) if number < len(fills) else NO_FILL

    def make(self, *, font: str, fill: str = NO_FILL, border: str = "<border/>", alignment: str = "") -> int:
        """A new style."""
        fonts, fills, borders = (self.lists[name] for name in ("fonts", "fills", "borders"))
        numbers = f'fontId="{fonts.add(font)}" fillId="{fills.add(fill)}" borderId="{borders.add(border)}"'
        applied = 'applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"'
        return self.lists["cellXfs"].add(f'<xf numFmtId="0" {numbers} xfId="0" {applied}>{alignment}</xf>')

    def save(self) -> None:
        """Write the style sheet back into the package."""
        edits = [edit for each in self.lists.values() for edit in each.edits(self.xml)]
        self.package.parts[self.part] = edited(self.xml, edits)

    def _like(self, style: int, **attributes: int) -> int:
        formats = self.lists["cellXfs"]
        told = formats.entries[style if style < len(formats.entries) else 0]
        end = told.index(b">") + 1
        tag = told[:end]
        for name, value in attributes.items():
            tag = set_attribute(tag, name, str(value))
        return formats.add(tag + told[end:])
