"""The codecs: forms and queries in, JSON out."""
