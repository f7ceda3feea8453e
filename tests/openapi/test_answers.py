"""The schemas of answers accept what a right server says, and little else."""

import copy
from collections.abc import Iterator
from typing import Any, TypeAlias

import pytest

from tests.openapi import samples
from tests.openapi.document import Node, accepts, answer_schema, follow, operations, target

Path: TypeAlias = tuple[str | int, ...]

each_answer = pytest.mark.parametrize(
    ("operation", "status"), samples.ANSWERS, ids=["-".join(each) for each in samples.ANSWERS]
)
each_refusal = pytest.mark.parametrize("name", samples.REFUSALS)

LISTS_OF_USERS = ["listServiceUsers", "listUsers"]
LISTS = [
    *("listServices", *LISTS_OF_USERS, "listServiceBindings"),
    *("listServiceRoles", "listRoles", "listCredentials"),
]
CREATES_OF_USERS = ["createServiceUser", "createUser"]
VIEWS_OF_ONE_USER = ["fetchServiceUser", "fetchUser", "updateServiceUser", "updateUser"]
VALUES = ["is_online", "is_notifiable"]


def schema_of(operation: str, status: str) -> Node:
    """Return the schema of an answer that has a body."""
    schema = answer_schema(operation, status)
    assert schema is not None
    return schema


def refusal_schema(name: str) -> Node:
    """Return the schema of a shared refusal."""
    answer = target(f"#/components/responses/{name}")
    schema: Node = answer["content"]["application/json"]["schema"]
    return schema


