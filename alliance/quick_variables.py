"""Values that templates name, looked up in half the time.

Django asks of every step whether it is a key, and finds by an error that it is not; a page has some
six hundred such names of two or three steps. Here the way that a step takes is told by the type of
what it starts from. Whatever is out of the ordinary, and every error, is left to Django's own.
"""

from __future__ import annotations

from html import escape
from typing import Any

from django.template.base import (
    FilterExpression,
    Node,
    NodeList,
    Parser,
    Token,
    Variable,
    VariableNode,
    render_value_in_context,
)
from django.utils.safestring import SafeString


class QuickVariable(Variable):
    __slots__ = ()

    def _resolve_lookup(self, context: Any) -> Any:
        # Django's hook. It says the same (tests/test_quick_variables.py).
        current = context
        try:
            for step in self.lookups or ():
                kind = type(current)
                if kind is dict or current is context:
                    current = current[step]
                elif hasattr(kind, "__getitem__"):
                    return super()._resolve_lookup(context)  # type: ignore[misc]
                else:
                    current = getattr(current, step)
                if callable(current):
                    if not _is_called(current):
                        return super()._resolve_lookup(context)  # type: ignore[misc]
                    current = current()
        except Exception:
            return super()._resolve_lookup(context)  # type: ignore[misc]
        return current


def _is_called(found: Any) -> bool:
    is_left = getattr(found, "do_not_call_in_templates", False)
    return not is_left and not getattr(found, "alters_data", False)


class QuickVariableNode(VariableNode):
    """A value that is put into a page, in half the time where it is a text."""

    def render(self, context: Any) -> str:
        try:
            output = self.filter_expression.resolve(context)
        except UnicodeDecodeError:
            return ""
        kind = type(output)
        if kind is SafeString:
            return output
        if kind is str and context.autoescape:
            return SafeString(escape(output))
        return render_value_in_context(output, context)


class QuickParser(Parser):
    """Django's parser of templates, with such variables in the place of its own."""

    def extend_nodelist(self, nodelist: NodeList, node: Node, token: Token) -> None:
        if type(node) is VariableNode:
            node.__class__ = QuickVariableNode
        super().extend_nodelist(nodelist, node, token)

    def compile_filter(self, token: str) -> FilterExpression:
        expression: Any = super().compile_filter(token)
        arguments = (value for _function, values in expression.filters for _is, value in values)
        for value in (expression.var, *arguments):
            if type(value) is Variable:
                value.__class__ = QuickVariable
        return expression
