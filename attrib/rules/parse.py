"""One pack file -> Pack: every rule that is sound, and every fault with its line. Nothing here reads files."""

from __future__ import annotations

import re
import tomllib
from typing import Any, Final

from attrib.rules.examples import RECORD_KEYS
from attrib.rules.facets import VERDICTS
from attrib.rules.hints import hint, listed, shown
from attrib.rules.lines import Lines
from attrib.rules.model import CODE_FACETS, DOMAINS, NO_RULE, USUAL_RESPONSIBLE, Example, Fault, Pack, Rule
from attrib.rules.tables import parse_parameters, parse_words

_PACK_KEYS: Final = ("title", "rule", "parameters", "words")
_RULE_KEYS: Final = ("id", "title", "rank", "verdict", "responsible", "lean", "when", "reason", "example")
_REQUIRED: Final = ("id", "rank", "verdict", "when", "reason")
_EXAMPLE_KEYS: Final = ("passes", "facets", "record")
_FACET_KEYS: Final = (*DOMAINS, *CODE_FACETS)
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_TOML_LINE: Final = re.compile(r"\s*\(at line (\d+), column \d+\)|\s*\(at end of document\)")


def parse_pack(name: str, file: str, text: str) -> Pack:
    """Read one pack. Never raises for what the text holds: `Pack.faults` tells, and unsound rules are left out."""
    pack = Pack(name, file)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _TOML_LINE.search(str(error))
        line = int(found[1]) if found and found[1] else text.rstrip().count("\n") + 1
        sentence = _TOML_LINE.sub("", str(error))
        pack.faults.append(Fault(file, line, f"this is no TOML: {sentence}. Mend the line; nothing after it was read."))
        return pack
    except RecursionError:
        pack.faults.append(Fault(file, 1, "this TOML is nested too deeply to be a rule pack."))
        return pack
    lines = Lines(text)
    for key in document:
        if key not in _PACK_KEYS:
            text = f'unknown key "{key}" in a rule pack.{hint(key, _PACK_KEYS)}'
            pack.faults.append(Fault(file, lines.of(key), text))
    if not isinstance(document.get("title", ""), str):
        pack.faults.append(Fault(file, lines.of("title"), "title must be a sentence in quotes."))
    _parse_rules(document.get("rule", []), pack, lines)
    parse_parameters(document.get("parameters", {}), pack, lines)
    parse_words(document.get("words", {}), pack, lines)
    if not {"rule", "parameters", "words"} & document.keys():
        pack.faults.append(Fault(file, 1, "this pack has no [[rule]], no [parameters] and no [words]."))
    return pack


def _parse_rules(tables: Any, pack: Pack, lines: Lines) -> None:
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        pack.faults.append(Fault(pack.file, lines.of("rule"), "rules are tables: write [[rule]], once for each rule."))
        return
    first: dict[str, int] = {}
    for index, table in enumerate(tables):
        reader = _RuleReader(table, index, pack, lines)
        rule = reader.read()
        # Told here and not where packs are merged: a rule with another fault never gets there.
        if (at := first.setdefault(reader.name, index)) != index:
            place = f"{pack.file}:{lines.of('rule', at)}"
            reader.fault(f'rule id "{reader.name}" is used already ({place}). Rename one of them.')
        pack.faults += reader.faults
        if rule is not None and not reader.faults:
            pack.rules.append(rule)


