"""Drift from the JavaScript SDKs: their real typings, and copies of them that were doctored."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from reachability_contracts.cli import contract
from reachability_contracts.document import document
from reachability_contracts.drift import client_sdk, node_sdk
from reachability_contracts.drift.acknowledging import SHIPPED
from reachability_contracts.drift.operations import operations
from reachability_contracts.drift.shapes import Unreadable
from reachability_contracts.drift.typings import Skipped
from tests.tools import ROOT, names_no_registry, require_packages

COMPILER = ROOT / "tests" / "drift_node"
CLIENT = ROOT / "tests" / "node_realtime"
NODE = ROOT / "tests" / "node"

pytestmark = pytest.mark.xdist_group("typings")


@pytest.fixture(scope="module")
def installed() -> list[Path]:
    """Where npm put the SDKs and the compiler."""
    for folder in (COMPILER, CLIENT, NODE):
        require_packages(folder)
    return [folder / "node_modules" for folder in (COMPILER, CLIENT, NODE)]


def called(*folders: Path, acknowledged: Path | None = None) -> Result:
    words = [word for folder in folders for word in ("--node-modules", str(folder))]
    more = ["--acknowledged", str(acknowledged)] if acknowledged else []
    return CliRunner().invoke(contract, ["drift", "sdk", *words, *more])


# --- copies to doctor ----------------------------------------------------------------------------


def client_copy(folder: Path, *changes: tuple[str, str]) -> Path:
    """A node_modules with the client SDK's typings changed, and all else as it is."""
    for source in (CLIENT / "node_modules", CLIENT / "node_modules" / "@twilio"):
        made = folder / source.relative_to(CLIENT)
        made.mkdir(parents=True)
        for one in source.iterdir():
            if one.name not in {"@twilio", "conversations"}:
                (made / one.name).symlink_to(one)
    modules = folder / "node_modules"
    copy = modules / "@twilio" / "conversations"
    original = CLIENT / "node_modules" / "@twilio" / "conversations"
    copied(original, copy, "package.json", "builds/lib.d.ts")
    doctor(copy / "builds" / "lib.d.ts", *changes)
    (modules / "typescript").symlink_to(COMPILER / "node_modules" / "typescript")
    return modules


def node_copy(folder: Path, **changes: tuple[str, str]) -> Path:
    """A node_modules with the Node SDK's typings changed: each file, by its name, once."""
    copy = folder / "node_modules" / "twilio"
    original = NODE / "node_modules" / "twilio"
    names = [
        str(one.relative_to(original))
        for part in ("lib/base", "lib/http", "lib/rest/conversations")
        for one in (original / part).rglob("*.d.ts")
    ]
    copied(original, copy, "package.json", "lib/rest/ConversationsBase.d.ts", *names)
    for name, change in changes.items():
        file = f"lib/rest/conversations/v1/{name.replace('__', '/')}.d.ts"
        doctor(copy / file, change)
    return copy.parent


def copied(original: Path, copy: Path, *names: str) -> None:
    for name in names:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(original / name, copy / name)


def doctor(file: Path, *changes: tuple[str, str]) -> None:
    text = file.read_text()
    for old, new in changes:
        assert old in text, f"{file.name} has no {old!r}"
        text = text.replace(old, new)
    file.write_text(text)


def drifted(done: Result) -> set[str]:
    """Kind and place of each difference that was not acknowledged."""
    lines = [line.split(":")[0].split() for line in done.output.splitlines()]
    return {" ".join(words[1:]) for words in lines if words[:1] == ["drifted"]}


# --- the SDKs as they are ------------------------------------------------------------------------


def test_the_installed_typings_have_not_drifted(installed: list[Path]) -> None:
    done = called(*installed)
    assert done.exit_code == 0, done.output
    assert "twilio, Node: 0 drifted" in done.output
    assert "@twilio/conversations: 0 drifted" in done.output


@pytest.mark.parametrize(
    ("name", "javascript"),
    [
        ("FriendlyName", "friendlyName"),
        ("is_online", "isOnline"),
        ("NewMessage.WithMedia.Enabled", "newMessage.withMedia.enabled"),
        ("X-Twilio-Webhook-Enabled", "xTwilioWebhookEnabled"),
    ],
)
def test_names_are_written_as_javascript_does(name: str, javascript: str) -> None:
    assert node_sdk.camel(name) == javascript


def test_the_compiler_is_pinned_by_a_lockfile_that_names_no_registry() -> None:
    assert names_no_registry(COMPILER)


# --- the client SDK, doctored --------------------------------------------------------------------


