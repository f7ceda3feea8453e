// Twilio's Conversations SDK as a subprocess: one JSON command a line on standard input, one JSON
// answer or event a line on standard output.  Nothing is decided here.
//
//     node driver.mjs @twilio/conversations
//     > {"id": 1, "do": "connect", "client": "a", "token": "…", "uri": "ws://…"}
//     < {"id": 1, "result": {"reachabilityEnabled": true, "user": {"identity": "alice", …}}}
//     < {"event": "updated", "client": "a", "user": {…}, "reasons": ["reachabilityOnline"]}

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const { Client } = createRequire(import.meta.url)(process.argv[2]);
const clients = new Map();
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

process.on('unhandledRejection', (reason) => say({ event: 'unhandledRejection', message: String(reason?.stack ?? reason) }));

const shown = (user) => ({
  identity: user.identity,
  isOnline: user.isOnline,
  isNotifiable: user.isNotifiable,
  friendlyName: user.friendlyName,
  attributes: user.attributes,
  isSubscribed: user.isSubscribed,
});

const state = (client) => ({
  connectionState: client.connectionState,
  reachabilityEnabled: client.reachabilityEnabled,
  user: shown(client.user),
});

function connect({ client: name, token, uri, options = {} }) {
  const client = new Client(token, { Twilsock: { uri }, ...options });
  clients.set(name, client);
  const tell = (event, more) => say({ event, client: name, ...more });
  client.on('connectionStateChanged', (to) => tell('connectionStateChanged', { to }));
  client.on('connectionError', (error) => tell('connectionError', error));
  client.on('tokenAboutToExpire', () => tell('tokenAboutToExpire'));
  client.on('tokenExpired', () => tell('tokenExpired'));
  client.on('userUpdated', ({ user, updateReasons }) =>
    tell('userUpdated', { user: shown(user), reasons: updateReasons }));
  client.on('userSubscribed', (user) => tell('userSubscribed', { user: shown(user) }));
  client.on('userUnsubscribed', (user) => tell('userUnsubscribed', { user: shown(user) }));
  return new Promise((resolve, reject) => {
    client.on('initialized', () => resolve(state(client)));
    client.on('initFailed', ({ error }) => {
      if (error?.httpStatusCode) reject(error);
    });
  });
}

const ACTS = {
  connect,
  state: ({ client }) => state(clients.get(client)),
  async watch({ client, user: identity }) {
    const user = await clients.get(client).getUser(identity);
    user.on('updated', ({ updateReasons }) =>
      say({ event: 'updated', client, user: shown(user), reasons: updateReasons }));
    return shown(user);
  },
  user: async ({ client, user }) => shown(await clients.get(client).getUser(user)),
  users: async ({ client }) => (await clients.get(client).getSubscribedUsers()).map(shown),
  async unsubscribe({ client, user }) {
    await (await clients.get(client).getUser(user)).unsubscribe();
  },
  async rename({ client, name }) {
    await clients.get(client).user.updateFriendlyName(name);
  },
  async attributes({ client, attributes }) {
    await clients.get(client).user.updateAttributes(attributes);
  },
  async register({ client, type, address }) {
    await clients.get(client).setPushRegistrationId(type, address);
  },
  async unregister({ client, type }) {
    await clients.get(client).unsetPushRegistrationId(type);
  },
  async remove({ client, type, address }) {
    await clients.get(client).removePushRegistrations(type, address);
  },
  async token({ client, token }) {
    await clients.get(client).updateToken(token);
  },
  async shutdown({ client }) {
    await clients.get(client).shutdown();
    clients.delete(client);
  },
  createConversation: async ({ client }) => (await clients.get(client).createConversation()).sid,
};

const told = (error) => ({
  message: String(error?.message ?? error),
  status: error?.status ?? error?.httpStatusCode ?? error?.reply?.status?.code ?? null,
  code: error?.code ?? error?.errorCode ?? null,
});

createInterface({ input: process.stdin })
  .on('line', async (line) => {
    const { id, do: act, ...more } = JSON.parse(line);
    try {
      say({ id, result: (await ACTS[act](more)) ?? null });
    } catch (error) {
      say({ id, error: told(error) });
    }
  })
  .on('close', () => process.exit(0));

say({ event: 'ready', version: Client.version });
