// Refusals as Twilio's Node SDK raises them: status, code and message.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { ACCOUNT, KEY, login, reset, SECRET } from './fake.mjs';

const v1 = login();
const STRANGER = `IS${'f'.repeat(32)}`;
before(async () => {
  await reset();
  await v1.users.create({ identity: 'taken' });
});

const defaultService = async () => v1.services((await v1.configuration().fetch()).defaultChatServiceSid);
const missing = (path) => `The requested resource ${path} was not found`;

const REFUSALS = {
  'fetch nobody': [() => v1.users('nobody').fetch(), 404, 20404, missing('/Users/nobody')],
  'update nobody': [() => v1.users('nobody').update({ friendlyName: 'x' }), 404, 20404, missing('/Users/nobody')],
  'delete nobody': [() => v1.users('nobody').remove(), 404, 20404, missing('/Users/nobody')],
  'unknown service': [() => v1.services(STRANGER).fetch(), 404, 20404, missing(`/Services/${STRANGER}`)],
  'malformed service': [() => v1.services('undefined').fetch(), 404, 20404, missing('/Services/undefined')],
  duplicate: [() => v1.users.create({ identity: 'taken' }), 409, 50201, 'User already exists'],
  'identity empty': [() => v1.users.create({ identity: '' }), 400, 50204, 'Identity not provided'],
  'identity reserved': [() => v1.users.create({ identity: 'system' }), 400, 50203, /./],
  'identity like a SID': [() => v1.users.create({ identity: `US${'a'.repeat(32)}` }), 400, 50206, /./],
  'identity too long': [() => v1.users.create({ identity: 'x'.repeat(257) }), 400, 50207, 'Identity too long'],
  'attributes not JSON': [
    () => v1.users('taken').update({ attributes: '{oops' }), 400, 50304, 'Attributes not valid JSON',
  ],
  'page size': [() => v1.users.list({ pageSize: 1001 }), 400, 20007, /./],
  'switch neither true nor false': [
    async () => (await defaultService()).configuration().update({ reachabilityEnabled: 'maybe' }), 400, 20001, /./,
  ],
  'wrong token': [() => login(ACCOUNT, 'wrong').users('taken').fetch(), 401, 20003, 'Authenticate'],
  'unknown account': [
    () => login(`AC${'1'.repeat(32)}`, SECRET).users('taken').fetch(),
    401, 20003, 'Authentication Error - invalid username',
  ],
};

for (const [name, [attempt, status, code, message]] of Object.entries(REFUSALS)) {
  test(`${name} is refused with ${status} and ${code}`, async () => {
    await assert.rejects(attempt, (error) => {
      assert.deepEqual([error.constructor.name, error.status, error.code], ['RestException', status, code]);
      assert.equal(error.moreInfo, `https://www.twilio.com/docs/errors/${code}`);
      if (message instanceof RegExp) assert.match(error.message, message);
      else assert.equal(error.message, message);
      return true;
    });
  });
}

test('an API key opens its account', async () => {
  const keyed = login(KEY, SECRET, { accountSid: ACCOUNT });
  assert.equal((await keyed.users('taken').fetch()).accountSid, ACCOUNT);
});
