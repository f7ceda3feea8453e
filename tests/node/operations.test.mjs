// Every operation of the contract, by Twilio's Node SDK.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCOUNT, login, registerPush } from './fake.mjs';

const v1 = login();
const newService = async () => v1.services((await v1.services.create({ friendlyName: 'Support' })).sid);

test('a service is made, fetched, listed and deleted', async () => {
  const made = await v1.services.create({ friendlyName: 'Support' });

  assert.equal(made.friendlyName, 'Support');
  assert.equal(made.accountSid, ACCOUNT);
  const fetched = await v1.services(made.sid).fetch();
  assert.equal(fetched.sid, made.sid);
  assert.ok(fetched.dateCreated instanceof Date);
  assert.ok((await v1.services.list()).some((one) => one.sid === made.sid));
  assert.equal(await v1.services(made.sid).remove(), true);
  assert.ok(!(await v1.services.list()).some((one) => one.sid === made.sid));
});

test('a service configuration is fetched and updated', async () => {
  const configuration = (await newService()).configuration();

  assert.equal((await configuration.fetch()).reachabilityEnabled, false);
  assert.equal((await configuration.update({ reachabilityEnabled: true })).reachabilityEnabled, true);
  assert.equal((await configuration.fetch()).reachabilityEnabled, true);
});

for (const path of ['default', 'service']) {
  test(`a user is made, fetched, updated, listed and deleted by the ${path} path`, async () => {
    const users = path === 'default' ? v1.users : (await newService()).users;
    const made = await users.create({ identity: 'alice', friendlyName: 'Alice', attributes: '{"a": 1}' });

    assert.match(made.sid, /^US[0-9a-f]{32}$/);
    assert.deepEqual([made.identity, made.friendlyName, made.attributes], ['alice', 'Alice', '{"a": 1}']);
    assert.equal((await users('alice').fetch()).sid, made.sid);
    assert.equal((await users(made.sid).fetch()).identity, 'alice');
    assert.equal((await users('alice').update({ friendlyName: 'A' })).friendlyName, 'A');
    assert.deepEqual((await users.list()).map((one) => [one.identity, one.friendlyName]), [['alice', 'A']]);
    assert.equal(await users('alice').remove(), true);
    assert.deepEqual(await users.list(), []);
  });
}

test('a binding is listed with filters, fetched and deleted', async () => {
  const service = await newService();
  const { sid } = await service.fetch();
  const apple = await registerPush('alice', sid, 'apn');
  const google = await registerPush('bob', sid, 'fcm');
  const listed = async (filters) => (await service.bindings.list(filters)).map((one) => one.sid);

  assert.deepEqual(await listed({}), [apple, google]);
  assert.deepEqual(await listed({ identity: ['bob'] }), [google]);
  assert.deepEqual(await listed({ identity: ['bob', 'alice'] }), [apple, google]);
  assert.deepEqual(await listed({ bindingType: ['apn'] }), [apple]);
  assert.equal((await service.bindings(apple).fetch()).bindingType, 'apn');
  assert.equal(await service.bindings(apple).remove(), true);
  assert.deepEqual(await listed({}), [google]);
});

test('the account configuration is fetched and updated', async () => {
  const before = await v1.configuration().fetch();
  const after = await v1.configuration().update({ defaultClosedTimer: 'P7D' });

  assert.equal(before.accountSid, ACCOUNT);
  assert.match(before.defaultChatServiceSid, /^IS[0-9a-f]{32}$/);
  assert.equal(after.defaultClosedTimer, 'P7D');
  assert.equal(after.defaultChatServiceSid, before.defaultChatServiceSid);
});

test('a service is deleted by its SID', async () => {
  const service = await newService();

  assert.equal(await service.remove(), true);
  await assert.rejects(service.fetch(), { status: 404, code: 20404 });
});
