"""Evidence that lasts: recordings of scenarios, and what they say about the fake.

`normalise` makes an exchange comparable and harmless, `recording` plays a scenario and keeps its
exchanges, `cassette` is the file, `parity` compares one with the fake, `commands` is the terminal.
"""
