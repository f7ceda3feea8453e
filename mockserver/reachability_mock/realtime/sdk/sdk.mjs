// Twilio's Conversations SDK as a subprocess: one JSON command a line on standard input, one JSON
// answer a line on standard output.  Nothing is decided here.
//
//     node sdk.mjs
//     > {"id": 1, "do": "connect", "client": "alice's phone", "token": "…", "uri": "ws://…"}
//     < {"id": 1, "result": {"reachabilityEnabled": true}}

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(import.meta.url);
const WebSocket = require('ws');
const LIVE = 'wss://tsock.us1.twilio.com/v3/wsconnect';
const PATIENCE_MS = 25_000;
const clients = new Map();
const sockets = new Map();

// A client's name travels as the fragment of its URI, which is nobody else's business.
global.WebSocket = class extends WebSocket {
  constructor(uri) {
    const [place, name] = uri.split('#');
    super(place);
    sockets.set(decodeURIComponent(name), this);
  }
};
const { Client } = require('@twilio/conversations');

// A promise that a lost connection breaks, and that nobody waits for, is the SDK's own affair.
process.on('unhandledRejection', () => {});

const closed = (socket) =>
  !socket || socket.readyState === WebSocket.CLOSED
    ? Promise.resolve()
    : new Promise((resolve) => socket.addEventListener('close', resolve));

const within = (ms, what, promise) => {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${ms / 1000} s`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

function connect({ client: name, token, uri = LIVE }) {
  const client = new Client(token, {
    Twilsock: { uri: `${uri}#${encodeURIComponent(name)}` },
    logLevel: 'silent',
  });
  clients.set(name, client);
  return new Promise((resolve, reject) => {
    client.on('initialized', () => resolve({ reachabilityEnabled: client.reachabilityEnabled }));
    client.on('connectionError', ({ terminal, message }) => terminal && reject(new Error(message)));
  });
}

async function disconnect({ client: name }) {
  const gone = closed(sockets.get(name));
  await clients.get(name).shutdown();
  await gone;
  forget(name);
}

async function lose({ client: name }) {
  const socket = sockets.get(name);
  const gone = closed(socket);
  socket.terminate();
  await gone;
  await clients.get(name).shutdown(); // or it would come again
  forget(name);
}

function forget(name) {
  clients.delete(name);
  sockets.delete(name);
}

const ACTS = {
  connect,
  disconnect,
  lose,
  register: ({ client, type, address }) => clients.get(client).setPushRegistrationId(type, address),
  unregister: ({ client, type, address }) =>
    clients.get(client).removePushRegistrations(type, address),
  async edit({ client, friendlyName, attributes }) {
    const { user } = clients.get(client);
    if (friendlyName !== null) await user.updateFriendlyName(friendlyName);
    if (attributes !== null) await user.updateAttributes(JSON.parse(attributes));
  },
};

const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

createInterface({ input: process.stdin })
  .on('line', async (line) => {
    const { id, do: act, ...more } = JSON.parse(line);
    try {
      const result = await within(PATIENCE_MS, act, ACTS[act](more));
      say({ id, result: result ?? null });
    } catch (error) {
      say({ id, error: String(error?.message ?? error) });
    }
  })
  .on('close', () => process.exit(0));
