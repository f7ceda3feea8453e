"""Reports: the same results for a terminal, as Markdown, JUnit, JSON, a page, and annotations.

Each format is a function of the report and of what hides its secrets; only `terminal` prints.
"""

from __future__ import annotations

from reachability_contracts.report.annotations import annotation_lines
from reachability_contracts.report.cases import junit
from reachability_contracts.report.evidence import headline
from reachability_contracts.report.page import html
from reachability_contracts.report.programs import as_json
from reachability_contracts.report.screen import terminal
from reachability_contracts.report.summary import markdown

__all__ = ["annotation_lines", "as_json", "headline", "html", "junit", "markdown", "terminal"]
