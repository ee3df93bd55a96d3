"""A page's tree of components as HTML, so that it can be read before any script runs and where none ever will."""

from __future__ import annotations

from html import escape
from typing import Any

from dash.development.base_component import Component

from dashboards.drawing import Drawing
from dashboards.still import stills

_NAMES = {"className": "class", "htmlFor": "for", "colSpan": "colspan", "rowSpan": "rowspan", "tabIndex": "tabindex"}
_PLAIN = frozenset({"id", "href", "scope", "role", "type", "name", "value", "method", "action", "title", "lang"})
_SWITCHES = frozenset({"selected", "open", "hidden"})
_VOID = frozenset({"br", "col", "img", "hr"})


def render(tree: Any) -> str:
    """The same page as text; a chart is drawn as it stands before anybody points at it."""
    if tree is None:
        return ""
    if isinstance(tree, str | int | float):
        return escape(str(tree))
    if isinstance(tree, list | tuple):
        return "".join(render(one) for one in tree)
    if isinstance(tree, Drawing):
        return markup(tree.tree)
    assert isinstance(tree, Component)
    if tree._type == "Graph":
        return "".join(markup(one.tree) for one in stills(getattr(tree, "figure", {})))
    return _element(tree)


def _element(component: Component) -> str:
    props = component.to_plotly_json()["props"]  # type: ignore[no-untyped-call]
    tag = component._type.lower()
    written = "".join(_attribute(name, value) for name, value in props.items() if name != "children")
    if tag in _VOID:
        return f"<{tag}{written}>"
    return f"<{tag}{written}>{render(props.get('children'))}</{tag}>"


def _attribute(name: str, value: Any) -> str:
    if name in _SWITCHES:
        return f" {name}" if value else ""
    if name in _NAMES or name in _PLAIN or name.startswith(("aria-", "data-")):
        return "" if value is None else f' {_NAMES.get(name, name)}="{escape(str(value))}"'
    raise ValueError(f"the first view does not know the attribute {name}")


def markup(node: dict[str, Any] | str) -> str:
    """A drawing's tree as text."""
    if isinstance(node, str):
        return escape(node)
    written = "".join(f' {name}="{escape(value)}"' for name, value in node["attributes"].items())
    return f"<{node['tag']}{written}>{''.join(markup(one) for one in node['inside'])}</{node['tag']}>"
