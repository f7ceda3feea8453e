"""The generated parts of the documentation say what the code says."""

from __future__ import annotations

import pytest

from tests.docs.tables import DOCS, TABLES, rendered


@pytest.mark.parametrize(("file", "name"), TABLES, ids=str)
def test_a_generated_part_is_what_the_code_says(file: str, name: str) -> None:
    """Run ``python -m tests.docs.tables`` if this fails."""
    text = (DOCS / file).read_text()
    assert rendered(text, name, TABLES[file, name]()) == text
