"""What a template may use of jinja2: the few things that neither run on, grow without bound, nor undo escapes."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

_ARITHMETIC: Final = ("+", "-", "*", "/", "//", "%")
LARGEST_NUMBER: Final = 1e15
FILTERS: Final = ("default", "first", "last", "length", "number", "percent")
TESTS: Final = ("defined", "none", "number", "string", "divisibleby", "even", "odd")
_ALLOWED: Final = (
    "Add", "And", "Compare", "CondExpr", "Const", "Div", "FloorDiv", "For", "Getattr", "Getitem", "If", "Mod", "Mul",
    "Name", "Neg", "Not", "Operand", "Or", "Output", "Pos", "Slice", "Sub", "TemplateData", "Assign", "Tuple",
)  # fmt: skip
_INNER: Final = ("attrib_each", "caller", "self", "super")
_WORDS: Final = {
    "Concat": "texts are not joined with ~; write them next to each other",
    "Pow": "there are no powers",
    "Macro": "there are no macros",
    "CallBlock": "there are no macros",
    "Include": "a template is one file: nothing is included",
    "Import": "a template is one file: nothing is imported",
    "FromImport": "a template is one file: nothing is imported",
    "Extends": "a template is one file: it extends none; start from --show-template",
    "Block": "there are no blocks; start from --show-template",
    "AssignBlock": "set takes an expression here, not a block",
    "FilterBlock": "a filter takes a value here, not a block",
    "List": "there are no lists of one's own",
    "Dict": "there are no tables of one's own",
}  # fmt: skip


@cache
def environment_class() -> Any:
    """The sandbox, with numbers that stay small and texts that are printed whole or not at all."""
    from jinja2.exceptions import SecurityError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Environment(ImmutableSandboxedEnvironment):
        """Texts are never cut, because half an escape is none."""

        intercepted_binops = frozenset(_ARITHMETIC)

        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            from attrib.reports.figures import number, percent

            self.filters = {name: self.filters[name] for name in FILTERS if name in self.filters}
            self.filters |= {"number": number, "percent": percent, "first": _first, "last": _last}
            self.tests = {name: self.tests[name] for name in (*TESTS, *_COMPARISONS)}
            self.globals = {}

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            for side in (left, right):
                if isinstance(side, bool) or not isinstance(side, int | float):
                    raise SecurityError(f"{operator} takes two numbers; this is none: {type(side).__name__}")
            found = super().call_binop(context, operator, left, right)
            if abs(found) > LARGEST_NUMBER:
                raise SecurityError("this number is larger than any that a document needs")
            return found

        def getitem(self, obj: Any, argument: Any) -> Any:
            if isinstance(obj, str):
                raise SecurityError("a text is printed whole: it is never cut")
            return super().getitem(obj, argument)

        def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
            return not isinstance(obj, str) and not callable(value) and super().is_safe_attribute(obj, attr, value)

    return Environment


def _first(items: Any) -> Any:
    """The first of a list; null for an empty one."""
    return _listed(items)[0] if items else None


def _last(items: Any) -> Any:
    """The last of a list; null for an empty one."""
    return _listed(items)[-1] if items else None


def _listed(items: Any) -> Any:
    if not isinstance(items, list | tuple):
        raise TypeError("first and last take a list; this is none")
    return items


_COMPARISONS: Final = ("eq", "ne", "lt", "le", "gt", "ge", "in", "mapping", "sequence")


def bounded(tree: Any, known: set[str], shown_as: str) -> None:
    """Refuse what a template may not use, and make every loop pass through `attrib_each`, with its body's size.

    Raises jinja2.TemplateSyntaxError with the line.
    """
    from jinja2 import TemplateSyntaxError, nodes

    for node in tree.find_all(nodes.Node):
        if (said := _refused(node, nodes, known)) is not None:
            raise TemplateSyntaxError(said, node.lineno, shown_as, shown_as)
    for loop in list(tree.find_all(nodes.For)):
        loop.iter = _counted(loop.iter, 1 + sum(1 for _ in loop.find_all(nodes.Node)), nodes)
    for item in list(tree.find_all(nodes.Getitem)):
        if isinstance(item.arg, nodes.Slice):  # jinja2 slices without asking its environment
            item.node = _counted(item.node, 1, nodes)
    tree.set_environment(tree.environment)


def _counted(items: Any, weight: int, nodes: Any) -> Any:
    """A call of `attrib_each`, which lets lists pass and charges for them."""
    name = nodes.Name("attrib_each", "load", lineno=items.lineno)
    return nodes.Call(name, [items, nodes.Const(weight)], [], None, None, lineno=items.lineno)


def _refused(node: Any, nodes: Any, known: set[str]) -> str | None:
    """Why a node may not stand in a template; None: it may."""
    kind = type(node).__name__
    if isinstance(node, nodes.Call):
        name = getattr(node.node, "name", None)
        return None if name == "todo" else "a template calls todo(...) and nothing else"
    if isinstance(node, nodes.Filter):
        return None if node.name in FILTERS else f"there is no filter {node.name}; there are {', '.join(FILTERS)}"
    if isinstance(node, nodes.Test):
        return None if node.name in (*TESTS, *_COMPARISONS) else f"there is no test {node.name}"
    if isinstance(node, nodes.For) and node.recursive:
        return "a loop is not recursive here"
    if isinstance(node, nodes.Tuple) and node.ctx == "load" and not all(isinstance(i, nodes.Const) for i in node.items):
        return "there are no lists of one's own"
    if isinstance(node, nodes.Assign) and not isinstance(node.target, nodes.Name):
        return "set takes one name"
    if isinstance(node, nodes.Name) and node.ctx == "load" and node.name in _INNER:
        return f"'{node.name}' is undefined"
    if isinstance(node, nodes.Name) and node.ctx == "store" and node.name in (*known, "attrib_each"):
        return f"{node.name} is a name of the document; call your own otherwise"
    if kind in _ALLOWED or kind in ("Template", "Keyword"):
        return None
    return _WORDS.get(kind, f"{kind} is not used in templates of documents")
