// A life in short, with the SDK that is named on the command line.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const twilio = createRequire(import.meta.url)(process.argv[2]);
const mock = process.env.REACHABILITY_MOCK_URL;
const client = twilio(process.env.TWILIO_ACCOUNT_SID, process.env.TWILIO_AUTH_TOKEN);
client.conversations.baseUrl = mock;
const { users, services, configuration } = client.conversations.v1;

for (const identity of ['a', 'b', 'c']) await users.create({ identity });
const service = (await configuration().fetch()).defaultChatServiceSid;
await services(service).configuration().update({ reachabilityEnabled: true });
await fetch(`${mock}/_mock/services/default/users/a/connections`, { method: 'POST' });

assert.equal((await users('a').fetch()).isOnline, true);
assert.deepEqual((await users.list({ pageSize: 2 })).map((one) => one.isOnline), [null, null, null]);
await users('a').remove();
await assert.rejects(users('a').fetch(), { status: 404, code: 20404 });
console.log('fine');
