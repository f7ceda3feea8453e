"""The settings: the values in force of everything in the register of unknowns.

Who changes them finds the register's names here, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from reachability_mock.core.model import Policy
from reachability_mock.durations import seconds_of
from reachability_mock.register import BY_ID, REGISTER, BadSetting, Setting, Value, known

__all__ = [
    "BY_ID",
    "REGISTER",
    "BadSetting",
    "Setting",
    "Settings",
    "Value",
    "known",
    "seconds_of",
]


class Settings:
    """The values in force: the register's defaults and whatever was changed since."""

    def __init__(self, values: Mapping[str, object] | None = None) -> None:
        """Begin with the defaults, changed by `values`.

        Raises:
            BadSetting: as for `update`.
        """
        self._values: dict[str, Value] = {setting.id: setting.default for setting in REGISTER}
        self.update(values or {})
        self._initial = dict(self._values)

    def __getitem__(self, name: str) -> Value:
        """The value in force of the setting `name`.

        Raises:
            BadSetting: there is no such setting.
        """
        return self._values[known(name).id]

    def as_dict(self) -> dict[str, Value]:
        """All values in force, in the register's order."""
        return dict(self._values)

    def update(self, values: Mapping[str, object]) -> None:
        """Change some settings: all of them or, if one is wrong, none.

        Raises:
            BadSetting: an unknown name (the near one is named) or a value that cannot be.
        """
        checked = {name: known(name).checked(value) for name, value in values.items()}
        self._values.update(checked)
        self.policy = self._policy()

    def reset(self) -> None:
        """Back to what they were at the beginning."""
        self._values = dict(self._initial)
        self.policy = self._policy()

    def _policy(self) -> Policy:
        """The settings as the core reads them."""
        values = self._values
        return Policy(
            online_delay=_delta(values["online_delay"]),
            offline_delay=_delta(values["offline_delay"]),
            lost_after=_delta(values["lost_after"]),
            token_warning=_delta(values["token_warning"]),
            offload_is_loss=values["offload"] == "lost",
            update_shows_state=values["update_response"] == "fetch",
            state_survives_disable=values["after_reenable"] == "remember",
            presence_bumps_date_updated=bool(values["presence_bumps_date_updated"]),
            default_service_deletable=values["delete_default_service"] == "allow",
            unnamed_user=_emptied(values["unnamed_user"]),
            attributes_compacted=values["attributes_whitespace"] == "compacted",
            attributes_limit=int(values["attributes_limit"]),
            missing_role_status=int(values["missing_role_status"]),
            cleared_friendly_name=_emptied(values["cleared_friendly_name"]),
            configuration_bumps_date_updated=bool(values["configuration_bumps_date_updated"]),
            used_role_deletable=values["delete_role_in_use"] == "allow",
            generic_role_codes=values["missing_role_parameter"] == "generic",
            webhook_filter_code=_code(values["webhook_filter"]),
            webhook_method_filled=values["webhook_method"] == "POST",
            cleared_webhook_url=_emptied(values["cleared_webhook_url"]),
            template_limit=int(values["notification_template_limit"]),
            sound_limit=int(values["notification_sound_limit"]),
            whole_notifications=values["partial_notifications"] == "null",
            credential_type_code=int(values["credential_type"]),
            unnamed_credential=_emptied(values["unnamed_credential"]),
            refuse_large_pages=values["large_page_size"] == "refuse",
            refuse_malformed_page=values["malformed_page"] == "refuse",
            refuse_page_without_token=values["page_without_token"] == "refuse",  # noqa: S105 - a word, no secret
        )


def _emptied(value: Value) -> str | None:
    """What a text is after it was emptied: null, or empty."""
    return None if value == "null" else ""


def _code(value: Value) -> int | None:
    """The code of a refusal; None where there is none."""
    return value if isinstance(value, int) else None


def _delta(value: Value) -> timedelta:
    return timedelta(seconds=seconds_of(value))
