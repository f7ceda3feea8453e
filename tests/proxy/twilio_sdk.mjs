// Twilio's SDK as an app uses it: nothing here knows of a proxy.
import twilio from '../node/node_modules/twilio/index.js';

const client = twilio();
const users = client.conversations.v1.users;
for (const identity of ['a', 'b', 'c']) await users.create({ identity });
const found = await users.list({ pageSize: 2 });
console.log(found.map((one) => one.identity).join(' '));
try {
  await client.messages.list({ limit: 1 });
  console.log('the real API was reached');
} catch (error) {
  console.log('refused');
}