class _RuleReader:
    """Reads one [[rule]] table and collects what is wrong with it."""

    def __init__(self, table: dict[str, Any], index: int, pack: Pack, lines: Lines) -> None:
        self.table, self.index, self.pack, self.lines = table, index, pack, lines
        self.faults: list[Fault] = []
        self.name = table["id"] if isinstance(table.get("id"), str) else f"number {index + 1}"

    def fault(self, text: str, *path: str | int, value: object = None) -> None:
        """Note a fault at a key of this rule, or at the line where `value` stands in it."""
        where = ("rule", self.index, *path)
        line = self.lines.of(*where) if value is None else self.lines.of_value(value, *where)
        self.faults.append(Fault(self.pack.file, line, text))

    def read(self) -> Rule | None:
        """The rule; None, or a rule to throw away, when `faults` is not empty."""
        for key in self.table:
            if key not in _RULE_KEYS:
                self.fault(f'unknown key "{key}" in rule "{self.name}".{hint(key, _RULE_KEYS)}', key)
        for key in _REQUIRED:
            if key not in self.table:
                self.fault(f'rule "{self.name}" has no {key}. Add {_HOW[key]}.')
        identity = self._id()
        rank = self.table.get("rank", 0)
        if not isinstance(rank, int) or isinstance(rank, bool) or not 0 <= rank <= 1_000_000:
            self.fault(f"rank must be a whole number from 0 to 1000000, not {shown(rank)}. Lower wins first.", "rank")
        verdict = self._verdict()
        when = self._when(verdict)
        rule = Rule(
            id=identity,
            title=self._text("title", self.name),
            rank=rank,
            verdict=verdict or "unknown",
            responsible=self._responsible(verdict),
            lean=self._lean(verdict),
            when=when,
            codes=self._codes("upstream_code"),
            codes_not=self._codes("upstream_code_not") or frozenset(),
            reason=self._text("reason", ""),
            examples=self._examples(),
            pack=self.pack.name,
            file=self.pack.file,
            line=self.lines.of("rule", self.index),
        )
        return None if self.faults else rule

    def _id(self) -> str:
        value = self.table.get("id", "")
        if "id" not in self.table:
            return ""
        if not isinstance(value, str) or not _ID.fullmatch(value):
            self.fault(f"id must be letters, digits, dots and hyphens, not {shown(value)}.", "id")
        elif value == NO_RULE:
            self.fault('id "none" is taken: it stands for what no rule matches. Choose another.', "id")
        return str(value)

    def _text(self, key: str, default: str) -> str:
        value = self.table.get(key, default)
        if not isinstance(value, str) or (key in self.table and not value.strip()):
            self.fault(f'{key} of rule "{self.name}" must be a sentence in quotes, not {shown(value)}.', key)
            return default
        return value

    def _verdict(self) -> str | None:
        value = self.table.get("verdict")
        if value is None:
            return None
        if value not in VERDICTS:
            self.fault(f"unknown verdict {shown(value)}.{hint(value, VERDICTS)}", "verdict")
            return None
        return str(value)

    def _responsible(self, verdict: str | None) -> str | None:
        if verdict is None:
            return None
        usual = USUAL_RESPONSIBLE[verdict]
        value = self.table.get("responsible", usual or "none")
        if value not in ("upstream", "function", "none"):
            allowed = hint(value, ("upstream", "function", "none"))
            self.fault(f"unknown responsible {shown(value)}.{allowed}", "responsible")
        elif usual is None and value != "none":
            self.fault(f'{verdict} names nobody. Take "responsible" out of rule "{self.name}".', "responsible")
        elif verdict == "vendor" and value != "upstream":
            self.fault(f'vendor names the upstream. Take "responsible" out of rule "{self.name}".', "responsible")
        return value if value in ("upstream", "function") else None

    def _lean(self, verdict: str | None) -> str | None:
        value = self.table.get("lean")
        if value is None:
            return None
        leans = tuple(one for one in VERDICTS if one != "unknown")
        if value not in leans:
            self.fault(f"unknown lean {shown(value)}.{hint(value, leans)}", "lean")
        elif verdict not in (None, "unknown"):
            self.fault(f'only a rule that says unknown can lean. Take "lean" out of rule "{self.name}".', "lean")
        return str(value)

    def _when(self, verdict: str | None) -> dict[str, tuple[str, ...]]:
        when = self.table.get("when", {})
        if not isinstance(when, dict):
            self.fault('when is a table of facets: write when.status = ["5xx"].', "when")
            return {}
        found: dict[str, tuple[str, ...]] = {}
        for facet, given in when.items():
            if facet in DOMAINS:
                found[facet] = self._values(facet, given)
            elif facet not in CODE_FACETS:
                self.fault(f'unknown facet "{facet}" in rule "{self.name}".{hint(facet, _FACET_KEYS)}', "when", facet)
        if verdict == "vendor":
            # Vendor is only ever said of an external upstream: a rule that does not name the party means that one.
            found.setdefault("upstream_party", ("external",))
            if found["upstream_party"] not in ((), ("external",)):
                self.fault(
                    'vendor is only said of an external upstream: write upstream_party = ["external"].',
                    "when",
                    "upstream_party",
                )
        return found

    def _values(self, facet: str, given: Any) -> tuple[str, ...]:
        domain = DOMAINS[facet]
        values = given if isinstance(given, list) else [given]
        if not values:
            self.fault(
                f"{facet} allows no value, so the rule could never match. Name one, or take it out.", "when", facet
            )
        for value in values:
            if not isinstance(value, str) or value not in domain:
                self.fault(
                    f"unknown value {shown(value)} for facet {facet}.{self._remedy(facet, value)}",
                    "when",
                    facet,
                    value=value,
                )
        return tuple(value for value in domain if value in values)

    @staticmethod
    def _remedy(facet: str, value: object) -> str:
        if isinstance(value, int) and not isinstance(value, bool) and 100 <= value <= 599:
            if facet == "upstream":
                return f" For one exact code write upstream_code = [{value}]."
            if facet == "status":
                return f' Did you mean "{value // 100}xx"?'
        return hint(value, DOMAINS[facet])

    def _codes(self, facet: str) -> frozenset[int] | None:
        when = self.table.get("when", {})
        given = when.get(facet) if isinstance(when, dict) else None
        if given is None:
            return None
        codes = given if isinstance(given, list) else [given]
        wrong = [code for code in codes if type(code) is not int or not 100 <= code <= 599]
        for code in wrong:
            self.fault(f"{facet} takes whole numbers from 100 to 599, not {shown(code)}.", "when", facet, value=code)
        if not codes:
            self.fault(f"{facet} names no code. Name one, or take it out.", "when", facet)
        return frozenset() if wrong else frozenset(codes)

    def _examples(self) -> tuple[Example, ...]:
        given = self.table.get("example", [])
        if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
            self.fault("examples are tables: write [[rule.example]], once for each.", "example")
            return ()
        return tuple(self._example(number, one) for number, one in enumerate(given))

    def _example(self, number: int, given: dict[str, Any]) -> Example:
        where = ("example", number)
        for key in given:
            if key not in _EXAMPLE_KEYS:
                self.fault(f'unknown key "{key}" in an example.{hint(key, _EXAMPLE_KEYS)}', *where, key)
        if not isinstance(given.get("passes"), bool):
            self.fault("an example says passes = true or passes = false.", *where)
        forms = [form for form in ("facets", "record") if form in given]
        if len(forms) != 1:
            self.fault("an example has either facets or a record: write one of them.", *where)
        elif not isinstance(given[forms[0]], dict):
            self.fault(f"{forms[0]} of an example is a table of fields.", *where, forms[0])
        elif forms[0] == "facets":
            self._example_facets(given["facets"], where)
        else:
            self._example_record(given["record"], where)
        return Example(given, given.get("passes") is True, self.lines.of("rule", self.index, *where))

    def _example_facets(self, facets: dict[str, Any], where: tuple[str | int, ...]) -> None:
        for facet, value in facets.items():
            if facet == "upstream_code":
                if not isinstance(value, int) or isinstance(value, bool):
                    self.fault(f"upstream_code is a whole number, not {shown(value)}.", *where, "facets", facet)
            elif facet not in DOMAINS:
                known = hint(facet, (*DOMAINS, "upstream_code"))
                self.fault(f'unknown facet "{facet}" in an example.{known}', *where, "facets", facet)
            elif value not in DOMAINS[facet]:
                self.fault(
                    f"unknown value {shown(value)} for facet {facet}.{self._remedy(facet, value)}",
                    *where,
                    "facets",
                    facet,
                )
        missing = [facet for facet in ("upstream", "status") if facet not in facets]
        if missing:
            self.fault(f"the facets of an example name upstream and status; {listed(missing)} is missing.", *where)

    def _example_record(self, record: dict[str, Any], where: tuple[str | int, ...]) -> None:
        for key, value in record.items():
            if key not in RECORD_KEYS:
                self.fault(f'unknown field "{key}" in an example.{hint(key, RECORD_KEYS)}', *where, "record", key)
            elif key in DOMAINS and key != "status":
                if value not in DOMAINS[key]:
                    self.fault(
                        f"unknown value {shown(value)} for {key}.{hint(value, DOMAINS[key])}", *where, "record", key
                    )
            elif not isinstance(value, _FIELD_TYPES[key]) or isinstance(value, bool):
                self.fault(f"{key} cannot be {shown(value)} in an M1 record.", *where, "record", key)


_HOW: Final = {
    "id": 'id = "a-short-name"',
    "rank": "rank = 500 (lower wins first; m1 and extended have 100 to 438)",
    "verdict": f"verdict = one of {', '.join(VERDICTS)}",
    "when": 'when.status = ["5xx"], and what else must hold',
    "reason": "one sentence that a user reads as the reason of the verdict",
}

_FIELD_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "status": (int, str),
    "upstream_status": (int, str),
    "error_code": (str,),
    "latency_ms": (int, float),
    "upstream_latency_ms": (int, float),
}
