"""What `import attrib` offers, and what it does not cost."""

from __future__ import annotations

import inspect
import subprocess
import sys
from importlib.metadata import version

import pytest

import attrib


def test_every_promised_name_is_there() -> None:
    for name in attrib.__all__:
        assert getattr(attrib, name) is not None, name
    assert attrib.__version__ == version("attrib")


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'attrib' has no attribute 'analyse'"):
        attrib.analyse  # noqa: B018 - asking is the test


@pytest.mark.parametrize(
    ("error", "code"),
    [("UsageError", 2), ("InputError", 3), ("NoRecordsError", 4), ("DeliveryError", 5)],
)
def test_every_error_is_an_attrib_error_with_its_exit_code(error: str, code: int) -> None:
    kind = getattr(attrib, error)
    assert issubclass(kind, attrib.AttribError)
    assert kind.exit_code == code


def test_options_are_named_not_counted() -> None:
    parameters = inspect.signature(attrib.analyze).parameters
    assert [name for name, one in parameters.items() if one.kind is not one.KEYWORD_ONLY] == ["logs"]
    assert all(one.default is not one.empty for name, one in parameters.items() if name != "logs")


def loaded(code: str) -> set[str]:
    """The libraries that a fresh interpreter has loaded after some code."""
    probe = f"{code}\nimport sys; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    return set(subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout.split())


def test_the_import_loads_nothing_heavy() -> None:
    assert not loaded("import attrib") & {"duckdb", "polars", "pydantic", "rich", "typer", "msgspec"}


def test_the_entry_point_loads_nothing_heavy() -> None:
    assert not loaded("import attrib; attrib.analyze") & {"duckdb", "polars", "pydantic", "rich", "typer"}
