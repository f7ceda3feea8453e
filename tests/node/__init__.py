"""The fake as Twilio's Node SDK sees it: the tests are the ``*.test.mjs`` beside this file."""