def places(node: object, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every key and every list item in a body."""
    items: Any = ()
    if isinstance(node, dict):
        items = node.items()
    elif isinstance(node, list):
        items = enumerate(node)
    for key, value in items:
        yield (*path, key)
        yield from places(value, (*path, key))


def at(body: Any, path: Path) -> Any:
    """Return what is at a path."""
    for key in path:
        body = body[key]
    return body


def changed(body: Node, path: Path, value: object) -> Node:
    """Return the body with another value at a path."""
    result = copy.deepcopy(body)
    at(result, path[:-1])[path[-1]] = value
    return result


def without(body: Node, path: Path) -> Node:
    """Return the body with the key at a path taken away."""
    result = copy.deepcopy(body)
    del at(result, path[:-1])[path[-1]]
    return result


# --- What is right ----------------------------------------------------------------------------


@each_answer
def test_a_right_answer_is_accepted(operation: str, status: str) -> None:
    """Every sample fits the schema of its answer."""
    assert accepts(schema_of(operation, status), samples.ANSWERS[operation, status])


@each_refusal
def test_a_right_refusal_is_accepted_with_each_of_its_codes(name: str) -> None:
    """With and without a `detail`."""
    status, codes = samples.REFUSALS[name]
    for code in codes:
        refusal = samples.error(status, code)
        assert accepts(refusal_schema(name), refusal)
        assert accepts(refusal_schema(name), refusal | {"detail": "See above."})


def test_there_is_a_sample_for_every_answer_that_has_a_body() -> None:
    """So that no schema of the document goes untried."""
    documented = {
        (operation.id, status)
        for operation in operations().values()
        for status, answer in operation.answers.items()
        if status < "400" and "content" in answer
    }
    assert documented == set(samples.ANSWERS)


def test_there_is_a_sample_for_every_refusal() -> None:
    """Every 4xx of every operation is one of the shared ones."""
    shared = [target(f"#/components/responses/{name}") for name in samples.REFUSALS]
    for operation in operations().values():
        for status, answer in operation.answers.items():
            if status >= "400":
                assert follow(answer) in shared


@pytest.mark.parametrize("operation", LISTS)
def test_an_only_page_has_no_neighbours_and_may_be_empty(operation: str) -> None:
    """Null is how a page says that there is nothing before or after it."""
    body = samples.ANSWERS[operation, "200"]
    for key in ("previous_page_url", "next_page_url"):
        body = changed(body, ("meta", key), None)
    body = changed(body, (body["meta"]["key"],), [])
    assert accepts(schema_of(operation, "200"), body)


@pytest.mark.parametrize(
    ("operation", "key"),
    [
        ("fetchServiceUser", "friendly_name"),
        ("fetchServiceBinding", "credential_sid"),
        ("fetchConfiguration", "default_messaging_service_sid"),
        ("fetchConfiguration", "default_inactive_timer"),
        ("fetchConfiguration", "default_closed_timer"),
        ("fetchServiceWebhooks", "pre_webhook_url"),
        ("fetchServiceWebhooks", "post_webhook_url"),
        ("fetchServiceWebhooks", "method"),
        ("fetchServiceWebhooks", "filters"),
        ("fetchConfigurationWebhooks", "pre_webhook_url"),
        ("fetchConfigurationWebhooks", "post_webhook_url"),
        ("fetchCredential", "friendly_name"),
    ],
)
def test_what_nobody_has_set_is_null(operation: str, key: str) -> None:
    """A few keys have no value until somebody gives them one."""
    body = changed(samples.ANSWERS[operation, "200"], (key,), None)
    assert accepts(schema_of(operation, "200"), body)


@pytest.mark.parametrize("key", ["method", "filters", "target"])
def test_an_accounts_webhooks_have_a_method_filters_and_a_target_from_the_start(key: str) -> None:
    """Unlike a service's."""
    body = changed(samples.configuration_webhooks(), (key,), None)
    assert not accepts(schema_of("fetchConfigurationWebhooks", "200"), body)


def test_notifications_that_nobody_has_set_are_but_switched_off() -> None:
    """Their keys are absent, not null."""
    schema = schema_of("fetchServiceNotifications", "200")
    fresh = samples.notifications()
    for key in ("added_to_conversation", "new_message", "removed_from_conversation"):
        fresh = changed(fresh, (key,), {"enabled": False})
        assert not accepts(schema, changed(fresh, (key, "sound"), None))
        assert not accepts(schema, changed(fresh, (key, "with_medium"), None))
    assert accepts(schema, fresh)


# --- Reachability: what each view may show ----------------------------------------------------


@pytest.mark.parametrize("operation", VIEWS_OF_ONE_USER)
@pytest.mark.parametrize("key", VALUES)
@pytest.mark.parametrize("value", [True, False, None])
def test_a_fetch_or_an_update_shows_any_of_three_values(
    operation: str, key: str, value: object
) -> None:
    """True, false and unknown, each value by itself (R8)."""
    body = changed(samples.ANSWERS[operation, "200"], (key,), value)
    assert accepts(schema_of(operation, "200"), body)


@pytest.mark.parametrize("operation", LISTS_OF_USERS)
@pytest.mark.parametrize("key", VALUES)
@pytest.mark.parametrize("value", [True, False, "true", "null", "", 0])
def test_a_user_in_a_list_shows_null_and_nothing_else(
    operation: str, key: str, value: object
) -> None:
    """The list rule (R9) is in the schema itself."""
    body = changed(samples.ANSWERS[operation, "200"], ("users", 0, key), value)
    assert not accepts(schema_of(operation, "200"), body)


@pytest.mark.parametrize("operation", CREATES_OF_USERS)
@pytest.mark.parametrize("key", VALUES)
@pytest.mark.parametrize("value", [True, False, "false"])
def test_a_created_user_shows_null_and_nothing_else(
    operation: str, key: str, value: object
) -> None:
    """Nobody is reachable from birth (R10)."""
    body = changed(samples.ANSWERS[operation, "201"], (key,), value)
    assert not accepts(schema_of(operation, "201"), body)


@pytest.mark.parametrize("operation", VIEWS_OF_ONE_USER)
@pytest.mark.parametrize("key", VALUES)
@pytest.mark.parametrize("value", ["true", "False", "null", "", 1, 0, []])
def test_reachability_is_never_text_or_a_number(operation: str, key: str, value: object) -> None:
    """The text "false" would be true in most languages."""
    body = changed(samples.ANSWERS[operation, "200"], (key,), value)
    assert not accepts(schema_of(operation, "200"), body)


@pytest.mark.parametrize("value", ["true", "on", 1, None])
def test_the_switch_is_a_boolean(value: object) -> None:
    """It is on or off, and never unknown (R1, R2)."""
    body = changed(samples.service_configuration(), ("reachability_enabled",), value)
    assert not accepts(schema_of("fetchServiceConfiguration", "200"), body)


# --- What is wrong, in every answer -----------------------------------------------------------


@each_answer
@pytest.mark.parametrize("body", [{}, [], None, "", True, {"code": 20404}], ids=repr)
def test_a_body_of_another_kind_is_rejected(operation: str, status: str, body: object) -> None:
    """An empty object, above all: no key is optional."""
    assert not accepts(schema_of(operation, status), body)


@each_answer
def test_each_missing_key_is_noticed(operation: str, status: str) -> None:
    """At every depth: in metadata, in links, in the items of a list."""
    body = samples.ANSWERS[operation, status]
    for path in places(body):
        if isinstance(path[-1], str) and path[-1] not in samples.MAY_BE_ABSENT:
            assert not accepts(schema_of(operation, status), without(body, path)), path


@each_answer
def test_an_additional_key_is_noticed(operation: str, status: str) -> None:
    """In every object of the answer."""
    body = samples.ANSWERS[operation, status]
    for path in [(), *places(body)]:
        if isinstance(at(body, path), dict):
            extended = changed(body, (*path, "status_text"), "fine")
            assert not accepts(schema_of(operation, status), extended), path


WRONG_TYPES: list[object] = [[[]], 4.5, {"href": "x"}]


@each_answer
def test_a_value_of_another_type_is_noticed(operation: str, status: str) -> None:
    """A list, a number or an object where none belongs."""
    body = samples.ANSWERS[operation, status]
    for path in places(body):
        for value in WRONG_TYPES:
            assert not accepts(schema_of(operation, status), changed(body, path, value)), path


@each_answer
def test_a_wrong_sid_is_noticed(operation: str, status: str) -> None:
    """Too short, too long, of another kind, in capitals, or not hexadecimal."""
    body = samples.ANSWERS[operation, status]
    for path in places(body):
        if not (str(path[-1]) == "sid" or str(path[-1]).endswith("_sid")):
            continue
        sid = at(body, path)
        wrong = [
            "",
            sid[:-1],
            sid + "0",
            sid + "\n",
            "ZZ" + sid[2:],
            sid.upper(),
            sid[:2] + "g" * 32,
        ]
        for value in wrong:
            assert not accepts(schema_of(operation, status), changed(body, path, value)), path


@each_answer
@pytest.mark.parametrize(
    "date",
    [
        "",
        None,
        "yesterday",
        1767603600,
        "2026-01-05",
        "2026-01-05 09:00:00",
        "2026-01-05T09:00:00",
        "2026-01-05T09:00:00.000Z",
        "2026-01-05T09:00:00+00:00",
        "2026-13-05T09:00:00Z",
        "2026-02-30T09:00:00Z",
    ],
)
def test_a_wrong_date_is_noticed(operation: str, status: str, date: object) -> None:
    """UTC with a Z, whole seconds, and a day that exists."""
    body = samples.ANSWERS[operation, status]
    for path in places(body):
        if str(path[-1]).startswith("date_"):
            assert not accepts(schema_of(operation, status), changed(body, path, date)), path


@each_answer
@pytest.mark.parametrize(
    "url", ["", "/v1/Users", "conversations.twilio.com/v1/Users", "ftp://x/v1/"]
)
def test_a_url_that_is_not_absolute_is_noticed(operation: str, status: str, url: str) -> None:
    """SDKs follow these as they are."""
    body = samples.ANSWERS[operation, status]
    for path in places(body):
        if str(path[-1]).endswith("url") or "links" in path[:-1]:
            assert not accepts(schema_of(operation, status), changed(body, path, url)), path


# --- What is wrong in one answer --------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "status", "other"),
    [
        ("fetchServiceUser", "200", "fetchUser"),
        ("fetchUser", "200", "fetchServiceUser"),
        ("createServiceUser", "201", "createUser"),
        ("createUser", "201", "createServiceUser"),
        ("updateServiceUser", "200", "updateUser"),
        ("updateUser", "200", "updateServiceUser"),
        ("listServiceUsers", "200", "listUsers"),
        ("listUsers", "200", "listServiceUsers"),
        ("fetchServiceRole", "200", "fetchRole"),
        ("fetchRole", "200", "fetchServiceRole"),
        ("createServiceRole", "201", "createRole"),
        ("createRole", "201", "createServiceRole"),
        ("updateServiceRole", "200", "updateRole"),
        ("updateRole", "200", "updateServiceRole"),
        ("listServiceRoles", "200", "listRoles"),
        ("listRoles", "200", "listServiceRoles"),
    ],
)
def test_urls_are_those_of_the_path_that_was_asked(operation: str, status: str, other: str) -> None:
    """The same user or role has long URLs through the service and short ones without it."""
    assert not accepts(schema_of(operation, status), samples.ANSWERS[other, status])


