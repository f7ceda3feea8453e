"""The schemas of forms and parameters draw the line where a server must draw it."""

import pytest

from tests.openapi.document import Node, accepts, component, operations

USER_FORMS = ["CreateUserForm", "UpdateUserForm"]


NEEDED: dict[str, dict[str, object]] = {
    "CreateUserForm": {"Identity": "dana"},
    "CreateServiceForm": {"FriendlyName": "Desk"},
    "CreateRoleForm": {"FriendlyName": "m", "Type": "service", "Permission": ["addParticipant"]},
    "UpdateRoleForm": {"Permission": ["addParticipant"]},
    "CreateCredentialForm": {"Type": "fcm"},
}


def form(name: str, **fields: object) -> bool:
    """Whether the form called `name` may have these fields, beside those that it must have."""
    return accepts(component(name), NEEDED.get(name, {}) | fields)


def parameter(operation: str, place: str, name: str) -> Node:
    """Return the schema of a parameter."""
    schema: Node = operations()[operation].parameters_in(place)[name]["schema"]
    return schema


@pytest.mark.parametrize("text", ["true", "false", "True", "FALSE", "tRuE"])
def test_the_switch_takes_true_and_false_in_any_letter_case(text: str) -> None:
    """Which is what SDKs of several languages send (R2)."""
    assert form("UpdateServiceConfigurationForm", ReachabilityEnabled=text)


@pytest.mark.parametrize("text", ["", "1", "0", "yes", "on", " true", "truefalse", "null", "tru"])
def test_the_switch_takes_nothing_else(text: str) -> None:
    """A guess at what was meant would turn it on or off by accident (R2)."""
    assert not form("UpdateServiceConfigurationForm", ReachabilityEnabled=text)


@pytest.mark.parametrize("identity", ["d", "x" * 256, "a/b?c#d", "Größe", "System", " ", "us1"])
def test_an_identity_may_be_almost_anything(identity: str) -> None:
    """Up to 256 characters; letter case matters, also for the reserved words."""
    assert form("CreateUserForm", Identity=identity)


@pytest.mark.parametrize(
    "identity", ["", "x" * 257, "system", "private", "unique", "US" + "0a" * 16]
)
def test_an_identity_may_not_be_empty_long_reserved_or_like_a_sid(identity: str) -> None:
    """50204, 50207, 50203 and 50206."""
    assert not form("CreateUserForm", Identity=identity)


def test_a_user_needs_an_identity_and_a_service_a_name() -> None:
    """50204 and 50000; every other field of every form may be left out."""
    assert not accepts(component("CreateUserForm"), {"FriendlyName": "Dana"})
    assert not accepts(component("CreateServiceForm"), {})
    for name in ("UpdateUserForm", "UpdateServiceConfigurationForm", "UpdateConfigurationForm"):
        assert form(name)


@pytest.mark.parametrize("name", USER_FORMS)
def test_a_users_name_has_at_most_256_characters_and_may_be_emptied(name: str) -> None:
    """50003 beyond."""
    assert form(name, FriendlyName="")
    assert form(name, FriendlyName="x" * 256)
    assert not form(name, FriendlyName="x" * 257)


def test_a_services_name_has_1_to_256_characters() -> None:
    """50000 and 50003 beyond."""
    assert form("CreateServiceForm", FriendlyName="x" * 256)
    assert not form("CreateServiceForm", FriendlyName="")
    assert not form("CreateServiceForm", FriendlyName="x" * 257)


@pytest.mark.parametrize("name", USER_FORMS)
def test_attributes_have_at_most_4096_characters(name: str) -> None:
    """50303 beyond. That they are JSON is said, but a schema cannot check it."""
    assert form(name, Attributes=f'"{"x" * 4094}"')
    assert not form(name, Attributes=f'"{"x" * 4095}"')


@pytest.mark.parametrize("name", USER_FORMS)
@pytest.mark.parametrize("sid", ["", "admin", "RL" + "0A" * 16, "RL" + "0a" * 15, "US" + "0a" * 16])
def test_a_role_is_named_by_a_well_formed_sid(name: str, sid: str) -> None:
    """50100 otherwise."""
    assert form(name, RoleSid="RL" + "0a" * 16)
    assert not form(name, RoleSid=sid)


@pytest.mark.parametrize("name", [*USER_FORMS, "UpdateServiceConfigurationForm"])
def test_unknown_fields_are_allowed_and_reachability_is_one(name: str) -> None:
    """They are skipped, not refused (R13)."""
    assert form(name, IsOnline="true", IsNotifiable="maybe", Colour="blue")


