// What is under test: who should be mailed.  The base URL comes from the environment, if it is there.
import twilio from 'twilio';

export async function shouldMail(identity) {
  const client = twilio();
  client.conversations.baseUrl = process.env.REACHABILITY_MOCK_URL ?? 'https://conversations.twilio.com';
  const user = await client.conversations.v1.users(identity).fetch();
  return user.isOnline === false; // null means that nobody knows
}
