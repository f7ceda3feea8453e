// The app's own server: static files, and a token for whoever says who they are.
// (A real app would have them log in first.)

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import twilio from 'twilio';

const HERE = dirname(fileURLToPath(import.meta.url));
const SDK = createRequire(import.meta.url).resolve(
  '@twilio/conversations/builds/twilio-conversations.min.js',
);
const TYPES = { '.css': 'text/css', '.html': 'text/html', '.js': 'text/javascript' };
const TEAM = {
  alice: 'Alice Archer',
  bob: 'Bob Baker',
  carol: 'Carol Cooper',
  dave: 'Dave Draper',
};
const { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_API_KEY, TWILIO_API_SECRET } = process.env;
const FAKE = process.env.REACHABILITY_MOCK_URL;

/** The account's default service, with the indicator on and the team in it. */
async function prepare() {
  const client = twilio(TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN);
  if (FAKE) client.conversations.baseUrl = FAKE;
  const { v1 } = client.conversations;
  const { defaultChatServiceSid } = await v1.configuration().fetch();
  const service = v1.services(defaultChatServiceSid);
  await service.configuration().update({ reachabilityEnabled: true });
  for (const [identity, friendlyName] of Object.entries(TEAM)) {
    await service.users.create({ identity, friendlyName }).catch((error) => {
      if (error.status !== 409) throw error; // somebody who is there already is welcome
    });
  }
  return defaultChatServiceSid;
}

/** What the page needs to know: who is in the team, and how to connect. */
function configuration(identity, serviceSid) {
  const { AccessToken } = twilio.jwt;
  const token = new AccessToken(TWILIO_ACCOUNT_SID, TWILIO_API_KEY, TWILIO_API_SECRET, { identity });
  token.addGrant(new AccessToken.ChatGrant({ serviceSid }));
  const uri = FAKE && `${FAKE.replace(/^http/, 'ws')}/v3/wsconnect`;
  return {
    team: Object.keys(TEAM),
    token: token.toJwt(),
    options: uri ? { Twilsock: { uri } } : {}, // the one line that a fake needs
  };
}

async function file(path) {
  const name = path === '/' ? 'index.html' : path.slice(1);
  if (name === 'sdk.js') return { type: TYPES['.js'], body: await readFile(SDK) };
  if (!/^[a-z]+\.(css|html|js)$/.test(name)) return null;
  const body = await readFile(join(HERE, 'public', name)).catch(() => null);
  return body && { type: TYPES[extname(name)], body };
}

/** Start on `port` (0 is any free one); resolves to the server. */
export async function start(port = 0) {
  const serviceSid = await prepare();
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://app');
    const me = searchParams.get('me');
    const asked = pathname === '/configuration' && me in TEAM;
    const found = asked
      ? { type: 'application/json', body: JSON.stringify(configuration(me, serviceSid)) }
      : await file(pathname);
    response.writeHead(found ? 200 : 404, { 'Content-Type': `${found?.type ?? 'text/plain'}; charset=utf-8` });
    response.end(found?.body ?? 'not here');
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const server = await start(Number(process.env.PORT ?? 8000));
  const home = `http://127.0.0.1:${server.address().port}`;
  console.log(`Open these side by side:\n  ${home}/?me=alice\n  ${home}/?me=bob`);
}
