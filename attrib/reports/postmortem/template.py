"""Fills a template, the shipped one or a user's own: jinja2 in its sandbox, and of its language only what always ends.

A template prints names, chooses and loops over lists; it calls nothing but `todo`, joins no texts and calculates with
small numbers only (template_rules.py). So what it can cost is known before it runs: the size of each loop's body times
its rounds is charged against one budget, which is a count and no clock, so that a template fails everywhere or nowhere.

Text that is printed is Markdown, and was made safe before it came here (ink.py); escaping it once more for HTML would
spoil it.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from attrib.errors import UsageError
from attrib.reports.postmortem.ink import todo

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

SHIPPED: Final = Path(__file__).parents[1] / "templates" / "postmortem.md.j2"
LARGEST: Final = 128 * 1024
"""Bytes of a template."""
STEPS: Final = 1_000_000
"""Nodes of loops' bodies that one document may take; the shipped template takes a few thousand."""
LONGEST: Final = 8 * 1024 * 1024
"""Characters of one document."""


def shipped() -> str:
    """The shipped template's text, to start an own one from."""
    return SHIPPED.read_text(encoding="utf-8")


def read(path: Path) -> str:
    """A user's template. Raises UsageError where it cannot be read as text, or is far too large for one."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"--template {path}: cannot be read: {(error.strerror or str(error)).lower()}.") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"--template {path}: not UTF-8 text (byte {error.start}); save it as UTF-8.") from None
    if len(data) > LARGEST:
        raise UsageError(f"--template {path}: over {LARGEST >> 10} KiB; a template is text that people write.")
    return text


def fill(text: str, names: Mapping[str, Any], shown_as: str = SHIPPED.name) -> str:
    """The document; empty lines in a row become one, and it ends with a line end.

    Raises UsageError with the template's file and line: a mistyped name, a construct that templates may not use, or
    more work than any document needs.
    """
    from jinja2 import TemplateError, TemplateSyntaxError

    environment = _environment()
    try:
        code = _compiled(environment, text, names, shown_as)
        template = environment.template_class.from_code(environment, code, {**environment.globals})
        return _tidy(_whole(template.generate(**names, **_counted()), shown_as))
    except TemplateSyntaxError as error:
        raise UsageError(f"{shown_as}:{error.lineno}: {_sentence(error.message)}") from None
    except (RecursionError, MemoryError, SyntaxError):
        raise UsageError(f"{shown_as}: nested too deeply.") from None
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        where = f"{shown_as}:{_line(error, shown_as)}"
        raise UsageError(f"{where}: {_sentence(str(error))}{_near(str(error), names)}") from None


def _environment() -> ImmutableSandboxedEnvironment:
    from jinja2 import StrictUndefined

    from attrib.reports.postmortem.template_rules import environment_class

    environment: ImmutableSandboxedEnvironment = environment_class()(
        autoescape=False,  # Markdown that is safe already; see the module's docstring
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        cache_size=0,
        finalize=_printed,
    )
    return environment


def _printed(value: Any) -> Any:
    """What stands in the document for a value: nothing for null, which templates ask for with `or`."""
    from jinja2 import Undefined

    if value is None:
        return ""
    if isinstance(value, str | int | float | Undefined):
        return value
    what = "todo needs its text: todo(...)" if callable(value) else "a list or a row is not printed: name a field of it"
    raise TypeError(what)


def _compiled(environment: ImmutableSandboxedEnvironment, text: str, names: Mapping[str, Any], shown_as: str) -> Any:
    from attrib.reports.postmortem.template_rules import bounded

    tree = environment.parse(text, name=shown_as, filename=shown_as)
    bounded(tree, known={*names, "todo"}, shown_as=shown_as)
    return environment.compile(tree, name=shown_as, filename=shown_as)


def _counted() -> dict[str, Any]:
    """The two functions that a template meets: `todo`, and the one that every loop was made to pass through."""
    left = STEPS

    def each(items: Any, weight: int) -> Any:
        nonlocal left
        if not isinstance(items, list | tuple):
            raise TypeError("a loop or a slice takes a list; this is none")
        left -= len(items) * weight
        if left < 0:
            raise ValueError("the loops of this template take more steps than any document needs; nest fewer of them")
        return items

    return {"todo": todo, "attrib_each": each}


def _whole(pieces: Any, shown_as: str) -> str:
    found, size = [], 0
    for piece in pieces:
        found.append(piece)
        size += len(piece)
        if size > LONGEST:
            raise UsageError(f"{shown_as}: the document is over {LONGEST >> 20} MiB; nobody reads so long a one.")
    return "".join(found)


def _tidy(text: str) -> str:
    """No space at line ends, one empty line where a template leaves several, one line end at the end."""
    lines: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if line.rstrip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines).rstrip("\n") + "\n"


def _line(error: BaseException, shown_as: str) -> int:
    """The template's line that an error comes from; jinja2 writes it into the traceback."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == shown_as]
    return lines[-1] or 1 if lines else 1


def _sentence(text: str | None) -> str:
    text = " ".join((text or "this is no template").split())
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _near(message: str, names: Mapping[str, Any]) -> str:
    """` Did you mean "timeline"?` for a name that there is not."""
    if "is undefined" not in message:
        return ""
    import difflib

    near = difflib.get_close_matches(message.split("'")[1] if "'" in message else message, names, 1)
    return f' Did you mean "{near[0]}"?' if near else " docs/postmortem.md lists the names."
