"""The fake and Twilio's real Conversations SDK, in Node."""
