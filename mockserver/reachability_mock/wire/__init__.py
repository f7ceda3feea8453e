"""Pure codecs between the core's values and what travels over HTTP and WebSocket."""
