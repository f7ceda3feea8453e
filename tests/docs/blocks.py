"""The code blocks of the documentation, as they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"(^<!-- not run: .+ -->\n\n?)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
"""A block, with the comment before it that says why it cannot be run, if it cannot."""


@dataclass(frozen=True)
class Block:
    """One fenced block: its file, line, language and text."""

    file: str
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def pages() -> list[Path]:
    """The README, the contributor's guide, and every page of docs/ but the decisions."""
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(language: str) -> Iterator[Block]:
    """Every block in `language`, of every page, but for those that say why they are not run."""
    for page in pages():
        text = page.read_text()
        for match in _BLOCK.finditer(text):
            if match[2] == language and not match[1]:
                line = text.count("\n", 0, match.start()) + 1
                yield Block(str(page.relative_to(ROOT)), line, language, match[3])


def commands() -> Iterator[tuple[Block, str]]:
    """Every line that a reader would type, with its block."""
    for block in blocks("console"):
        for line in block.text.splitlines():
            if line.startswith("$ "):
                yield block, line[2:].partition("  #")[0].strip()
