// End to end, offline: reachability-mock run -- npm test

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { chromium } from 'playwright-core';
import { start } from '../server.mjs';

const FAKE = process.env.REACHABILITY_MOCK_URL;
let app;
let browser;

const control = async (method, path, body = {}) => {
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(`${FAKE}/_mock/${path}`, { method, headers, body: JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${await answer.text()}`);
};

/** Open the page as somebody, in a browser session of their own. */
async function open(me) {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`http://127.0.0.1:${app.address().port}/?me=${me}`);
  await page.locator('li').nth(3).waitFor();
  return page;
}

const close = (page) => page.context().close();
const badge = (page, identity) => page.locator(`[data-identity="${identity}"]`);
const sees = (page, identity, word) =>
  badge(page, identity).locator('.badge', { hasText: new RegExp(`^${word}$`) }).waitFor();

before(async () => {
  assert.ok(FAKE, 'run it with: reachability-mock run -- npm test');
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
});
after(() => browser?.close());

beforeEach(async () => {
  await control('POST', 'reset');
  app = await start();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await new Promise((resolve) => app.close(resolve));
});

test('somebody comes and closes the tab', async () => {
  const alice = await open('alice');
  await sees(alice, 'alice', 'online');
  await sees(alice, 'bob', 'unknown');
  const bob = await open('bob');
  await sees(alice, 'bob', 'online');
  await close(bob);
  await sees(alice, 'bob', 'offline');
});

test('two tabs are one person', async () => {
  const alice = await open('alice');
  const [one, other] = [await open('bob'), await open('bob')];
  await sees(alice, 'bob', 'online');
  await close(one);
  await sees(alice, 'bob', 'online');
  await close(other);
  await sees(alice, 'bob', 'offline');
});

test('who can be reached by push has a bell', async () => {
  const alice = await open('alice');
  assert.equal(await badge(alice, 'carol').locator('.bell').isVisible(), false);
  await control('POST', 'services/default/users/carol/bindings', { type: 'fcm', address: 'pixel' });
  await badge(alice, 'carol').locator('.bell').waitFor();
});

test('a lost connection is said, and comes back', async () => {
  const alice = await open('alice');
  const connection = alice.locator('#connection');
  await connection.and(alice.locator('[data-state="connected"]')).waitFor();
  await control('POST', 'realtime/drop', { identity: 'alice' });
  await connection.and(alice.locator('[data-state="connecting"]')).waitFor();
  await connection.and(alice.locator('[data-state="connected"]')).waitFor();
});

test('an expired token is renewed', async () => {
  const alice = await open('alice');
  await control('POST', 'realtime/expire', { identity: 'alice' });
  await alice.locator('#connection[data-state="disconnecting"]').waitFor();
  await alice.locator('#connection[data-state="connected"]').waitFor();
});

test('without the indicator nothing is claimed', async () => {
  await control('POST', 'services/default/disable');
  const alice = await open('alice');
  await alice.locator('#notice', { hasText: 'The Reachability Indicator is off' }).waitFor();
  await sees(alice, 'alice', 'unknown');
});
