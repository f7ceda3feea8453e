"""A fake of Twilio Conversations' REST API that gets Reachability right.

Not affiliated with Twilio.
"""

__version__ = "0.1.0"
