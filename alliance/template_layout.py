"""Keep the layout of our HTML templates out of the pages.

In a template under `TEMPLATES["DIRS"]` that ends in .html, a line break with its indentation beside
an element, a template tag or a variable is not output; inside a start tag it is one space. A space
that readers are to see stands inside a line, or is `{% gap %}`. Trimming happens once, when a
template is compiled, and leaves each token its line and position for the debug page.

docs/decisions/0006-template-layout.md tells why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.template import Origin, Template, TemplateDoesNotExist
from django.template.base import DebugLexer, Lexer, NodeList, Token, TokenType
from django.template.loaders import cached, filesystem
from django.template.loaders.base import Loader as BaseLoader

from . import kept_translations
from .quick_variables import QuickParser

# Inside these, white space is content, or part of the texts that makemessages reads from the file.
KEPT_BLOCKS = {"blocktrans", "blocktranslate", "comment", "verbatim"}
KEPT_ELEMENTS = {"pre", "script", "style", "textarea"}

# White space as HTML has it: a no-break space is none.
LINE_BREAK = r"[ \t\r\f]*\n[ \t\r\f\n]*"
PIECE = re.compile(rf"(?P<tag></?[a-zA-Z][\w-]*)|(?P<mark>[\"'>])|(?P<line_break>{LINE_BREAK})")


class Trimmer:
    """Go through the text of one template in order, and drop its layout."""

    def __init__(self) -> None:
        # "<li" or "</li" inside a tag, the quotation mark inside one of its values, the element
        # inside one that keeps its white space.
        self.tag = self.quote = self.element = ""

    def trim(self, text: str) -> str:
        return PIECE.sub(self._replace, text)

    def _replace(self, found: re.Match[str]) -> str:
        if found["line_break"]:
            return self._line_break(found)
        if self.tag:
            self._inside_tag(found[0])
        elif found["tag"] and (not self.element or found[0].lower() == f"</{self.element}"):
            self.tag, self.element = found[0].lower(), ""
        return found[0]

    def _inside_tag(self, piece: str) -> None:
        if self.quote:
            self.quote = "" if piece == self.quote else self.quote
        elif piece == ">":
            name = self.tag.removeprefix("<")
            self.tag, self.element = "", name if name in KEPT_ELEMENTS else ""
        elif piece in "\"'":
            self.quote = piece

    def _line_break(self, found: re.Match[str]) -> str:
        text, start, end = found.string, found.start(), found.end()
        if self.tag:
            return "" if text.startswith((">", "/>"), end) and not self.quote else " "
        # At either end of the text stands a template tag or a variable.
        is_layout = start == 0 or end == len(text) or text[start - 1] == ">" or text[end] == "<"
        return "" if is_layout and not self.element else found[0]


def without_layout(tokens: Iterable[Token]) -> list[Token]:
    trimmer, end, kept = Trimmer(), "", []
    for token in tokens:
        name = token.contents.partition(" ")[0] if token.token_type == TokenType.BLOCK else ""
        if end:
            end = "" if name == end else end
        elif name in KEPT_BLOCKS:
            end = f"end{name}"
        elif token.token_type == TokenType.TEXT:
            token.contents = trimmer.trim(token.contents)
        kept.append(token)
    return kept


class LaidOutTemplate(Template):
    """A template whose line breaks are layout, and whose fixed words are translated once."""

    def compile_nodelist(self) -> NodeList:
        """Compile as Django's own does, but for the layout."""
        lexer = DebugLexer(self.source) if self.engine.debug else Lexer(self.source)
        # The stubs miss `extra_data` here, and what an error carries below.
        parser: Any = QuickParser(
            without_layout(lexer.tokenize()),
            {**self.engine.template_libraries, "i18n": kept_translations.register},
            self.engine.template_builtins,
            self.origin,
        )
        try:
            nodes = parser.parse()
        except Exception as error:
            if self.engine.debug:
                told: Any = error
                told.template_debug = self.get_exception_info(error, told.token)
            raise
        self.extra_data = parser.extra_data
        return nodes


class _BuildingLoader(BaseLoader):
    """Stand between the cache and Django's own way from a name to a template."""

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        for origin in self.get_template_sources(template_name):
            loader = origin.loader
            # Templates of the folders that the settings name come before those of packages.
            if not isinstance(loader, filesystem.Loader) or not self._is_ours(origin):
                break
            if origin in (skip or ()):
                continue
            try:
                source = loader.get_contents(origin)
            except TemplateDoesNotExist:
                continue
            return LaidOutTemplate(source, origin, template_name, self.engine)
        return super().get_template(template_name, skip)

    def _is_ours(self, origin: Origin) -> bool:
        path = Path(origin.name)
        return path.suffix == ".html" and any(map(path.is_relative_to, self.engine.dirs))


class Loader(cached.Loader, _BuildingLoader):
    """Keep templates compiled, with DEBUG too, where Django empties it when a file changes."""
