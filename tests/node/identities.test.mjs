// Users looked up by identity, with what Twilio's Node SDK leaves unescaped in a path.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { connect, enable, login, reset } from './fake.mjs';

const v1 = login();
beforeEach(reset);

for (const identity of ['alice@ex.com', 'a+b', 'a b', 'é', 'Ж', '李', '👋', 'a:b', 'a;b=c,d', 'a&b', "(x)!*'", '~a.b_c-']) {
  test(`${identity} is found by itself`, async () => {
    await enable();
    await connect(identity);
    const user = await v1.users(identity).fetch();

    assert.equal(user.identity, identity);
    assert.equal(user.isOnline, true);
    assert.equal((await v1.users(identity).update({ friendlyName: identity })).friendlyName, identity);
    assert.equal(await v1.users(identity).remove(), true);
    assert.equal((await v1.users.create({ identity })).identity, identity);
  });
}

test('a plus is no space', async () => {
  await v1.users.create({ identity: 'a b' });
  await assert.rejects(v1.users('a+b').fetch(), { status: 404 });
});

test('a slash must be escaped by the caller', async () => {
  await v1.users.create({ identity: 'a/b' });
  assert.equal((await v1.users('a%2Fb').fetch()).identity, 'a/b');
  assert.throws(() => v1.users('a/b'), /not valid/);
});

test('a hash silently asks for somebody else', async () => {
  await v1.users.create({ identity: 'a' });
  await v1.users.create({ identity: 'a#b' });
  assert.equal((await v1.users('a#b').fetch()).identity, 'a');
});
