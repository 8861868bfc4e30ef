"""The command line: options in, calls, results printed.  Results go to stdout, everything else to stderr.

Heavy modules (HanLP, the databases) are imported by the command that needs them, so that ``kg --help`` answers at once.
"""

import getpass
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg import __version__
from kg.errors import InputError, KGError, StoreError
from kg.scorer import LEVELS

if TYPE_CHECKING:  # for annotations alone: these modules are slow to import
    from kg.corpus import Metadata
    from kg.layout import Layout
    from kg.ledger import Decisions
    from kg.ner import Recognizer
    from kg.pipeline import Tools
    from kg.records import Article, IssueText, Mention, Reading, Table
    from kg.schema import Schema
    from kg.store import Store

Record = TypeVar("Record")
Command = TypeVar("Command", bound=Callable[..., Any])

# Work that lasts longer than this says so on stderr.
QUIET_SECONDS = 2.0

FORMATS = click.Choice(["table", "json", "csv", "md"])
SCHEMA_HELP = "Another schema.yaml."
LEDGER_HELP = "File of decisions: merge, split, rename, drop."


class Commands(click.Group):
    """A group in which every KGError becomes one sentence on stderr and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KGError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Commands, context_settings={"show_default": True})
@click.version_option(__version__, prog_name="kg")
def main() -> None:
    """Chinese newspaper pages in, a Neo4j knowledge graph out.

    \b
    kg ingest seeds          read pages into the graph in ./graph
    kg reports               what can be asked
    kg report positions      ask it
    """


def database_options(command: Command) -> Command:
    """Add the options that say which graph is meant."""
    for option in (
        click.option(
            "--database",
            envvar="KG_DATABASE",
            show_envvar=True,
            help="Database on that server.  [default: the server's]",
        ),
        click.option(
            "--user",
            envvar="KG_USER",
            show_envvar=True,
            default="neo4j",
            help="User there (password: KG_PASSWORD or asked).",
        ),
        click.option(
            "--uri",
            envvar="KG_URI",
            show_envvar=True,
            help="A Neo4j server, bolt://… or neo4j+s://…, in place of --db.",
        ),
        click.option(
            "--db",
            envvar="KG_DB",
            show_envvar=True,
            default="graph",
            help="Folder of the embedded graph.",
            metavar="FOLDER",
        ),
    ):
        command = option(command)
    return command


def schema_option(command: Command) -> Command:
    """Add the option that says which rules hold."""
    type_ = click.Path(path_type=Path)
    return click.option("--schema", envvar="KG_SCHEMA", show_envvar=True, type=type_, help=SCHEMA_HELP)(command)


def model_options(command: Command) -> Command:
    """Add the options that say how names are found."""
    model = click.option(
        "--model",
        envvar="KG_MODEL",
        show_envvar=True,
        help="HanLP model: folder or identifier.  [default: the shipped one]",
    )
    return model(schema_option(command))


def issue_options(command: Command) -> Command:
    """Add the options that say which issue the pages belong to."""
    for option in (
        click.option("--publication", help="The paper's name, for all PATHs."),
        click.option("--home", help="What 我市 and 省 mean, nearest first: 太原市,山西省."),
        click.option("--date", help="Day of the issue, YYYY-MM-DD.  [default: issues.yaml, then the file name]"),
        click.argument("paths", nargs=-1, required=True, metavar="PATH..."),
    ):
        command = option(command)
    return command


def ledger_option(command: Command) -> Command:
    """Add the option that says where decisions stand."""
    return click.option(
        "--ledger",
        envvar="KG_LEDGER",
        show_envvar=True,
        default="decisions.csv",
        type=click.Path(path_type=Path, dir_okay=False),
        help=LEDGER_HELP,
    )(command)


def decision_options(command: Command) -> Command:
    """Add the options of a command that decides something."""
    for option in (
        click.option("--who", envvar="KG_WHO", show_envvar=True, help="Who decides.  [default: the user's login]"),
        click.option("--why", default="", help="The reason, for those who read the ledger."),
    ):
        command = option(command)
    return schema_option(ledger_option(database_options(command)))


@main.command()
@issue_options
@model_options
@ledger_option
@database_options
def ingest(
    paths: tuple[str, ...],
    date: str | None,
    home: str | None,
    publication: str | None,
    model: str | None,
    schema: Path | None,
    ledger: Path,
    **database: Any,
) -> None:
    """Read pages or articles (files, folders, - for stdin) into the graph.

    An issue that is already stored unchanged costs only a look; a corrected one replaces what it stored.

    Example: kg ingest seeds
    """
    from kg import ingest as kg_ingest

    given = _metadata(date=date, home=home, publication=publication)
    with _faults() as fault:
        issues = list(_issues(paths, given, fault))
        if not issues:
            return
        tools = replace(_tools(model, schema), decisions=_decisions(ledger))
        with _store(**database, create=True) as store:
            store.prepare()
            _put_into_force(store, tools.decisions, ledger, schema)
            for issue_text in _progress(issues, "issues read"):
                try:
                    click.echo(kg_ingest.ingest(issue_text, tools, store, fault))
                except InputError as error:
                    fault(error)


@main.command()
@issue_options
@model_options
def extract(
    paths: tuple[str, ...],
    date: str | None,
    home: str | None,
    publication: str | None,
    model: str | None,
    schema: Path | None,
) -> None:
    """Print articles with their entities and relations, one JSON object a line; needs no database.

    Example: kg extract seeds > readings.jsonl
    """
    from kg import pipeline, rows

    given = _metadata(date=date, home=home, publication=publication)
    with _faults() as fault:
        issues = list(_issues(paths, given, fault))
        if not issues:
            return
        tools = _tools(model, schema)
        articles = _articles(issues, tools.layout, fault)
        readings = pipeline.read(articles, tools)
        for reading in _progress(readings, "articles read"):
            click.echo(json.dumps(rows.reading_row(reading), ensure_ascii=False))


@main.command()
@issue_options
@click.option("--check", "is_check", is_flag=True, help="Say what is wrong with corrected labels (PATH: JSON lines).")
@click.option("--indent", "is_indented", is_flag=True, help="A field, an entity or a relation a line, easy to correct.")
@model_options
def label(
    paths: tuple[str, ...],
    model: str | None,
    schema: Path | None,
    *,
    is_check: bool,
    is_indented: bool,
    **given: str | None,
) -> None:
    """Print articles with labels to be corrected by hand, one JSON object a line; with --check, proofread them.

    Example: kg label seeds > labels.jsonl
    """
    from kg import labelling, pipeline
    from kg import schema as kg_schema

    declared = kg_schema.load(schema)
    if is_check:
        if is_indented or any(given.values()):
            raise click.UsageError("--check only reads labels; give it FILEs and, if need be, --schema")
        _proofread(paths, declared)
        return
    known = _metadata(**given)
    with _faults() as fault:
        issues = list(_issues(paths, known, fault))
        if not issues:
            return
        tools = _tools(model, schema)
        articles = _articles(issues, tools.layout, fault)
        readings = pipeline.read((labelling.signed(article, tools.layout) for article in articles), tools)
        to_text = labelling.to_lines if is_indented else labelling.to_line
        for reading in _progress(readings, "articles read"):
            click.echo(to_text(labelling.label_row(reading, declared)))


def _proofread(files: Sequence[str], declared: "Schema") -> None:
    """Name faults and warnings on stderr; where there is no fault, print what the files hold."""
    from kg import corpus, generic, proofreading

    broken: list[InputError] = []
    rows = [row for file in files for row in corpus.read_rows(file, broken.append)]
    findings = list(proofreading.check(rows, declared, generic.load()))
    with _faults() as fault:
        for error in broken:
            fault(error)
        for finding in findings:
            if finding.is_fault:
                fault(InputError(str(finding)))
            else:
                click.echo(f"Warning: {finding}", err=True)
        if not broken and not any(finding.is_fault for finding in findings):
            click.echo(proofreading.summary((row for _, row in rows), declared))


@main.command()
@issue_options
@click.option(
    "--explain", "is_explained", is_flag=True, help="Show what became of each line, and why pieces were joined."
)
def parse(
    paths: tuple[str, ...], date: str | None, home: str | None, publication: str | None, *, is_explained: bool
) -> None:
    """Print the articles that pages hold, one JSON object a line.

    Example: kg parse seeds/page-2025-11-15.txt
    """
    from kg import layout, pipeline, rows

    given = _metadata(date=date, home=home, publication=publication)
    rules = layout.load()
    with _faults() as fault:
        issues = _issues(paths, given, fault)
        if is_explained:
            from kg import explain

            for issue in issues:
                for line in explain.explain(issue.pages, pipeline.cut(issue, rules, fault)):
                    click.echo(line)
            return
        articles = _articles(issues, rules, fault)
        for article in _progress(articles, "articles cut out"):
            click.echo(json.dumps(rows.article_row(article), ensure_ascii=False))


@main.command()
@click.argument("issue")
@schema_option
@ledger_option
@database_options
def withdraw(issue: str, ledger: Path, schema: Path | None, **database: Any) -> None:
    """Take an issue out; the graph is then what it would be without it.

    Example: kg withdraw page-2025-11-15
    """
    from kg import gazetteer
    from kg import ingest as kg_ingest

    decided = _decisions(ledger)
    with _store(**database) as store:
        store.prepare()
        _put_into_force(store, decided, ledger, schema)
        if not kg_ingest.withdraw(issue, store, decided, gazetteer.load()):
            raise InputError(f"{issue}: no such issue in the graph; kg report issues lists them")
    click.echo(f"{issue}: withdrawn")


@main.command()
@click.argument("entity")
@click.argument("other")
@decision_options
def merge(entity: str, other: str, **options: Any) -> None:
    """Say that ENTITY is OTHER: all that is told of it is then told of OTHER.

    Names or ids, as kg show prints them.  The decision is a line in the ledger and holds for issues to come.

    Example: kg merge 上海数据交易所山西服务中心 上海数据交易所山西数据交易服务中心 --why "their site"
    """
    from kg import decide

    _decide(lambda store: decide.merge(store, entity, other), **options)


@main.command()
@click.argument("entity")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@decision_options
def split(entity: str, names: tuple[str, ...], **options: Any) -> None:
    """Say that NAMEs are not names of ENTITY; without any, that none is but its own.

    Each NAME then stands for itself, in stored issues and in those to come.

    Example: kg split 晋城市人民医院 市人民医院
    """
    from kg import decide

    _decide(lambda store: decide.split(store, entity, names), **options)


@main.command()
@click.argument("entity")
@click.argument("name")
@decision_options
def rename(entity: str, name: str, **options: Any) -> None:
    """Show ENTITY under another NAME.

    Example: kg rename 山西焦煤所 山西焦煤 --why "所 belongs to 所属"
    """
    from kg import decide

    _decide(lambda store: decide.rename(store, entity, name), **options)


@main.command()
@click.argument("entity")
@decision_options
def drop(entity: str, **options: Any) -> None:
    """Leave ENTITY, which is none, out of the graph, now and in issues to come.

    Example: kg drop 优秀奖
    """
    from kg import decide

    _decide(lambda store: decide.drop(store, entity), **options)


@main.command()
@click.argument("number", type=int, required=False)
@decision_options
def undo(number: int | None, ledger: Path, **options: Any) -> None:
    """Take a decision back: the one of this NUMBER in kg decisions, or the last that holds.

    Example: kg undo
    """
    from kg import decide
    from kg import ledger as kg_ledger

    _decide(lambda _: decide.undo(kg_ledger.read(ledger), number, ledger), ledger=ledger, **options)


@main.command()
@click.argument("name")
@click.option("--limit", type=click.IntRange(min=0), default=50, help="Statements at most.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", help="How to print the card.")
@database_options
def show(name: str, limit: int, format_: str, **database: Any) -> None:
    """Print an entity's card: names with reasons, statements with sentence and source, what it may be the same as.

    Example: kg show 太重集团
    """
    from kg import decide
    from kg import show as kg_show

    with _store(**database) as store:
        card = kg_show.card(decide.entity(store, name), store.query, limit=limit)
    if format_ == "json":
        click.echo(json.dumps(kg_show.to_object(card), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(kg_show.to_lines(card)))


@main.command()
@decision_options
def review(ledger: Path, who: str | None, why: str, schema: Path | None, **database: Any) -> None:
    """Ask about entities that may be one, most effect first; each answer is a decision.

    Example: kg review --who 李
    """
    from kg import review as kg_review

    answers = {"s": kg_review.same, "d": kg_review.different}
    with _store(**database) as store:
        store.prepare()
        waiting = list(kg_review.questions(store.query))
        if not waiting:
            click.echo("nothing is in doubt")
        for number, question in enumerate(waiting, 1):
            if not kg_review.is_open(question, store.query):
                continue
            click.echo(f"\n{number} of {len(waiting)}\n{question.text}", err=True)
            answer = click.prompt("same, different, later or quit", type=click.Choice(["s", "d", "l", "q"]), err=True)
            if answer == "q":
                return
            if answer in answers:
                _record(store, answers[answer](question), ledger=ledger, who=who, why=why, schema=schema)


@main.command()
@ledger_option
@click.option("--format", "format_", type=FORMATS, default="table", help="How to print the rows.")
def decisions(ledger: Path, format_: str) -> None:
    """List the decisions of the ledger, then those that come with kg, and which of them hold.

    Example: kg decisions
    """
    from kg import ledger as kg_ledger
    from kg.records import Table

    own, shipped = kg_ledger.read(ledger), kg_ledger.defaults()
    made, holding = [*own, *shipped], kg_ledger.standing(own, shipped)
    rows = [
        (number, *(getattr(decision, column) for column in kg_ledger.COLUMNS), decision in holding)
        for number, decision in enumerate(made, 1)
    ]
    _print(Table(columns=("number", *kg_ledger.COLUMNS, "holds"), rows=tuple(rows)), format_)


@main.command()
@click.argument("name")
@click.option("--param", "-p", "parameters", multiple=True, metavar="KEY=VALUE", help="A parameter of the report.")
@click.option("--format", "format_", type=FORMATS, default="table", help="How to print the rows.")
@database_options
def report(name: str, parameters: tuple[str, ...], format_: str, **database: Any) -> None:
    """Answer a canned question (kg reports lists them).

    Example: kg report positions --param name=山西省工业和信息化厅
    """
    from kg import reports as kg_reports

    question = kg_reports.load(name)
    given = _pairs(parameters)
    kg_reports.bind(question, given)  # a wrong parameter is told before the graph is opened
    with _store(**database) as store:
        table = kg_reports.run(question, given, store.query)
    _print(table, format_)


@main.command()
def reports() -> None:
    """List the canned questions with their parameters.

    Example: kg reports
    """
    from kg import reports as kg_reports

    for question in kg_reports.load_all().values():
        click.echo(f"{question.name}\n    {question.title}")
        for parameter in question.parameters:
            example = parameter.default or parameter.example or "…"
            click.echo(f"    --param {parameter.name}={example}  {parameter.description}")


@main.command()
@click.argument("cypher")
@click.option("--param", "-p", "parameters", multiple=True, metavar="KEY=VALUE", help="A parameter of the query.")
@click.option("--format", "format_", type=FORMATS, default="table", help="How to print the rows.")
@database_options
def query(cypher: str, parameters: tuple[str, ...], format_: str, **database: Any) -> None:
    """Ask the graph in Cypher; what would change it is refused.

    Example: kg query "MATCH (p:Person) RETURN p.name ORDER BY p.name LIMIT 5"
    """
    with _store(**database) as store:
        table = store.query(cypher, _pairs(parameters))
    _print(table, format_)


@main.command()
@click.argument("gold")
@click.option("--predictions", metavar="FILE", help="Score these JSON lines in place of reading the articles.")
@click.option("--compare", metavar="PATH", help="Another run's JSON lines, or another model's folder, to test against.")
@click.option("--errors", "is_errors", is_flag=True, help="List the mistakes in place of the scores.")
@click.option(
    "--level",
    "levels",
    type=click.Choice(list(LEVELS)),
    multiple=True,
    default=("entity", "relation"),
    help="What is judged, repeatable: things, places of names (exact or overlapping), statements, names of one thing.",
)
@click.option("--format", "format_", type=FORMATS, default="table", help="How to print the rows.")
@model_options
def evaluate(
    gold: str,
    predictions: str | None,
    compare: str | None,
    levels: tuple[str, ...],
    format_: str,
    model: str | None,
    schema: Path | None,
    *,
    is_errors: bool,
) -> None:
    """Read the articles of GOLD (JSON lines) and print precision, recall and F1 per type.

    f1_low to f1_high is the 95 % interval of F1 (bootstrap over articles); p says how often chance alone would part
    two runs as far (paired randomization test).

    Example: kg evaluate tests/gold/seeds.gold.jsonl
    """
    from kg import corpus, evaluation, mistakes, scorer

    if is_errors and compare:
        raise click.UsageError("--errors and --compare: are two questions; ask one at a time")
    if Path(gold).suffix not in corpus.ARTICLE_SUFFIXES:
        raise InputError(f"{gold}: gold is JSON lines; give a file that ends in {' or '.join(corpus.ARTICLE_SUFFIXES)}")
    gold_rows = list(corpus.read_lines(gold))
    evaluation.check_gold(gold_rows, gold)
    other_model = compare if compare and Path(compare).is_dir() else None
    # Files first: they are told to be wrong before a model spends minutes.
    files = [file for file in (predictions, None if other_model else compare) if file is not None]
    predicted = {file: _predictions(file, gold, gold_rows) for file in files}

    with _faults() as fault:

        def articles(file: str | None, model: str | None) -> list[tuple[Any, Any]]:
            rows = _readings(gold, model, schema, fault) if file is None else predicted[file]
            return scorer.pairs(gold_rows, rows)

        ours = articles(predictions, model)
        levels = tuple(dict.fromkeys(levels))
        if is_errors:
            table = mistakes.to_table(mistakes.find(ours, levels))
        elif compare:
            table = evaluation.comparison(ours, articles(None if other_model else compare, other_model), levels)
        else:
            table = evaluation.scores(ours, levels)
        _print(table, format_)


@main.command()
@click.argument("labels", nargs=-1, required=True, metavar="LABELS...", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for the model, new or empty.")
@click.option("--encoder", type=click.Path(path_type=Path), help="Folder of a pretrained BERT to begin with.")
@click.option("--start", type=click.Path(path_type=Path), help="Model folder to go on from, in place of --encoder.")
@click.option("--epochs", type=click.IntRange(min=1), default=5, help="Rounds over the articles.")
@click.option("--seed", type=click.IntRange(min=0), default=1, help="Seed of all that is left to chance.")
@click.option("--lr", type=click.FloatRange(min=0, min_open=True), default=2e-4, help="Learning rate of the encoder.")
@click.option(
    "--held-out",
    type=click.FloatRange(min=0, max=1, min_open=True, max_open=True),
    default=0.06,
    help="Share of the articles that choose the epoch.",
)
@schema_option
def train(
    labels: tuple[Path, ...],
    out: Path,
    encoder: Path | None,
    start: Path | None,
    schema: Path | None,
    **recipe: Any,
) -> None:
    """Train a model of your own on labelled articles (JSON lines as in tests/gold, also .xz).

    Needs a pretrained encoder, or a model to go on from; what comes out serves as --model, with a MODEL_CARD.md.

    Example: kg train training/*.jsonl --start kg/models/news --out mine
    """
    from kg import lessons, scorer, training
    from kg import schema as kg_schema

    source = start or encoder
    if source is None:
        raise click.UsageError(f"--encoder is missing: give its folder; if there is none, {training.ENCODER_HELP}")
    if start and encoder:
        raise click.UsageError("--start brings its own encoder; leave --encoder out")
    files = lessons.read(labels, kg_schema.load(schema).type_by_tag)
    say = partial(click.echo, err=True)
    result = training.train(files, source, out, training.Recipe(**recipe), goes_on=start is not None, say=say)
    click.echo(
        f"{out}: F1 {result.scores[scorer.ALL].f1:.3f} on {result.held_out} held-out articles, "
        f"{result.learnt} learnt from, {result.seconds / 60:.0f} minutes; see its MODEL_CARD.md"
    )


@main.command()
@model_options
@database_options
def doctor(model: str | None, schema: Path | None, **database: Any) -> None:
    """Say which versions, engine and model are in use, what is missing and how to mend it.

    Example: kg doctor
    """
    from kg import doctor as kg_doctor

    def recognizer() -> str:
        from kg import schema as kg_schema

        found = _recognizer(model, kg_schema.load(schema))
        found.load()
        return found.name

    def engine() -> str:
        # Before the first ingest there is no graph to ask: a passing one shows that the engine starts.
        with tempfile.TemporaryDirectory() as passing:
            is_there = database["uri"] or Path(database["db"]).exists()
            folder = database["db"] if is_there else f"{passing}/graph"
            with _store(**{**database, "db": folder}, create=not is_there) as store:
                return store.engine()

    is_well = True
    for check in kg_doctor.checks(recognizer, engine):
        click.echo(f"{'ok ' if check.is_well else 'BAD'} {check.name}: {check.finding}")
        is_well = is_well and check.is_well
    if not is_well:
        raise KGError("kg doctor: something is missing; what to do stands in the lines marked BAD")


def _decisions(path: Path) -> "Decisions":
    from kg import ledger

    return ledger.settle(ledger.read(path), str(path), shipped=ledger.defaults())


def _decide(
    lines: Callable[["Store"], list[tuple[str, str, str]]],
    *,
    ledger: Path,
    who: str | None,
    why: str,
    schema: Path | None,
    **database: Any,
) -> None:
    """Open the graph, ask ``lines`` for what a person decides there, and record it."""
    with _store(**database) as store:
        store.prepare()
        _record(store, lines(store), ledger=ledger, who=who, why=why, schema=schema)


def _record(
    store: "Store",
    lines: list[tuple[str, str, str]],
    *,
    ledger: Path,
    who: str | None,
    why: str,
    schema: Path | None,
) -> None:
    """Write what a person decided into the ledger and bring the graph to it; say what was written."""
    from kg import decide

    decided = decide.write(store, ledger, lines, who=who or _login(), why=why)
    _put_into_force(store, decided, ledger, schema)
    for line in lines:
        click.echo(f"{ledger}: {' '.join(filter(None, line))}")


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:  # in a container, a user without a name
        raise InputError("--who: this login has no name; say who decides with --who or KG_WHO") from error


def _put_into_force(store: "Store", decided: "Decisions", ledger: Path, schema: Path | None) -> None:
    """Bring the graph to what the ledger says; rules and tables are read only where an article has to be read again."""
    from kg import decide, gazetteer, pipeline

    @cache
    def tools() -> "Tools":
        return replace(_tools(None, schema), decisions=decided)

    def reread(reading: "Reading") -> "Reading":
        return pipeline.reread(reading, tools())

    decide.put_into_force(store, decided, ledger, gazetteer.load(), reread)


def _metadata(**given: str | None) -> "Metadata":
    from kg import corpus

    return corpus.metadata(**{field: value for field, value in given.items() if value is not None})


def _issues(paths: Sequence[str], given: "Metadata", fault: Callable[[KGError], None]) -> Iterator["IssueText"]:
    from kg import corpus

    return corpus.read_issues(paths, given, fault)


def _predictions(file: str, gold: str, gold_rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Read another run's JSON lines, and say so where articles of the gold file are not among them."""
    from kg import corpus, evaluation

    rows = list(corpus.read_lines(file))
    evaluation.check_predictions(rows, gold_rows, file)
    lacking = {str(row["id"]) for row in gold_rows} - {str(row["id"]) for row in rows}
    if lacking:
        click.echo(f"{file}: lacks {len(lacking)} articles of {gold}; what they hold counts as missed", err=True)
    return rows


def _readings(
    gold: str, model: str | None, schema: Path | None, fault: Callable[[KGError], None]
) -> list[dict[str, Any]]:
    """Read the articles of a gold file and return what ``kg extract`` would print."""
    from kg import corpus, pipeline, rows

    tools = _tools(model, schema)
    issues = _issues([gold], corpus.Metadata(), fault)
    articles = _articles(issues, tools.layout, fault)
    return [rows.reading_row(reading) for reading in _progress(pipeline.read(articles, tools), "articles read")]


def _articles(issues: Iterable["IssueText"], layout: "Layout", fault: Callable[[KGError], None]) -> Iterator["Article"]:
    from kg import pipeline

    for issue in issues:
        yield from pipeline.articles(issue, layout, fault)


def _tools(model: str | None, schema: Path | None) -> "Tools":
    from kg import classifier, gazetteer, layout, lexicon, relations, spans
    from kg import schema as kg_schema
    from kg.pipeline import Tools

    declared = kg_schema.load(schema)
    recognizer = _recognizer(model, declared)

    def recognize(articles: Iterable["Article"]) -> Iterator[tuple["Article", tuple["Mention", ...]]]:
        if not recognizer.is_loaded:
            click.echo("loading the model …", err=True)
        return recognizer.recognize(articles)

    return Tools(
        name=f"{recognizer.name} kg-{__version__} rules-{kg_schema.digest(schema)}",
        recognize=recognize,
        layout=layout.load(),
        lexicon=lexicon.load(),
        gazetteer=gazetteer.load(),
        span_rules=spans.compile_rules(declared),
        relation_rules=relations.compile_rules(declared),
        relation_weights=classifier.load(),
    )


def _recognizer(model: str | None, declared: "Schema") -> "Recognizer":
    from kg.ner import DEFAULT_MODEL, Recognizer

    return Recognizer(model or DEFAULT_MODEL, type_by_tag=declared.type_by_tag)


@contextmanager
def _store(*, db: str, uri: str | None, user: str, database: str | None, create: bool = False) -> Iterator["Store"]:
    from kg.store import Store

    if uri:
        password = _password(user, uri)
        with Store.connect(uri, user=user, password=password, database=database) as store:
            yield store
        return
    from kg import embedded

    with (
        embedded.serve(Path(db), create=create) as endpoint,
        Store.connect(endpoint.uri, user=endpoint.user, password=endpoint.password) as store,
    ):
        yield store


def _password(user: str, uri: str) -> str:
    given = os.environ.get("KG_PASSWORD")
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise StoreError("KG_PASSWORD: is not set, and there is no terminal to ask at; set it")
    return str(click.prompt(f"Password of {user} at {uri}", hide_input=True, err=True))


@contextmanager
def _faults() -> Iterator[Callable[[KGError], None]]:
    """Give a function that names a fault and lets the rest go on; at the end any fault makes the exit code 1."""
    count = 0

    def fault(error: KGError) -> None:
        nonlocal count
        count += 1
        click.echo(f"Error: {error}", err=True)

    yield fault
    if count:
        click.get_current_context().exit(1)


def _print(table: "Table", format_: str) -> None:
    from kg import reports as kg_reports

    # Cut to the window where a person reads, whole where a program does.
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    click.echo(kg_reports.render(table, format_, width=width))


def _progress(records: Iterable[Record], what: str) -> Iterator[Record]:
    """Pass ``records`` through and say on stderr how many: after QUIET_SECONDS, then at growing intervals."""
    said, wait = time.monotonic(), QUIET_SECONDS
    for count, record in enumerate(records, 1):
        if count > 1 and time.monotonic() - said >= wait:
            click.echo(f"{count} {what} …", err=True)
            said, wait = time.monotonic(), 2 * wait
        yield record


def _pairs(parameters: Iterable[str]) -> dict[str, str]:
    pairs = {}
    for parameter in parameters:
        name, equals, value = parameter.partition("=")
        if not equals or not name:
            raise click.UsageError(f"--param {parameter}: is no KEY=VALUE")
        pairs[name] = value
    return pairs