def test_the_accounts_configuration_does_not_know_the_switch() -> None:
    """There it is an unknown field like any other, with any value (R2)."""
    assert form("UpdateConfigurationForm", ReachabilityEnabled="perhaps")


@pytest.mark.parametrize(
    "timer", ["PT1M", "PT60S", "PT90S", "PT1H", "P1D", "P0DT1M", "PT0H1M0S", ""]
)
def test_conversations_become_inactive_after_a_minute_or_more(timer: str) -> None:
    """Empty stands for never."""
    assert form("UpdateConfigurationForm", DefaultInactiveTimer=timer)


@pytest.mark.parametrize("timer", ["PT10M", "PT600S", "PT1H", "P30D", "P1DT1S", "PT0H10M", ""])
def test_conversations_close_after_ten_minutes_or_more(timer: str) -> None:
    """Empty stands for never."""
    assert form("UpdateConfigurationForm", DefaultClosedTimer=timer)


@pytest.mark.parametrize("field", ["DefaultInactiveTimer", "DefaultClosedTimer"])
@pytest.mark.parametrize("timer", ["PT59S", "PT0M", "PT0H0M0S", "P0D", "P0DT59S"])
def test_no_timer_is_shorter_than_a_minute(field: str, timer: str) -> None:
    """50375 and 50376."""
    assert not form("UpdateConfigurationForm", **{field: timer})


@pytest.mark.parametrize("timer", ["PT9M", "PT1M", "PT599S", "P0DT0H9M"])
def test_the_closing_timer_is_not_shorter_than_ten_minutes(timer: str) -> None:
    """50376."""
    assert not form("UpdateConfigurationForm", DefaultClosedTimer=timer)


@pytest.mark.parametrize("field", ["DefaultInactiveTimer", "DefaultClosedTimer"])
@pytest.mark.parametrize(
    "timer", ["P", "PT", "P1DT", "1h", "PT1.5H", "PT1M1H", "P1H", "P1W", "P1M", "-PT1H", "pt1h"]
)
def test_a_timer_is_a_duration_in_days_hours_minutes_and_seconds(field: str, timer: str) -> None:
    """50379 and 50380 otherwise."""
    assert not form("UpdateConfigurationForm", **{field: timer})


def test_an_account_may_do_without_a_messaging_service_but_not_without_a_service() -> None:
    """Empty takes the one away; for the other it is 50050."""
    assert form("UpdateConfigurationForm", DefaultMessagingServiceSid="MG" + "0a" * 16)
    assert form("UpdateConfigurationForm", DefaultMessagingServiceSid="")
    assert not form("UpdateConfigurationForm", DefaultMessagingServiceSid="MG1")
    assert form("UpdateConfigurationForm", DefaultChatServiceSid="IS" + "0a" * 16)
    assert not form("UpdateConfigurationForm", DefaultChatServiceSid="")


@pytest.mark.parametrize("name", NEEDED)
def test_what_a_form_needs_is_all_needed(name: str) -> None:
    """Each field by itself."""
    assert form(name)
    for key in NEEDED[name]:
        without = {one: value for one, value in NEEDED[name].items() if one != key}
        assert not accepts(component(name), without)


@pytest.mark.parametrize("name", ["UpdateServiceWebhooksForm", "UpdateConfigurationWebhooksForm"])
@pytest.mark.parametrize("field", ["PreWebhookUrl", "PostWebhookUrl"])
@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("", True),
        ("https://example.com", True),
        ("http://127.0.0.1:9000/hook?a=b%20c", True),
        ("http://my_app:5000/", True),
        ("HTTPS://[::1]:65535/", True),
        ("http://x:65536/", False),
        ("http://x:0/", False),
        ("http://a..b/", False),
        ("http://[:::::]/", False),
        ("https://user:word@example.com/x#rc=3", True),
        ("example.com/hook", False),
        ("/hook", False),
        ("ftp://example.com", False),
        ("https://", False),
        ("https://example.com/a b", False),
        ("https://example.com/%zz", False),
    ],
)
def test_a_webhook_goes_to_an_absolute_url(name: str, field: str, url: str, *, good: bool) -> None:
    """50077 and 50078 otherwise; empty takes it away."""
    assert form(name, **{field: url}) is good


@pytest.mark.parametrize(
    ("field", "value", "good"),
    [
        ("Method", "get", True),
        ("Method", "Post", True),
        ("Method", "PUT", False),
        ("Method", "", False),
        ("Filters", ["onUserUpdated", "onMessageSent"], True),
        ("Filters", [""], True),
        ("Filters", ["onUserRemoved"], False),
        ("Filters", ["onuserupdated"], False),
    ],
)
def test_a_webhook_has_a_method_and_filters(field: str, value: object, *, good: bool) -> None:
    """50055 and 50054 otherwise."""
    assert form("UpdateServiceWebhooksForm", **{field: value}) is good


