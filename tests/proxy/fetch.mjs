// Node's own clients as an app uses them: nothing here knows of a proxy.
import https from 'node:https';

const [url, refused] = process.argv.slice(2);
const { TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: token } = process.env;
const login = `Basic ${Buffer.from(`${sid}:${token}`).toString('base64')}`;
const asked = { headers: { authorization: login } };

console.log((await (await fetch(url, asked)).json()).meta.url);
await new Promise((resolve, reject) => {
  const request = https.get(url, asked, async (answer) => {
    let body = '';
    for await (const piece of answer) body += piece;
    console.log(JSON.parse(body).meta.url);
    resolve();
  });
  request.on('error', reject);
});
try {
  await fetch(refused);
  console.log('the real API was reached');
} catch (error) {
  console.log('refused');
}
