// Twilio's Conversations SDK as a subprocess: one JSON command a line on standard input, one JSON
// answer or event a line on standard output.  Nothing is decided here.
//
//     node driver.mjs @twilio/conversations
//     > {"id": 1, "do": "connect", "client": "a", "token": "…", "uri": "ws://…"}
//     < {"id": 1, "result": {"reachabilityEnabled": true, "user": {"identity": "alice", …}}}
//     < {"event": "updated", "client": "a", "user": {…}, "reasons": ["reachabilityOnline"]}

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { acts, told } from './acts.mjs';

const { Client } = createRequire(import.meta.url)(process.argv[2]);
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

process.on('unhandledRejection', (reason) => say({ event: 'unhandledRejection', message: String(reason?.stack ?? reason) }));

const ACTS = acts(Client, say);

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