@pytest.mark.parametrize(
    ("operation", "maximum"),
    [
        ("listServices", 100),
        ("listServiceUsers", 50),
        ("listUsers", 50),
        ("listServiceBindings", 100),
        ("listServiceRoles", 50),
        ("listRoles", 50),
        ("listCredentials", 100),
    ],
)
def test_a_page_is_never_larger_than_its_resource_allows(operation: str, maximum: int) -> None:
    """Neither in what it says nor in what it holds."""
    schema = schema_of(operation, "200")
    body = samples.ANSWERS[operation, "200"]
    key = body["meta"]["key"]
    full = changed(changed(body, ("meta", "page_size"), maximum), (key,), [body[key][0]] * maximum)
    assert accepts(schema, full)
    assert not accepts(schema, changed(full, ("meta", "page_size"), maximum + 1))
    assert not accepts(schema, changed(full, (key,), [body[key][0]] * (maximum + 1)))


@pytest.mark.parametrize("operation", LISTS)
@pytest.mark.parametrize(
    ("key", "value"),
    [("key", "items"), ("key", None), ("page", -1), ("page", "0"), ("page_size", 0), ("url", None)],
)
def test_wrong_page_metadata_is_noticed(operation: str, key: str, value: object) -> None:
    """The key names the array; numbers are numbers; only neighbours may be null."""
    body = changed(samples.ANSWERS[operation, "200"], ("meta", key), value)
    assert not accepts(schema_of(operation, "200"), body)


