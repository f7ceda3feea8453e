import { beforeEach, expect, test } from 'vitest';
import { shouldMail } from './presence.mjs';

async function mock(method, path) {
  const answer = await fetch(`${process.env.REACHABILITY_MOCK_URL}/_mock/${path}`, { method });
  if (!answer.ok) throw new Error(await answer.text());
}

beforeEach(async () => {
  await mock('POST', 'reset');
  await mock('POST', 'services/default/enable');
});

test('who is online gets no mail', async () => {
  await mock('POST', 'services/default/users/alice/connections');
  expect(await shouldMail('alice')).toBe(false);
});

test('who has left gets mail', async () => {
  await mock('POST', 'services/default/users/alice/connections');
  await mock('DELETE', 'services/default/users/alice/connections/default');
  expect(await shouldMail('alice')).toBe(true);
});
