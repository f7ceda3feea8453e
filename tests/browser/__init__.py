"""The browser build of Twilio's SDK, in a real browser."""
