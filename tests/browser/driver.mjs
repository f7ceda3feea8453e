// A browser as a subprocess: one JSON command a line on standard input, one JSON answer or event a
// line on standard output, as the driver of tests/node_realtime; each client is a tab of its own.
//
//     node driver.mjs /usr/bin/chromium
//     > {"id": 1, "do": "connect", "client": "alice", "token": "…", "uri": "ws://…"}

import { readFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createRequire } from 'node:module';
import { connect as dial, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
const { chromium } = require('playwright-core');
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', // whatever happens, nothing leaves
];
const HTML = 'text/html; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';
const FILES = {
  '/': [HTML, new URL('page.html', import.meta.url)],
  '/acts.mjs': [SCRIPT, new URL('../node_realtime/acts.mjs', import.meta.url)],
  '/sdk.js': [
    SCRIPT,
    pathToFileURL(require.resolve('@twilio/conversations/builds/twilio-conversations.min.js')),
  ],
};
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

// --- the page ------------------------------------------------------------------------------------

const web = createHttpServer(async (request, response) => {
  const [type, file] = FILES[request.url] ?? [];
  response.writeHead(file ? 200 : 404, { 'Content-Type': type ?? 'text/plain' });
  response.end(file ? await readFile(file) : '');
});
await new Promise((resolve) => web.listen(0, '127.0.0.1', resolve));
const home = `http://127.0.0.1:${web.address().port}/`;

// --- a cable between the browser and the fake, to be cut --------------------------------------------

const plugged = new Set();
let cable;

function relay({ port }) {
  cable = createServer((near) => {
    const far = dial(port, '127.0.0.1');
    for (const [one, other] of [[near, far], [far, near]]) {
      plugged.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => plugged.delete(one) && other.destroy());
    }
  });
  return mend({ port: 0 });
}

function cut() {
  const { port } = cable.address();
  cable.close();
  for (const one of plugged) one.destroy();
  return port;
}

const mend = ({ port }) =>
  new Promise((resolve) => cable.listen(port, '127.0.0.1', () => resolve(cable.address().port)));

// --- tabs ------------------------------------------------------------------------------------------

const browser = await chromium.launch({ executablePath: process.argv[2], args: FLAGS });
const tabs = new Map();

async function open(name, prepare) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.exposeFunction('say', say);
  if (prepare) await new (Object.getPrototypeOf(open).constructor)('page', 'uri', prepare.code)(page, prepare.uri);
  page.on('pageerror', (error) => say({ event: 'pageerror', client: name, message: String(error) }));
  await page.goto(home);
  await page.waitForFunction(() => window.act);
  tabs.set(name, page);
  return page;
}

async function act(name, { client, prepare, ...more }) {
  if (name === 'shutdown' && !tabs.has(client)) return { result: null };
  const page = tabs.get(client) ?? (await open(client, prepare));
  const answer = await page.evaluate(([one, given]) => window.act(one, given), [name, { client, ...more }]);
  if (name === 'shutdown') await close({ client });
  return answer;
}

async function close({ client }) {
  await tabs.get(client).context().close();
  tabs.delete(client);
}

const OURS = { relay, cut, mend, close };

createInterface({ input: process.stdin })
  .on('line', async (line) => {
    const { id, do: name, ...more } = JSON.parse(line);
    try {
      const answer = OURS[name] ? { result: (await OURS[name](more)) ?? null } : await act(name, more);
      say({ id, ...answer });
    } catch (error) {
      say({ id, error: { message: String(error?.stack ?? error), status: null, code: null } });
    }
  })
  .on('close', async () => {
    await browser.close();
    process.exit(0);
  });

say({ event: 'ready', version: browser.version() });
