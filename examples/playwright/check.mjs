// A front end in a browser, its back end, and the fake behind that.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';

const MOCK = process.env.REACHABILITY_MOCK_URL;
const login = `${process.env.TWILIO_ACCOUNT_SID}:${process.env.TWILIO_AUTH_TOKEN}`;
const authorization = `Basic ${Buffer.from(login).toString('base64')}`;

// The back end: serves the page and asks Twilio, or whoever stands in for it.
const backend = createServer(async (request, response) => {
  if (!request.url.startsWith('/presence/')) {
    response.setHeader('content-type', 'text/html');
    response.end(await readFile(new URL('index.html', import.meta.url)));
    return;
  }
  const identity = request.url.slice('/presence/'.length);
  const answer = await fetch(`${MOCK}/v1/Users/${identity}`, { headers: { authorization } });
  response.end(JSON.stringify({ online: (await answer.json()).is_online }));
});
await new Promise((started) => backend.listen(0, '127.0.0.1', started));

async function mock(method, path) {
  const answer = await fetch(`${MOCK}/_mock/services/default/${path}`, { method });
  if (!answer.ok) throw new Error(await answer.text());
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
const page = await browser.newPage();

async function shown() {
  await page.goto(`http://127.0.0.1:${backend.address().port}/`);
  await page.waitForFunction(() => document.getElementById('alice').textContent !== '?');
  return page.textContent('#alice');
}

try {
  await mock('POST', 'users/alice/connections');
  assert.equal(await shown(), 'unknown'); // the indicator is off: R1
  await mock('POST', 'enable');
  assert.equal(await shown(), 'online');
  await mock('DELETE', 'users/alice/connections/default');
  assert.equal(await shown(), 'offline');
  console.log('unknown, online, offline');
} finally {
  await browser.close();
  backend.closeAllConnections();
  backend.close();
}
