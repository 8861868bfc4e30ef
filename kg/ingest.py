"""One issue into the store: left alone where nothing changed, else replaced as a whole in one transaction."""

import datetime
from dataclasses import replace

from kg import pipeline, reconcile
from kg.errors import InputError
from kg.gazetteer import Gazetteer
from kg.ledger import Decisions
from kg.pipeline import OnError, Tools
from kg.records import IssueText, Reading
from kg.store import Store, StoredIssue
from kg.transaction import Change


def ingest(issue_text: IssueText, tools: Tools, store: Store, on_error: OnError) -> str:
    """Store an issue and return one line that says what happened.

    Raises InputError where the issue is stored already from files that are not given now: replacing it would lose
    their articles.  Raises StoreError where the database refuses.
    """
    issue = issue_text.issue
    stored = store.stored_issue(issue.id)
    if stored is not None:
        if (stored.sha256, stored.recognizer) == (issue.sha256, tools.name):
            return f"{issue.id}: unchanged"
        _check_sources(stored, issue_text)
    superseded = _superseded(issue_text, store)
    faults: list[InputError] = []
    readings = tuple(pipeline.read(pipeline.articles(issue_text, tools.layout, faults.append), tools))
    for fault in faults:
        on_error(fault)
    if not readings:
        return f"{issue.id}: nothing stored"
    # What was faulty is named again at the next run: an issue read in part is never "unchanged".
    remembered = replace(issue, sha256="") if faults or issue_text.unread else issue

    # As decisions have it.  Set where something is stored, so that an unchanged issue changes nothing.
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")

    def work(change: Change) -> None:
        change.begin()
        # Before anything is written: a rehearsal cannot take back a part.
        change.refuse_foreign(issue.id, [reading.article.id for reading in readings], but=superseded)
        for other in superseded:
            reconcile.withdraw(change, other, decisions=tools.decisions, gazetteer=tools.gazetteer)
        reconcile.store(
            change,
            remembered,
            readings,
            recognizer=tools.name,
            decisions=tools.decisions,
            gazetteer=tools.gazetteer,
            ingested_at=now,
        )

    store.change(work)
    return f"{issue.id}: {_counts(readings)}{'' if stored is None else ' (replaced)'}"


def withdraw(issue_id: str, store: Store, decisions: Decisions, gazetteer: Gazetteer) -> bool:
    """Leave the graph as if the issue had never been stored; return whether it was."""

    def work(change: Change) -> bool:
        change.begin()
        return reconcile.withdraw(change, issue_id, decisions=decisions, gazetteer=gazetteer)

    return store.change(work)


def _check_sources(stored: StoredIssue, issue_text: IssueText) -> None:
    missing = [source for source in stored.sources if source not in issue_text.issue.sources]
    if not missing:
        return
    unread = [source for source in missing if source in issue_text.unread]
    if unread:
        raise InputError(
            f"{issue_text.issue.id}: stays as it is stored, for {', '.join(unread)} cannot be read now; mend it"
        )
    raise InputError(
        f"{issue_text.issue.id}: is stored already, from {', '.join(missing)}; give all its pages "
        f'together, or take it out first (kg withdraw "{issue_text.issue.id}"); if this is another issue, tell '
        "them apart by --publication and --date or an issues.yaml"
    )


def _superseded(issue_text: IssueText, store: Store) -> list[str]:
    """Return the stored issues that were read from pages of this one and from nothing else: it takes their place.

    Raises InputError for a page that is stored under an issue that holds other pages too: it would be there twice.
    """
    issue = issue_text.issue
    if not issue_text.pages:
        return []
    others = dict.fromkeys(other for other, _ in store.issues_from(issue.sources, but=issue.id))
    for other in others:
        stored = store.stored_issue(other)
        if stored and not set(stored.sources) <= set(issue.sources):
            raise InputError(
                f"{issue.id}: its pages are stored already, in the issue {other}, beside others; give what was given "
                f'then, or take that out first (kg withdraw "{other}")'
            )
    return list(others)


def _counts(readings: tuple[Reading, ...]) -> str:
    entities = len({entity.id for reading in readings for entity in reading.entities})
    relations = sum(len(reading.relations) for reading in readings)
    return f"{len(readings)} articles, {entities} entities, {relations} relations"
