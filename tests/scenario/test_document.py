"""Only the plain part of YAML is let in."""

from __future__ import annotations

import pytest

from reachability_mock.scenario import document
from reachability_mock.scenario.complaint import Unloadable
from reachability_mock.scenario.document import LARGEST, compose, data


def said(text: str | bytes) -> str:
    with pytest.raises(Unloadable) as caught:
        compose(text, "a.yaml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a: &x [1]", "a.yaml:1:4: the anchor &x: anchors are not allowed here"),
        ("a: *x", "a.yaml:1:4: the alias *x: aliases are not allowed here, write it out"),
        ("a: !!int 1", "a.yaml:1:4: the tag tag:yaml.org,2002:int: tags are not allowed here"),
        ("a: ! x", "a.yaml:1:4: the tag !: tags are not allowed here"),
        ("", "a.yaml:1:1: the file is empty"),
        ("# nothing", "a.yaml:1:1: the file is empty"),
        ("- a", "a.yaml:1:1: the file is a list, where a mapping should be"),
        ("hello", "a.yaml:1:1: the file is a text (hello), where a mapping should be"),
        ("a: 'b", "a.yaml:1:6: while scanning a quoted scalar found unexpected end of stream"),
        ("a:\n  b: \x07", "a.yaml:2:6: a character that YAML does not allow"),
        (b"a:\n  \xff", "a.yaml:2:3: not UTF-8"),
    ],
)
def test_what_is_not_plain_yaml_is_refused_in_its_place(text: str | bytes, complaint: str) -> None:
    assert said(text) == complaint


def test_a_second_document_is_refused() -> None:
    assert "expected a single document" in said("a: 1\n---\nb: 2\n")


def test_an_alias_bomb_does_not_get_as_far_as_its_first_alias() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{name}: &{name} [*{before}, *{before}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert said(bomb).startswith("a.yaml:1:4: the anchor &a")


@pytest.mark.parametrize("text", ["a: " + "[" * 5000, "a: " + "{b: " * 5000])
def test_deep_nesting_is_refused_before_it_is_built(text: str) -> None:
    assert "nested more than 20 levels deep" in said(text)


def test_a_file_over_the_limit_is_not_even_looked_at() -> None:
    assert (
        said("#" * (LARGEST + 1))
        == f"a.yaml:1:1: over {LARGEST} bytes: a scenario has at most so many"
    )


def test_a_file_of_exactly_the_limit_is_read() -> None:
    head = "name: x\n#"
    assert data(compose(head + "-" * (LARGEST - len(head)), "a.yaml")) == {"name": "x"}


def test_too_many_values_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "MOST_NODES", 10)
    compose("a: [b, c, d, e, f, g, h]", "a.yaml")
    assert said("a: [b, c, d, e, f, g, h, i]").endswith("more than 10 keys and values")


def test_scalars_are_read_as_yaml_1_2_reads_them() -> None:
    text = "{a: on, b: yes, c: 12:30, d: 2026-01-05, e: true, f: null, g: 7, h: 1.5, i: , j: 0x10}"
    assert data(compose(text, "a.yaml")) == {
        "a": "on",
        "b": "yes",
        "c": "12:30",
        "d": "2026-01-05",
        "e": True,
        "f": None,
        "g": 7,
        "h": 1.5,
        "i": None,
        "j": "0x10",
    }
