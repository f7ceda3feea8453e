// Null, true and false of both properties, as Twilio's Node SDK shows them.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { connect, disconnect, enable, login, registerPush, reset } from './fake.mjs';

const v1 = login();
const alice = async () => v1.users('alice').fetch();
beforeEach(reset);

test('online is null, then true, then false', async () => {
  await connect('alice');
  await disconnect('alice');
  const seen = [(await alice()).isOnline];
  await enable();
  seen.push((await alice()).isOnline);
  await connect('alice');
  seen.push((await alice()).isOnline);
  await disconnect('alice');
  seen.push((await alice()).isOnline);

  assert.deepEqual(seen, [null, null, true, false]);
});

test('notifiable follows bindings and not connections', async () => {
  await enable();
  const binding = await registerPush('alice');
  const bound = await alice();
  await v1.services(bound.chatServiceSid).bindings(binding).remove();
  const unbound = await alice();

  assert.deepEqual([bound.isOnline, bound.isNotifiable], [null, true]);
  assert.deepEqual([unbound.isOnline, unbound.isNotifiable], [null, false]);
});

test('a list shows null whatever the truth', async () => {
  await enable();
  await connect('alice');
  await registerPush('alice');
  const [listed] = await v1.users.list();

  assert.deepEqual([listed.isOnline, listed.isNotifiable], [null, null]);
  assert.equal((await v1.users(listed.sid).fetch()).isOnline, true);
});

test('a create shows null, an update what a fetch shows', async () => {
  await enable();
  const made = await v1.users.create({ identity: 'alice' });
  await connect('alice');
  const updated = await v1.users(made.sid).update({ friendlyName: 'A' });

  assert.deepEqual([made.isOnline, updated.isOnline], [null, true]);
});

test('the switch belongs to one service', async () => {
  const support = v1.services((await v1.services.create({ friendlyName: 'Support' })).sid);
  const { sid } = await support.fetch();
  await support.configuration().update({ reachabilityEnabled: true });
  await connect('alice');
  await connect('alice', sid);

  assert.equal((await alice()).isOnline, null);
  assert.equal((await support.users('alice').fetch()).isOnline, true);
});
