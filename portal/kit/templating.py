"""Jinja in a hurry: the same templates and the same escaping, without what none of ours needs."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any

from jinja2 import Environment
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Context
from markupsafe import _escape_inner as escaped  # type: ignore[attr-defined]  # Its C part, where there is one.


class Direct(Context):
    """What a template calls is called, and nothing is asked before: no function of ours wants the context itself.

    Macros take the environment's escaping then, which is the same for all templates. Half the time of a long list
    would go into these questions.
    """

    def call(
        self, called: Callable[..., Any], /, *args: Any, _loop_vars: Any = None, _block_vars: Any = None, **kwargs: Any
    ) -> Any:
        """What `called` answers; variables of loops and blocks are for functions that want the context."""
        return called(*args, **kwargs)


class Plain(CodeGenerator):
    """What is put out is text at once: `Markup` around every word of a page would only be taken off again."""

    def _output_child_pre(self, *_: Any) -> None:
        self.write("environment.text(")


class Templates(Environment):
    """Jinja with direct calls and plain output."""

    context_class = Direct
    code_generator_class = Plain

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The environment's own: no template of ours has others, and a chain of both would be walked for every name."""
        return self.globals

    @staticmethod
    def text(value: Any) -> str:
        """The value as it stands in HTML: escaped, unless it is HTML already."""
        if type(value) is str:
            return escaped(value)
        return str(value.__html__()) if hasattr(value, "__html__") else escaped(str(value))
