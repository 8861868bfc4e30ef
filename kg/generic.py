"""kg/data/generic.yaml -> one pattern of what names nothing by itself: 该行, 本市, 记者, 公司.

The file is data that a librarian may change; every mistake in it is named here.
"""

import re
from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from kg import lexicon
from kg.errors import SchemaError


def load(path: Path | None = None) -> re.Pattern[str]:
    """Read the lists of ``path``, by default the shipped ones, and the generic words of suffixes.csv.

    The pattern is to match a whole surface.  Raises SchemaError that names the list or the expression that is wrong.
    """
    path = path or Path(__file__).parent / "data" / "generic.yaml"
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        lists = TypeAdapter(dict[str, tuple[str, ...]]).validate_python(content)
    except OSError as error:
        raise SchemaError(f"{path}: cannot be read ({error.strerror}); install the package again") from error
    except yaml.YAMLError as error:
        raise SchemaError(f"{path}: is no YAML ({error}); mend the line") from error
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(map(str, fault["loc"])) or "file"
        raise SchemaError(f"{path}: {place}: {fault['msg']}; give lists of regular expressions") from error
    for name, patterns in lists.items():
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise SchemaError(f"{path}: {name}: '{pattern}' is no regular expression ({error}); mend it") from error
    words = map(re.escape, lexicon.load().suffixes["generic"])
    return re.compile("|".join(f"(?:{pattern})" for patterns in (*lists.values(), words) for pattern in patterns))
