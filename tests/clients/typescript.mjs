// Drives a generated server with the TypeScript SDK's clients. Started by `run`, which counts what it prints.
//
//     typescript.mjs sdk               @modelcontextprotocol/sdk 1.x
//     typescript.mjs client MODE       @modelcontextprotocol/client 2.x; MODE: legacy, auto, or a revision
//
// REVISION says what that must lead to.

import { isDeepStrictEqual } from 'node:util';

const { MCP_URL, REVISION, WHOAMI, ...env } = process.env;
const [version, mode] = process.argv.slice(2);
const sdk = version === 'sdk'
  ? {
      ...(await import('@modelcontextprotocol/sdk/client/index.js')),
      ...(await import('@modelcontextprotocol/sdk/client/streamableHttp.js')),
      ...(await import('@modelcontextprotocol/sdk/client/auth.js')),
    }
  : await import('@modelcontextprotocol/client');
const versionNegotiation = mode && { mode: ['legacy', 'auto'].includes(mode) ? mode : { pin: mode } };

async function withClient(token, use) {
  const headers = token ? { Authorization: `Bearer ${env[token]}` } : {};
  const transport = new sdk.StreamableHTTPClientTransport(new URL(MCP_URL), { requestInit: { headers } });
  const client = new sdk.Client({ name: 'gate', version: '1' }, { versionNegotiation });
  await client.connect(transport);
  try {
    return await use(client, transport);
  } finally {
    await transport.terminateSession();
    await client.close();
  }
}

const call = async (client, name, args = {}) =>
  (await client.callTool({ name, arguments: args })).content[0].text;

const toolNames = async client => (await client.listTools()).tools.map(tool => tool.name).sort();

// The HTTP status of a call that must not succeed.
const refusal = (token, name) =>
  withClient(token, client => call(client, name, { data: 'x' }))
    .catch(error => error.status ?? error.code ?? (error.requiredScope ? 403 : String(error)));

function check(name, got, expected) {
  const problem = `${JSON.stringify(got)} instead of ${JSON.stringify(expected)}`;
  console.log(isDeepStrictEqual(got, expected) ? `ok ${name}` : `FAILED ${name}: ${problem}`);
}

await withClient('TOKEN_ADMIN', async (client, transport) => {
  check('speaks the revision', transport.protocolVersion, REVISION);
  check('lists all tools', await toolNames(client), ['protected_action', 'restricted_action', 'whoami']);
  check('calls protected_action', await call(client, 'protected_action', { data: 'é' }), 'Processed: é');
  check('calls whoami', JSON.parse(await call(client, 'whoami')), JSON.parse(WHOAMI));
  const answer = await call(client, 'restricted_action', { data: 'x' });
  check('calls restricted_action', answer, 'Processed for an administrator: x');
});
const names = await withClient('TOKEN_USER', toolNames);
check('is not shown restricted_action without its scope', names, ['protected_action', 'whoami']);
check('gets 403 without the scope', await refusal('TOKEN_USER', 'restricted_action'), 403);
check('gets 401 without a token', await refusal(undefined, 'protected_action'), 401);
check('gets 401 with a bad token', await refusal('TOKEN_BAD', 'protected_action'), 401);

// What the SDK does before it sends a person to log in.
const challenge = sdk.extractWWWAuthenticateParams(await fetch(MCP_URL, { method: 'POST' }));
const metadata = await sdk.discoverOAuthProtectedResourceMetadata(MCP_URL, challenge);
check('finds the issuer', [metadata.resource, metadata.authorization_servers ?? []], [MCP_URL, JSON.parse(env.ISSUERS)]);
