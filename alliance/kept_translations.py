"""Django's tags of translation, but for those of fixed words, which are translated once.

It takes the place of the library `i18n` in templates of our own (`template_layout.py`): a page of
fifty rows asks for the same words in each of them.
"""

from __future__ import annotations

from django.template import Library
from django.template.base import FilterExpression, Node, Parser, Token, TokenType, Variable
from django.template.context import Context
from django.templatetags import i18n
from django.utils.translation import get_language

register = Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)


class FixedWords(Node):
    """The words of a tag that says the same on each page of a language."""

    child_nodelists = ()

    def __init__(self, translated: i18n.TranslateNode | i18n.BlockTranslateNode) -> None:
        self.translated = translated
        self.kept: dict[tuple[str | None, bool], str] = {}

    def render(self, context: Context) -> str:
        key = (get_language(), context.autoescape)
        words = self.kept.get(key)
        if words is None:
            words = self.kept[key] = self.translated.render(context)
        return words


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> Node:
    node = i18n.do_translate(parser, token)
    is_fixed = _is_fixed(node.filter_expression) and node.asvar is None
    if node.message_context is not None:
        is_fixed = is_fixed and _is_fixed(node.message_context)
    return FixedWords(node) if is_fixed else node


@register.tag("blocktranslate")
@register.tag("blocktrans")
def block_translate(parser: Parser, token: Token) -> Node:
    node = i18n.do_block_translate(parser, token)
    has_values = (
        node.extra_context
        or node.plural
        or any(part.token_type != TokenType.TEXT for part in node.singular)
    )
    is_fixed = not has_values and node.asvar is None
    if node.message_context is not None:
        is_fixed = is_fixed and _is_fixed(node.message_context)
    return FixedWords(node) if is_fixed else node


def _is_fixed(expression: FilterExpression) -> bool:
    """Whether it is a text in quotation marks, as it stands there."""
    if expression.filters:
        return False
    value = expression.var
    return value.literal is not None if isinstance(value, Variable) else True
