"""Cypher -> whether it only reads, judged by its words.

Neo4j refuses a write in a reading session, ArcadeDB does not, and both would let a query read files.  When in doubt it
refuses: a property called ``set`` has to stand in backticks.
"""

import re

from kg.errors import ReportError

# What a query may start with and may call; everything else either writes, administers or reads this machine's files.
_FIRST_WORDS = frozenset({"MATCH", "OPTIONAL", "WITH", "UNWIND", "RETURN", "CALL", "SHOW", "EXPLAIN", "PROFILE"})
_PROCEDURE = re.compile(
    r"db\.(labels|relationshipTypes|propertyKeys|schema\.\w+|index\.fulltext\.query\w+)|dbms\.components", re.IGNORECASE
)
_SKIPPED = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:``|[^`])*`|//[^\r\n]*|/\*.*?\*/""", re.DOTALL)
# A digit may stand right before a word (LIMIT 1CREATE is two tokens), a letter may not.
_WRITING_WORD = re.compile(
    r"(?<![^\W\d])(CREATE|MERGE|SET|DELETE|DETACH|REMOVE|FOREACH|DROP|ALTER|LOAD|INSERT|TERMINATE)(?!\w)", re.IGNORECASE
)
_CALL = re.compile(r"(?<![^\W\d])CALL(?!\w)\s*([^\s({]*)", re.IGNORECASE)


def check(cypher: str) -> None:
    """Raise ReportError, which names the word, unless ``cypher`` can only read."""
    # Comments vanish, strings and quoted names leave a mark: what remains are the words that the database acts on.
    code = _SKIPPED.sub(lambda match: " " if match[0].startswith("/") else match[0][0], cypher)
    if not code.strip():
        raise ReportError("query: is empty; give a Cypher statement")
    first = re.match(r"[\s{(]*(\w*)", code)
    if first and first[1].upper() not in _FIRST_WORDS:
        raise ReportError(f"query: starts with '{first[1]}'; start a reading query with MATCH, CALL, UNWIND or RETURN")
    # Neo4j reads such an escape before it looks for words and for the ends of strings.
    if re.search(r"\\u", cypher, re.IGNORECASE):
        raise ReportError("query: has a \\u escape; write the character itself")
    word = _WRITING_WORD.search(code)
    if word:
        raise ReportError(
            f"query: {word[1].upper()} would change the graph; leave it out, or quote a name with backticks"
        )
    for call in _CALL.finditer(code):
        if call[1] and not _PROCEDURE.fullmatch(call[1]):
            raise ReportError(
                f"query: {call[1]} is not known to only read; call db.index.fulltext.queryNodes and the like"
            )
