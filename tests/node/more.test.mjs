// What is set up beside users: roles, notifications, webhooks, credentials, by Twilio's Node SDK.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCOUNT, login } from './fake.mjs';

const v1 = login();
const newService = async () => v1.services((await v1.services.create({ friendlyName: 'Support' })).sid);
const permission = ['sendMessage', 'deleteAnyMessage'];

for (const path of ['default', 'service']) {
  test(`a role is made, fetched, updated, listed and deleted by the ${path} path`, async () => {
    const roles = path === 'default' ? v1.roles : (await newService()).roles;
    const made = await roles.create({ friendlyName: 'mod', type: 'conversation', permission });

    assert.deepEqual([made.friendlyName, made.type, made.permissions], ['mod', 'conversation', permission]);
    assert.equal((await roles(made.sid).fetch()).accountSid, ACCOUNT);
    assert.deepEqual((await roles(made.sid).update({ permission: ['sendMessage'] })).permissions, ['sendMessage']);
    assert.equal((await roles.list()).length, 5);
    assert.equal(await roles(made.sid).remove(), true);
    assert.equal((await roles.list()).length, 4);
  });
}

test('a role that a user has cannot be deleted, and a wrong permission is none', async () => {
  const staff = await v1.roles.create({ friendlyName: 's', type: 'service', permission: ['editAnyUserInfo'] });
  const user = await v1.users.create({ identity: 'alice', roleSid: staff.sid });

  assert.equal(user.roleSid, staff.sid);
  await assert.rejects(v1.roles(staff.sid).remove(), { status: 409, code: 20409 });
  await assert.rejects(v1.roles(staff.sid).update({ permission }), { status: 400, code: 50104 });
});

test('the notifications of a service are fetched and updated', async () => {
  const notifications = (await newService()).configuration.notifications();

  assert.deepEqual((await notifications.fetch()).newMessage, { enabled: false });
  const updated = await notifications.update({
    logEnabled: true,
    'newMessage.enabled': true,
    'newMessage.sound': 'ring',
    'newMessage.withMedia.enabled': false,
  });
  assert.equal(updated.logEnabled, true);
  assert.deepEqual(updated.newMessage, { enabled: true, sound: 'ring', with_media: { enabled: false } });
  assert.deepEqual((await notifications.fetch()).newMessage, updated.newMessage);
});

test('the webhooks of a service are fetched and updated', async () => {
  const webhooks = (await newService()).configuration.webhooks();
  const filters = ['onUserAdded', 'onUserUpdated'];

  assert.equal((await webhooks.fetch()).filters, null);
  const updated = await webhooks.update({ postWebhookUrl: 'http://127.0.0.1:9000/hook', method: 'POST', filters });
  assert.deepEqual([updated.postWebhookUrl, updated.method, updated.filters], ['http://127.0.0.1:9000/hook', 'POST', filters]);
  await assert.rejects(webhooks.update({ preWebhookUrl: 'hook' }), { status: 400, code: 50077 });
  await assert.rejects(webhooks.update({ postWebhookUrl: 'hook' }), { status: 400, code: 50078 });
  await assert.rejects(webhooks.update({ method: 'PUT' }), { status: 400, code: 50055 });
  assert.deepEqual((await webhooks.fetch()).filters, filters);
});

test('the webhooks of the account are fetched and updated', async () => {
  const webhooks = v1.configuration.webhooks();

  assert.equal((await webhooks.fetch()).target, 'webhook');
  const updated = await webhooks.update({ filters: ['onUserUpdated'], target: 'flex' });
  assert.deepEqual([updated.filters, updated.target, updated.method], [['onUserUpdated'], 'flex', 'POST']);
});

test('a credential is made, fetched, updated, listed and deleted', async () => {
  const made = await v1.credentials.create({ type: 'apn', certificate: 'hush', privateKey: 'hush', sandbox: true });

  assert.deepEqual([made.type, made.sandbox, made.friendlyName], ['apn', 'True', null]);
  assert.equal((await v1.credentials(made.sid).fetch()).accountSid, ACCOUNT);
  const updated = await v1.credentials(made.sid).update({ friendlyName: 'iOS', secret: 'hush' });
  assert.equal(updated.friendlyName, 'iOS');
  assert.ok(!JSON.stringify([made.toJSON(), updated.toJSON()]).includes('hush'));
  assert.deepEqual((await v1.credentials.list()).map((one) => one.sid), [made.sid]);
  assert.equal(await v1.credentials(made.sid).remove(), true);
  assert.deepEqual(await v1.credentials.list(), []);
});