@pytest.fixture(scope="module")
def client(installed: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Result:
    """What is said of a copy with several things wrong, and one acknowledgement too many."""
    assert installed
    folder = tmp_path_factory.mktemp("client")
    modules = client_copy(
        folder,
        ("    get isOnline(): boolean | null;\n", ""),
        ("get isNotifiable(): boolean | null", "get isNotifiable(): boolean"),
        ("get isSubscribed(): boolean;", "get isSubscribed(): boolean; get lastSeen(): Date;"),
        ('| "reachabilityNotifiable";', '| "reachabilityNotifiable" | "reachabilityAway";'),
        ("type NotificationsChannelType = ChannelType;", 'type NotificationsChannelType = "fcm";'),
        ("        reachability_enabled: boolean;\n", "        reachable: boolean;\n"),
        ("    get reachabilityEnabled(): boolean;", "    private get reachabilityEnabled();"),
        ("    Twilsock?: Record<string, unknown>;\n", ""),
        ("type ConnectionError = {", "type TheConnectionError = {"),
    )
    known = yaml.safe_load(SHIPPED.read_text())
    known["client"].append({"kind": "value-added", "where": "State x", "reason": "Once."})
    file = folder / "acknowledged.yaml"
    file.write_text(yaml.safe_dump(known))
    return called(modules, acknowledged=file)


@pytest.mark.parametrize(
    "difference",
    [
        "property-added User isOnline",
        "null-allowed User isNotifiable",
        "property-missing User lastSeen",
        "value-missing UserUpdateReason reachabilityAway",
        "value-added NotificationsChannelType apn",
        "value-added NotificationsChannelType twilsock",
        "property-added ConfigurationResponse options reachability_enabled",
        "property-missing ConfigurationResponse options reachable",
        "property-added Client reachabilityEnabled",
        "property-added ClientOptions Twilsock",
        "declaration-added ConnectionError",
    ],
)
def test_a_doctored_client_sdk_differs_there_and_so(difference: str, client: Result) -> None:
    assert difference in drifted(client)


def test_a_doctored_client_sdk_differs_nowhere_else_and_fails(client: Result) -> None:
    assert len(drifted(client)) == 11
    assert client.exit_code == 1


def test_an_acknowledgement_that_no_typing_needs_is_told(client: Result) -> None:
    assert "unused   value-added       State x" in client.output
    assert "@twilio/conversations: 11 drifted" in client.output
    assert "1 acknowledgements unused" in client.output


def test_acknowledgements_of_an_sdk_that_is_skipped_are_not_called_unused(client: Result) -> None:
    assert client.output.count("unused   ") == 1
    assert "twilio, Node: skipped: twilio is not in" in client.output


# --- the Node SDK, doctored ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def node(installed: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Result:
    """As for the client SDK."""
    modules = node_copy(
        tmp_path_factory.mktemp("node"),
        user=("    isOnline: boolean;\n    /**", "    isAround: boolean;\n    /**"),
        service__user=("    is_online: boolean;\n", "    is_online: string;\n"),
        service__binding=('"fcm" | "twilsock"', '"fcm" | "twilsock" | "hms"'),
        service__configuration=("reachabilityEnabled?: boolean", "reachabilityEnabled: boolean"),
        credential=("    create(params", "    make(params"),
        role=("pageToken?: string", "pageMark?: string"),
        configuration=("_webhooks?: WebhookListInstance;\n    webhooks:", "hooks:"),
    )
    return called(installed[0], modules)


@pytest.mark.parametrize(
    "difference",
    [
        "property-added GET /v1/Users/{Sid} 200 isOnline",
        "property-missing GET /v1/Users 200 isAround",
        "type-other POST /v1/Services/{ChatServiceSid}/Users/{Sid} wire is_online",
        "enum-narrower GET /v1/Services/{ChatServiceSid}/Bindings 200 bindingType",
        (
            "required-missing POST /v1/Services/{ChatServiceSid}/Configuration"
            " parameter reachabilityEnabled"
        ),
        "operation-added POST /v1/Credentials",
        "parameter-added GET /v1/Roles parameter pageToken",
        "parameter-missing GET /v1/Roles parameter pageMark",
        "operation-added GET /v1/Configuration/Webhooks",
        "operation-added POST /v1/Configuration/Webhooks",
    ],
)
def test_a_doctored_node_sdk_differs_there_and_so(difference: str, node: Result) -> None:
    assert difference in drifted(node)


def test_a_doctored_node_sdk_differs_only_where_it_was_doctored_and_fails(node: Result) -> None:
    words = ("Users", "Bindings", "reachabilityEnabled", "Credentials", "Roles", "Webhooks")
    found = drifted(node)
    assert not [one for one in found if not any(word in one for word in words)]
    # Of two files for users each was doctored in another place.
    in_services = "GET /v1/Services/{ChatServiceSid}/Users/{Sid}"
    assert f"property-added {in_services} 200 isOnline" not in found
    assert "type-other GET /v1/Users/{Sid} wire is_online" not in found
    assert node.exit_code == 1


# --- what is not there ---------------------------------------------------------------------------


def test_without_node_the_javascript_sdks_are_skipped_and_not_passed(
    installed: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    done = called(*installed)
    assert done.exit_code == 2  # they were asked for
    assert "twilio, Node: skipped: node is not on PATH" in done.output
    assert "@twilio/conversations: skipped: node is not on PATH" in done.output


def test_where_nobody_asked_for_them_what_is_missing_fails_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = called()
    assert done.exit_code == 0, done.output
    assert "twilio, Python: 0 drifted" in done.output
    assert "twilio, Node: skipped: twilio is not in" in done.output
    assert "@twilio/conversations: skipped: @twilio/conversations is not in" in done.output


def test_without_a_compiler_the_reason_says_what_to_install(installed: list[Path]) -> None:
    with pytest.raises(Skipped, match="npm install --save-dev typescript@6"):
        list(client_sdk.differences(installed[1:]))


def test_the_folders_above_the_current_one_are_looked_in(
    installed: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert installed
    client_copy(tmp_path)
    (tmp_path / "src" / "deep").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "src" / "deep")
    done = called()
    assert done.exit_code == 0, done.output
    assert "@twilio/conversations: 0 drifted" in done.output


# --- what cannot be loaded -----------------------------------------------------------------------


def without_typings(modules: Path) -> None:
    (modules / "@twilio" / "conversations" / "builds" / "lib.d.ts").unlink()


def without_a_word(modules: Path) -> None:
    (modules / "@twilio" / "conversations" / "builds" / "lib.d.ts").write_text("")


def without_what_they_import(modules: Path) -> None:
    (modules / "twilsock").unlink()


def with_a_broken_manifest(modules: Path) -> None:
    (modules / "@twilio" / "conversations" / "package.json").write_text("{")


def with_a_manifest_that_names_none(modules: Path) -> None:
    (modules / "@twilio" / "conversations" / "package.json").write_text('{"version": "9"}')


def with_a_compiler_that_says(text: str) -> Callable[[Path], None]:
    def doctored(modules: Path) -> None:
        (modules / "typescript").unlink()
        (modules / "typescript").mkdir()
        manifest = {"version": "7.0.2", "main": "index.js"}
        (modules / "typescript" / "package.json").write_text(json.dumps(manifest))
        (modules / "typescript" / "index.js").write_text(text)

    return doctored


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (without_typings, "the file is not there"),
        (without_a_word, "nothing is declared"),
        (without_what_they_import, "refers to something that cannot be found"),
        (with_a_broken_manifest, "package.json"),
        (with_a_manifest_that_names_none, "names no typings"),
        (with_a_compiler_that_says("exports.version = '7.0.2'"), "has no compiler API"),
        (with_a_compiler_that_says("throw new Error('broken')"), "Error: broken"),
        (
            with_a_compiler_that_says("console.log('hm'); process.exit(0)"),
            "Expecting value",
        ),
    ],
)
def test_what_cannot_be_loaded_is_no_agreement(
    spoil: Callable[[Path], None], complaint: str, installed: list[Path], tmp_path: Path
) -> None:
    assert installed
    modules = client_copy(tmp_path)
    spoil(modules)
    with pytest.raises(Unreadable, match=complaint):
        list(client_sdk.differences([modules]))


def test_what_cannot_be_loaded_exits_with_2(installed: list[Path], tmp_path: Path) -> None:
    assert installed
    modules = client_copy(tmp_path)
    without_typings(modules)
    done = called(modules)
    assert done.exit_code == 2
    assert "Error: @twilio/conversations: " in done.output


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (
            {"../V1": ("export default class V1", "export class V1")},
            "nothing is exported by default",
        ),
        ({"../V1": ('from "./v1/user"', 'from "./v1/nobody"')}, "cannot be found"),
        ({"user": ("payload: UserResource", "record: UserResource")}, "is made of no payload"),
    ],
)
def test_a_node_sdk_built_in_another_way_is_no_agreement(
    change: dict[str, tuple[str, str]], complaint: str, installed: list[Path], tmp_path: Path
) -> None:
    modules = node_copy(tmp_path, **change)
    with pytest.raises(Unreadable, match=complaint):
        list(node_sdk.differences(operations(document()), [installed[0], modules]))
