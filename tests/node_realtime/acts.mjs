// What a test has the SDK do, the same in Node and in a browser.  Nothing is decided here.

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

export const told = (error) => ({
  message: String(error?.message ?? error),
  status: error?.status ?? error?.httpStatusCode ?? error?.reply?.status?.code ?? null,
  code: error?.code ?? error?.errorCode ?? null,
});

/** The acts on clients of the SDK's `Client`; what they are told goes to `say`. */
export function acts(Client, say) {
  const clients = new Map();

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

  return {
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
}
