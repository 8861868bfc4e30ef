"""Schema -> Rules: the patterns that schema.yaml declares for relations, compiled and checked once.

Knows no relation type and no cue word; ``clauses.py`` explains the templates, ``relations.py`` runs them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from kg.clauses import captured, symbols, template
from kg.errors import SchemaError
from kg.schema import Pattern, Prefix, Schema, StandIn


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A pattern ready to run: its relation type, its compiled template.

    ``needs`` are the symbols of each end that it captures: a sentence without one of each is not searched.
    """

    type: str
    pattern: Pattern
    find: re.Pattern[str]
    needs: tuple[frozenset[str], ...]
    named: Mapping[str, re.Pattern[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A type's prefix rule, ready to run."""

    prefix: Prefix
    part: re.Pattern[str]
    whole: re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Everything ``extract`` needs of a schema, compiled once.

    ``able`` gives for each set of symbols that a sentence may hold the rules that can match there: those read before
    folding, those read after.
    """

    schema: Schema
    symbol_by_type: Mapping[str, str]
    stands: Mapping[str, Sequence[StandIn]]
    kinds: frozenset[str]
    folds: tuple[re.Pattern[str], ...]
    fills: Mapping[str, tuple[re.Pattern[str], ...]]
    able: Mapping[frozenset[str], tuple[tuple[Rule, ...], tuple[Rule, ...]]]
    parts: Mapping[str, Parts]


def compile_rules(schema: Schema) -> Rules:
    """Compile every template of the schema; raises SchemaError that lists every one that cannot be."""
    symbol_by_type = symbols(schema.entities)
    faults: list[str] = []

    def compiled(where: str, source: str, words: Mapping[str, Sequence[str]] | None = None) -> re.Pattern[str]:
        try:
            return re.compile(source) if words is None else template(source, symbol_by_type, words)
        except KeyError as error:
            faults.append(
                f"{where}: {error} is neither an entity type nor a list under words; declare it or mend the name"
            )
        except re.error as error:
            faults.append(f"{where}: is no regular expression ({error}); mend it")
        return re.compile("(?!)")

    first: list[Rule] = []
    second: list[Rule] = []
    folds: list[re.Pattern[str]] = []
    fills: dict[str, tuple[re.Pattern[str], ...]] = {}
    parts: dict[str, Parts] = {}
    for type_, declared in schema.relations.items():
        for pattern in declared.patterns:
            where = f"relations.{type_}.patterns.{pattern.name}"
            rule = Rule(
                type=type_,
                pattern=pattern,
                find=compiled(where, pattern.find, declared.words),
                needs=captured(pattern.find, symbol_by_type),
                named={word: compiled(f"{where}.named.{word}", look) for word, look in pattern.named.items()},
            )
            (first if pattern.raw else second).append(rule)
        folds += (compiled(f"relations.{type_}.folds", source, declared.words) for source in declared.folds)
        fills[type_] = tuple(compiled(f"relations.{type_}.fills", source, declared.words) for source in declared.fills)
        if declared.prefix:
            parts[type_] = Parts(
                prefix=declared.prefix,
                part=compiled(f"relations.{type_}.prefix.part", declared.prefix.part),
                whole=compiled(f"relations.{type_}.prefix.whole", declared.prefix.whole),
            )
    if faults:
        raise SchemaError("\n".join(faults))
    kinds = frozenset(symbol_by_type.values())
    # A dozen entity types make 4,096 sets; nobody declares more.
    able = {
        present: (_able(first, present), _able(second, present))
        for count in range(len(kinds) + 1)
        for present in map(frozenset, combinations(sorted(kinds), count))
    }
    return Rules(
        schema=schema,
        symbol_by_type=symbol_by_type,
        stands={type_: declared.stands for type_, declared in schema.entities.items() if declared.stands},
        kinds=kinds,
        folds=tuple(folds),
        fills=fills,
        able=able,
        parts=parts,
    )


def _able(rules: Sequence[Rule], present: frozenset[str]) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules if not any(need.isdisjoint(present) for need in rule.needs))
