"""What is known of an issue from outside its pages.  What stands beside files is tested in test_corpus.py."""

import pytest

from kg import metadata
from kg.errors import InputError


def test_metadata_names_the_option() -> None:
    with pytest.raises(InputError, match="--date: '2025-13-01' is wrong"):
        metadata.given(date="2025-13-01")
