// What every Node test needs: Twilio's SDK pointed at the fake, and the fake's control plane.
//
// A quirk of the SDK's (6.2.0): what a create or a list returns does not know its own SID, so
// `made.remove()` throws before anything is sent.  Hence `v1.users(made.sid).remove()`.

import twilio from 'twilio';

export const URL_OF_FAKE = process.env.REACHABILITY_MOCK_URL;
if (!URL_OF_FAKE) throw new Error('REACHABILITY_MOCK_URL is not set: pytest starts the fake and sets it');

export const ACCOUNT = `AC${'0'.repeat(32)}`;
export const KEY = `SK${'0'.repeat(32)}`;
export const SECRET = '0'.repeat(32);

/** A client of Twilio's SDK that talks to the fake. */
export function login(username = ACCOUNT, password = SECRET, options = {}) {
  const client = twilio(username, password, options);
  client.conversations.baseUrl = URL_OF_FAKE;
  return client.conversations.v1;
}

/** One call of the control plane. */
export async function mock(method, path, body) {
  const answer = await fetch(`${URL_OF_FAKE}/_mock/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : undefined;
}

export const reset = () => mock('POST', 'reset');
export const enable = (service = 'default') => mock('POST', `services/${service}/enable`);
export const connect = (identity, service = 'default') =>
  mock('POST', `services/${service}/users/${encodeURIComponent(identity)}/connections`);
export const disconnect = (identity, service = 'default') =>
  mock('DELETE', `services/${service}/users/${encodeURIComponent(identity)}/connections/default`);
export const registerPush = async (identity, service = 'default', type = 'fcm') =>
  (await mock('POST', `services/${service}/users/${encodeURIComponent(identity)}/bindings`, { type })).sid;

/** Method, path and status of the REST requests that were answered. */
export async function answered() {
  const { entries } = await mock('GET', 'journal?kind=answer');
  return entries.map((one) => one.data).filter((one) => one.path.startsWith('/v1/'));
}