def test_only_an_accounts_webhooks_have_a_target() -> None:
    """For a service it is an unknown field like any other."""
    assert form("UpdateConfigurationWebhooksForm", Target="FLEX")
    assert not form("UpdateConfigurationWebhooksForm", Target="me")
    assert form("UpdateServiceWebhooksForm", Target="me")


@pytest.mark.parametrize(
    ("field", "value", "good"),
    [
        ("LogEnabled", "True", True),
        ("LogEnabled", "1", False),
        ("NewMessage.WithMedia.Enabled", "yes", False),
        ("NewMessage.Template", "", True),
        ("NewMessage.Template", "x" * 4096, True),
        ("NewMessage.Template", "x" * 4097, False),
        ("AddedToConversation.Sound", "x" * 256, True),
        ("AddedToConversation.Sound", "x" * 257, False),
    ],
)
def test_notifications_are_switched_and_have_texts(
    field: str, value: object, *, good: bool
) -> None:
    """20001, 50058 and 50059 otherwise."""
    assert form("UpdateServiceNotificationsForm", **{field: value}) is good


@pytest.mark.parametrize(
    ("type_", "permissions", "good"),
    [
        ("service", ["joinConversation"], True),
        ("SERVICE", ["joinConversation", "editNotificationLevel"], True),
        ("Conversation", ["sendMessage"], True),
        ("service", ["sendMessage"], False),
        ("conversation", ["joinConversation"], False),
        ("conversation", ["sendMessage", "fly"], False),
        ("conversation", [], False),
        ("channel", ["addParticipant"], False),
    ],
)
def test_a_roles_permissions_are_those_of_its_type(
    type_: str, permissions: list[str], *, good: bool
) -> None:
    """50104 and 50105 otherwise."""
    assert form("CreateRoleForm", Type=type_, Permission=permissions) is good


@pytest.mark.parametrize("name", ["CreateRoleForm", "CreateCredentialForm", "UpdateCredentialForm"])
def test_a_roles_and_a_credentials_name_has_at_most_64_characters(name: str) -> None:
    """50003 beyond."""
    assert form(name, FriendlyName="x" * 64)
    assert not form(name, FriendlyName="x" * 65)


@pytest.mark.parametrize(
    ("type_", "good"), [("apn", True), ("FcM", True), ("twilsock", False), ("", False)]
)
def test_a_credential_is_for_a_push_service_that_there_is(type_: str, *, good: bool) -> None:
    """20001 otherwise."""
    assert form("CreateCredentialForm", Type=type_) is good
    assert form("UpdateCredentialForm", Type=type_) is good


@pytest.mark.parametrize(
    ("value", "good"), [(1, True), (50, True), (1000, True), (0, False), (-1, False), (1001, False)]
)
def test_a_page_has_1_to_1000_items_before_clamping(value: int, *, good: bool) -> None:
    """20007 beyond."""
    assert accepts(parameter("listUsers", "query", "PageSize"), value) is good


@pytest.mark.parametrize(
    ("token", "good"),
    [("PTeyJuIjo1MH0", True), ("PAeyJuIjo1MH0=", True), ("", False), ("50", False)],
)
def test_a_page_token_is_opaque_but_not_shapeless(token: str, *, good: bool) -> None:
    """21481 otherwise."""
    assert accepts(parameter("listUsers", "query", "PageToken"), token) is good


@pytest.mark.parametrize(
    ("types", "good"),
    [
        (["apn"], True),
        (["gcm", "FCM", "TwilSock"], True),
        ([], True),
        (["sms"], False),
        (["apn", ""], False),
        (["apns"], False),
    ],
)
def test_bindings_are_filtered_by_the_types_that_exist(types: list[str], *, good: bool) -> None:
    """In any letter case; 50209 otherwise."""
    assert accepts(parameter("listServiceBindings", "query", "BindingType"), types) is good


@pytest.mark.parametrize("user", ["US" + "0a" * 16, "dana", "a/b", "x" * 256])
def test_a_user_is_addressed_by_sid_or_identity(user: str) -> None:
    """Anything that could be either."""
    assert accepts(parameter("fetchServiceUser", "path", "Sid"), user)


@pytest.mark.parametrize("service", ["default", "IS" + "0A" * 16, "IS" + "0a" * 15, "undefined"])
def test_a_service_is_addressed_by_its_sid_only(service: str) -> None:
    """404 otherwise."""
    assert not accepts(parameter("fetchServiceUser", "path", "ChatServiceSid"), service)
