"""Commands about the model and what it needs: evaluate, train, doctor."""

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click

from kg.cli.group import main
from kg.cli.opening import load_recognizer, metadata, open_or_temporary, read_articles
from kg.cli.options import FORMATS, database_options, model_options, schema_option
from kg.cli.output import faults, print_table, progress
from kg.errors import InputError, KGError
from kg.scorer import LEVELS


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
    help="Judged (repeatable): entities, places of names (exact or overlapping), relations, which names are one thing.",
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
    from kg import evaluation, jsonlines, mistakes, scorer

    if is_errors and compare:
        raise click.UsageError("--errors and --compare: are two questions; ask one at a time")
    if Path(gold).suffix not in jsonlines.SUFFIXES:
        raise InputError(f"{gold}: gold is JSON lines; give a file that ends in {' or '.join(jsonlines.SUFFIXES)}")
    gold_rows = list(jsonlines.read_lines(gold))
    evaluation.check_gold(gold_rows, gold)
    other_model = compare if compare and Path(compare).is_dir() else None
    # Files first: they are told to be wrong before a model spends minutes.
    files = [file for file in (predictions, None if other_model else compare) if file is not None]
    predicted = {file: _predictions(file, gold, gold_rows) for file in files}

    with faults() as fault:

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
        print_table(table, format_)


def _predictions(file: str, gold: str, gold_rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Read another run's JSON lines, and say so where articles of the gold file are not among them."""
    from kg import evaluation, jsonlines

    rows = list(jsonlines.read_lines(file))
    evaluation.check_predictions(rows, gold_rows, file)
    lacking = {str(row["id"]) for row in gold_rows} - {str(row["id"]) for row in rows}
    if lacking:
        click.echo(f"{file}: lacks {len(lacking)} articles of {gold}; what they hold counts as missed", err=True)
    return rows


def _readings(
    gold: str, model: str | None, schema: Path | None, fault: Callable[[KGError], None]
) -> list[dict[str, Any]]:
    """Read the articles of a gold file and return what ``kg extract`` would print."""
    from kg import rows

    readings = read_articles([gold], metadata(), fault, model=model, schema=schema)
    return [rows.reading_row(reading) for reading in progress(readings, "articles read")]


def _finite(_context: click.Context, _parameter: click.Parameter, number: float) -> float:
    """Refuse nan and inf, which no range keeps out: nan is neither below nor above anything."""
    if not math.isfinite(number):
        raise click.BadParameter(f"{number} is no number; give a finite one")
    return number


@main.command()
@click.argument("labels", nargs=-1, required=True, metavar="LABELS...", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for the model, new or empty.")
@click.option("--encoder", type=click.Path(path_type=Path), help="Folder of a pretrained BERT to begin with.")
@click.option("--start", type=click.Path(path_type=Path), help="Model folder to go on from, in place of --encoder.")
@click.option("--epochs", type=click.IntRange(min=1), default=5, help="Rounds over the articles.")
@click.option("--seed", type=click.IntRange(min=0), default=1, help="Seed of all that is left to chance.")
@click.option(
    "--lr",
    type=click.FloatRange(min=0, min_open=True),
    callback=_finite,
    default=2e-4,
    help="Learning rate of the encoder.",
)
@click.option(
    "--held-out",
    type=click.FloatRange(min=0, max=1, min_open=True, max_open=True),
    callback=_finite,
    default=0.06,
    help="Share of the articles kept aside to choose the epoch.",
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

        found = load_recognizer(model, kg_schema.load(schema))
        found.load()
        return found.name

    def engine() -> str:
        # Before the first ingest there is no graph to ask: a temporary one shows that the engine starts.
        with open_or_temporary(**database) as store:
            return store.engine()

    is_well = True
    for check in kg_doctor.checks(recognizer, engine):
        click.echo(f"{'ok ' if check.is_well else 'BAD'} {check.name}: {check.finding}")
        is_well = is_well and check.is_well
    if not is_well:
        raise KGError("kg doctor: something is missing; what to do stands in the lines marked BAD")
