// From a change by REST to the handler in Twilio's own SDK, all by this process's clock.
//
//     node latency.mjs SDK_FOLDER URL WS_URI TOKEN AUTHORIZATION ROUNDS
//
// Prints milliseconds as JSON: {"edit": […], "presence": […]}

import { createRequire } from 'node:module';
import { join } from 'node:path';

const [folder, url, uri, token, authorization, rounds] = process.argv.slice(2);
const { Client } = createRequire(join(folder, 'package.json'))('@twilio/conversations');
process.on('unhandledRejection', () => {});

const client = new Client(token, { Twilsock: { uri }, logLevel: 'silent' });
await new Promise((resolve) => client.on('initialized', resolve));
const user = await client.getUser('star');

const rest = (name) =>
  fetch(`${url}/v1/Users/star`, {
    method: 'POST',
    headers: { Authorization: authorization, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: `FriendlyName=${name}`,
  });
const connections = `${url}/_mock/services/default/users/star/connections`;
const come = () => fetch(connections, { method: 'POST', body: '{"device":"bench"}' });
const go = () => fetch(`${connections}/bench`, { method: 'DELETE' });

async function measured(reason, change) {
  const told = new Promise((resolve) => {
    const hear = ({ updateReasons }) => {
      if (!updateReasons.includes(reason)) return;
      const at = performance.now();
      user.off('updated', hear);
      resolve(at);
    };
    user.on('updated', hear);
  });
  const began = performance.now();
  const [at] = await Promise.all([told, change()]);
  return at - began;
}

// Until the subscription stands, a change is told late or in one with another.
let name = 0;
while ((await Promise.race([measured('friendlyName', () => rest(`a${name++}`)), pause(300)])) === undefined);
function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const edit = [];
const presence = [];
for (let round = 0; round < Number(rounds); round++) {
  edit.push(await measured('friendlyName', () => rest(`b${name++}`)));
  presence.push(await measured('reachabilityOnline', round % 2 ? come : go));
}
process.stdout.write(JSON.stringify({ edit, presence }));
process.exit(0);
