// Lists to their end, by Twilio's Node SDK.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { answered, connect, login, reset, URL_OF_FAKE } from './fake.mjs';

const v1 = login();
const IDENTITIES = Array.from({ length: 120 }, (_, n) => `user-${String(n).padStart(3, '0')}`);
const identities = (users) => users.map((one) => one.identity);

before(async () => {
  await reset();
  for (const identity of IDENTITIES) await connect(identity);
});

/** How many pages of users `walk` fetches. */
async function pagesOf(walk) {
  const count = async () => (await answered()).filter((one) => one.path === '/v1/Users').length;
  const earlier = await count();
  await walk();
  return (await count()) - earlier;
}

test('a list goes on to the last page', async () => {
  const pages = await pagesOf(async () => {
    assert.deepEqual(identities(await v1.users.list()), IDENTITIES);
  });
  assert.equal(pages, 3);
});

test('a page size makes more pages', async () => {
  const pages = await pagesOf(async () => {
    assert.deepEqual(identities(await v1.users.list({ pageSize: 25 })), IDENTITIES);
  });
  assert.equal(pages, 5);
});

for (const [limit, expected] of [[1, 1], [50, 1], [70, 2], [119, 3], [500, 3]]) {
  test(`a limit of ${limit} ends the list after ${expected} page(s)`, async () => {
    const pages = await pagesOf(async () => {
      assert.deepEqual(identities(await v1.users.list({ limit })), IDENTITIES.slice(0, limit));
    });
    assert.equal(pages, expected);
  });
}

test('each() meets everybody', async () => {
  const met = [];
  await new Promise((resolve, reject) => {
    v1.users.each({ pageSize: 50, done: (error) => (error ? reject(error) : resolve()) }, (user) => met.push(user));
  });
  assert.deepEqual(identities(met), IDENTITIES);
});

test('pages lead to their neighbours on the same server', async () => {
  const first = await v1.users.page({ pageSize: 50 });
  const second = await first.nextPage();
  const third = await second.nextPage();

  assert.deepEqual([first, second, third].map((page) => page.instances.length), [50, 50, 20]);
  assert.equal(third.nextPageUrl, undefined);
  assert.ok(second.nextPageUrl.startsWith(`${URL_OF_FAKE}/v1/Users?`));
  const again = await v1.users.getPage(second.previousPageUrl);
  assert.deepEqual(identities(again.instances), IDENTITIES.slice(0, 50));
});

test('a list through the service stays on its path', async () => {
  const sid = (await v1.configuration().fetch()).defaultChatServiceSid;
  const pages = await pagesOf(async () => {
    assert.deepEqual(identities(await v1.services(sid).users.list()), IDENTITIES);
  });
  assert.equal(pages, 0);
});
