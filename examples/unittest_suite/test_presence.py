"""With unittest alone: run it with ``python -m unittest``."""

import unittest

from twilio.rest import Client

import reachability_mock


class Presence(unittest.TestCase):
    def setUp(self) -> None:
        self.mock = self.enterContext(reachability_mock.fake())
        self.mock.enable()
        self.users = Client().conversations.v1.users

    def test_a_list_never_tells(self) -> None:
        self.mock.connect("alice")
        self.assertIs(self.users("alice").fetch().is_online, True)
        self.assertIsNone(self.users.list()[0].is_online)

    def test_every_test_has_a_fake_of_its_own(self) -> None:
        self.assertEqual(self.users.list(), [])


if __name__ == "__main__":
    unittest.main()
