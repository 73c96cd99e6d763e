// The TypeScript SDK's clients log in by themselves, get more rights, refresh, and are revoked. Started by `run`,
// which counts what this prints.
//
//     typescript_login.mjs sdk             @modelcontextprotocol/sdk 1.x
//     typescript_login.mjs client MODE     @modelcontextprotocol/client 2.x; MODE: legacy, auto, or a revision
//
// BROWSER is the program that is opened; with DOCUMENT, the address of its metadata document, it does not register.

import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { isDeepStrictEqual } from 'node:util';

const { MCP_URL, BROWSER, DOCUMENT, PERSON_IS } = process.env;
const [version, mode] = process.argv.slice(2);
const isOld = version === 'sdk';
const sdk = isOld
  ? {
      ...(await import('@modelcontextprotocol/sdk/client/index.js')),
      ...(await import('@modelcontextprotocol/sdk/client/streamableHttp.js')),
      ...(await import('@modelcontextprotocol/sdk/client/auth.js')),
    }
  : await import('@modelcontextprotocol/client');
const versionNegotiation = mode && { mode: ['legacy', 'auto'].includes(mode) ? mode : { pin: mode } };
const TOOLS = ['mcp:tools'];
const MORE = ['mcp:admin', 'mcp:tools'];

const answers = []; // of the server: the SDK's errors do not tell them all
async function recordingFetch(url, init) {
  const response = await fetch(url, init);
  answers.push(`${new URL(url).pathname} ${response.status}`);
  return response;
}

// Where the browser comes back to.
let arrived;
const callback = http.createServer((request, response) => {
  response.end('You can close this page.');
  arrived(new URL(request.url, 'http://localhost').searchParams);
});
await new Promise(resolve => callback.listen(0, '127.0.0.1', resolve));
callback.unref();

// What an application that uses the SDK must write itself.
const application = {
  opened: 0,
  answer: 'approve',
  redirectUrl: `http://127.0.0.1:${callback.address().port}/callback`,
  clientMetadataUrl: DOCUMENT,
  get clientMetadata() {
    return { client_name: `TypeScript ${version}, at the gate`, redirect_uris: [this.redirectUrl] };
  },
  state() { return (this.lastState = randomUUID()); },
  clientInformation() { return this.client; },
  saveClientInformation(client) { this.client = client; },
  tokens() { return this.stored; },
  saveTokens(tokens) {
    this.stored = tokens;
    console.log(`secret ${tokens.access_token}\nsecret ${tokens.refresh_token}`);
  },
  codeVerifier() { return this.verifier; },
  saveCodeVerifier(verifier) { this.verifier = verifier; },
  discoveryState() { return this.discovered; },
  saveDiscoveryState(state) { this.discovered = state; },
  invalidateCredentials() { this.stored = undefined; },
  redirectToAuthorization(url) {
    this.opened += 1;
    this.returned = new Promise((resolve, reject) => {
      arrived = resolve;
      const env = { ...process.env, ANSWER: this.answer };
      execFile(BROWSER, [url.href], { env }, error => error && reject(error));
    });
  },
};

// Waits for the person, once the SDK has opened the browser.
async function finish(redeem) {
  const parameters = await application.returned;
  application.returned = undefined;
  if (parameters.get('state') !== application.lastState) throw new Error('another state came back');
  if (isOld && parameters.has('error')) throw new Error(parameters.get('error'));
  await redeem(isOld ? parameters.get('code') : parameters);
}

async function call(name, args = {}) {
  for (;;) {
    const options = { authProvider: application, fetch: recordingFetch };
    const transport = new sdk.StreamableHTTPClientTransport(new URL(MCP_URL), options);
    const client = new sdk.Client({ name: 'gate', version: '1' }, { versionNegotiation });
    try {
      await client.connect(transport);
      return (await client.callTool({ name, arguments: args })).content[0].text;
    } catch (error) {
      if (!application.returned) throw error;
      await finish(answer => transport.finishAuth(answer));
    } finally {
      await client.close();
    }
  }
}

// How a call fails that must not succeed.
const refusal = attempt => attempt().then(answer => `no refusal: ${answer}`, error => error.code ?? error.message);

// The old client asks for no further scopes by itself.
async function authorizeMore() {
  const options = { serverUrl: MCP_URL, fetchFn: recordingFetch };
  application.stored = undefined;
  await sdk.auth(application, { ...options, scope: MORE.join(' ') });
  await finish(authorizationCode => sdk.auth(application, { ...options, authorizationCode }));
}
const callMore = () => call('restricted_action', { data: 'x' });

async function denied(attempt) {
  application.answer = 'deny';
  const error = await refusal(attempt);
  application.answer = 'approve';
  return error;
}

async function post(endpoint, form) {
  const response = await fetch(endpoint, { method: 'POST', body: new URLSearchParams(form) });
  return [response.status, (await response.json()).error];
}

function check(name, got, expected) {
  const problem = `${JSON.stringify(got)} instead of ${JSON.stringify(expected)}`;
  console.log(isDeepStrictEqual(got, expected) ? `ok ${name}` : `FAILED ${name}: ${problem}`);
}

const told = JSON.parse(await call('whoami'));
const { client_id } = application.client;
check('logs in and calls whoami', told, { ...JSON.parse(PERSON_IS), client_id, scopes: TOOLS });
check('has registered, or has not if it has a document', client_id.startsWith('https://'), Boolean(DOCUMENT));
check('the person was asked once', application.opened, 1);

if (isOld) {
  check('gets 403 without the scope', await refusal(callMore), 403);
} else {
  answers.length = 0;
  await denied(callMore);
  check('gets 403 without the scope', answers.includes('/mcp 403'), true);
}
const asked = application.opened;
check('gets no more when the person says no', await denied(isOld ? authorizeMore : callMore), 'access_denied');
if (isOld) await authorizeMore();
check('gets the scope when the person says yes', await callMore(), 'Processed for an administrator: x');
check('the person was asked for that', application.opened, asked + 2);

const before = application.stored;
application.stored = { ...before, access_token: `${before.access_token}x` };
check('refreshes when its token is refused, without asking',
  [JSON.parse(await call('whoami')).scopes, application.opened], [MORE, asked + 2]);
const after = application.stored;
check('both tokens are new',
  [after.access_token !== before.access_token, after.refresh_token !== before.refresh_token], [true, true]);

const metadata = await (await fetch(new URL('/.well-known/oauth-authorization-server', MCP_URL))).json();
const revoked = await post(metadata.revocation_endpoint, { token: after.access_token, client_id });
check('revokes its tokens', revoked, [200, undefined]);
const refresh = { grant_type: 'refresh_token', refresh_token: after.refresh_token, client_id };
check('cannot refresh after that', await post(metadata.token_endpoint, refresh), [400, 'invalid_grant']);
answers.length = 0;
const ended = [await denied(() => call('whoami')), answers.includes('/mcp 401'), application.opened];
check('gets 401 after that, and asks the person again', ended, ['access_denied', true, asked + 3]);
