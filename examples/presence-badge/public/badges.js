// A badge for each member of the team; the Reachability Indicator says what it shows.

const me = new URLSearchParams(location.search).get('me') ?? 'alice';
const team = document.querySelector('#team');
const template = document.querySelector('#member');
const notice = document.querySelector('#notice');

/** Null means that it is not known: that is not the same as offline. */
const WORDS = new Map([[true, 'online'], [false, 'offline'], [null, 'unknown']]);

function showOnline(badge, user) {
  const word = WORDS.get(user.isOnline ?? null);
  badge.dataset.online = word;
  badge.querySelector('.badge').textContent = word;
}

function showNotifiable(badge, user) {
  badge.querySelector('.bell').hidden = !user.isNotifiable;
}

function showName(badge, user) {
  const name = user.friendlyName || user.identity;
  badge.querySelector('.name').textContent = user.identity === me ? `${name} (you)` : name;
  badge.querySelector('.initials').textContent = name
    .split(/\s+/)
    .map((word) => word[0])
    .join('')
    .slice(0, 2)
    .toUpperCase();
}

/** One update may have several reasons, so all of them are looked at. */
function onUpdated(badge, { user, updateReasons }) {
  for (const reason of updateReasons) {
    switch (reason) {
      case 'reachabilityOnline':
        showOnline(badge, user);
        break;
      case 'reachabilityNotifiable':
        showNotifiable(badge, user);
        break;
      case 'friendlyName':
        showName(badge, user);
        break;
      default: // attributes: nothing that a badge shows
    }
  }
}

async function addBadge(client, identity) {
  const user = await client.getUser(identity);
  const badge = template.content.cloneNode(true).querySelector('li');
  badge.dataset.identity = identity;
  user.on('updated', (update) => onUpdated(badge, update));
  for (const show of [showName, showOnline, showNotifiable]) show(badge, user);
  return badge;
}

function showConnection(state) {
  const shown = document.querySelector('#connection');
  shown.dataset.state = state;
  shown.textContent = state;
}

function say(text) {
  notice.textContent = text;
  notice.hidden = false;
}

const configure = async () => (await fetch(`/configuration?me=${encodeURIComponent(me)}`)).json();

const { team: identities, token, options } = await configure();
const client = new Twilio.Conversations.Client(token, options);
const renew = async () => client.updateToken((await configure()).token);

// A token that has expired is renewed only when the client is disconnected, three seconds later:
// what the SDK is given before that, in `tokenExpired` itself, is lost.
let expired = false;
client.on('tokenAboutToExpire', renew);
client.on('tokenExpired', () => {
  expired = true;
});
client.on('connectionStateChanged', (state) => {
  showConnection(state);
  if (state === 'disconnected' && expired) {
    expired = false;
    renew();
  }
});
client.on('connectionError', ({ terminal, message }) => terminal && say(message));
client.on('initialized', async () => {
  if (!client.reachabilityEnabled) {
    say('The Reachability Indicator is off for this service, so nobody knows who is there.');
  }
  team.append(...(await Promise.all(identities.map((identity) => addBadge(client, identity)))));
});
