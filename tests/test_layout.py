from pathlib import Path

import pytest

from kg import layout
from kg.errors import SchemaError

SHIPPED = (Path(layout.__file__).parent / "data" / "layout.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SHIPPED.replace("boilerplate:", "boilerplates:"), "boilerplate: Field required"),
        (SHIPPED + "\ncaptions2: []", "captions2: Extra inputs"),
        (SHIPPED.replace("sections:\n", "sections:\n  - '(offen'\n", 1), "sections.0: missing ), unterminated"),
        ("a: [", "is no YAML"),
    ],
)
def test_load_names_the_mistake(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "layout.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SchemaError, match=r"layout\.yaml") as caught:
        layout.load(path)
    assert message in str(caught.value)


def test_load_missing_file(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="cannot be read"):
        layout.load(tmp_path / "none.yaml")