@pytest.mark.parametrize(
    ("operation", "key", "value"),
    [
        ("fetchServiceUser", "identity", ""),
        ("fetchServiceUser", "identity", "x" * 257),
        ("fetchServiceUser", "friendly_name", "x" * 257),
        ("fetchServiceUser", "attributes", {"team": "blue"}),
        ("fetchServiceUser", "attributes", "x" * 4097),
        ("fetchService", "friendly_name", "x" * 257),
        ("fetchServiceBinding", "binding_type", "FCM"),
        ("fetchServiceBinding", "binding_type", "sms"),
        ("fetchServiceBinding", "message_types", ["hello"]),
        ("fetchServiceBinding", "message_types", ["new_message", "new_message"]),
        ("fetchConfiguration", "default_inactive_timer", "5 minutes"),
        ("fetchConfiguration", "default_closed_timer", ""),
        ("fetchServiceWebhooks", "method", "post"),
        ("fetchServiceWebhooks", "filters", ["onUserAdd"]),
        ("fetchServiceWebhooks", "filters", ["onUserAdded", "onUserAdded"]),
        ("fetchServiceWebhooks", "post_webhook_url", "https://"),
        ("fetchConfigurationWebhooks", "target", "Flex"),
        ("fetchRole", "friendly_name", ""),
        ("fetchRole", "friendly_name", "x" * 65),
        ("fetchRole", "type", "Service"),
        ("fetchRole", "type", "service"),  # whose roles cannot send messages
        ("fetchRole", "permissions", []),
        ("fetchRole", "permissions", ["sendMessage", "sendMessage"]),
        ("fetchRole", "permissions", ["joinConversation"]),
        ("fetchCredential", "friendly_name", "x" * 65),
        ("fetchCredential", "type", "twilsock"),
        ("fetchCredential", "sandbox", "false"),
        ("fetchCredential", "sandbox", False),
    ],
)
def test_a_value_out_of_bounds_is_noticed(operation: str, key: str, value: object) -> None:
    """Lengths, enumerations and durations."""
    body = changed(samples.ANSWERS[operation, "200"], (key,), value)
    assert not accepts(schema_of(operation, "200"), body)


@pytest.mark.parametrize("key", ["certificate", "private_key", "api_key", "secret"])
def test_no_secret_of_a_credential_is_in_an_answer(key: str) -> None:
    """Not even a masked one."""
    body = samples.credential() | {key: "***"}
    assert not accepts(schema_of("fetchCredential", "200"), body)


# --- Refusals ---------------------------------------------------------------------------------


@each_refusal
def test_a_refusal_has_its_four_keys(name: str) -> None:
    """Each of them, and no others but `detail`."""
    refusal = samples.error(samples.REFUSALS[name][0], min(samples.REFUSALS[name][1]))
    schema = refusal_schema(name)
    assert not accepts(schema, {})
    assert not accepts(schema, {"error": "No."})
    assert not accepts(schema, refusal | {"help": "none"})
    for key in refusal:
        assert not accepts(schema, without(refusal, (key,))), key


@each_refusal
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("code", 50999),
        ("code", "20404"),
        ("code", None),
        ("status", 200),
        ("status", 500),
        ("status", "400"),
        ("message", ""),
        ("message", None),
        ("more_info", ""),
        ("more_info", "https://www.twilio.com/docs"),
        ("detail", None),
    ],
)
def test_a_wrong_refusal_is_noticed(name: str, key: str, value: object) -> None:
    """Another code, a status unlike the answer's, texts in place of numbers."""
    status, codes = samples.REFUSALS[name]
    refusal = samples.error(status, min(codes)) | {key: value}
    assert not accepts(refusal_schema(name), refusal)
