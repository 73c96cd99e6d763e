// Runs the server scenarios of the official conformance suite against a generated server, and those for authorization
// servers if it is one (BROWSER is set). Started by `run`, which counts what this prints.
//
// The suite cannot send an Authorization header, so a proxy on PROXY_PORT adds one for the MCP path: the server takes
// that for its public address (BASE_URL) and listens on SERVER_PORT. Everything else passes through unchanged.
// What cannot apply is in conformance-left-out.json with the reason. Whatever else is not successful fails,
// and so does an entry there that has become successful or has left the suite.

import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const { PROXY_PORT, SERVER_PORT, CALLBACK_PORT, TOKEN_ADMIN, BROWSER } = process.env;
const base = `http://localhost:${PROXY_PORT}`;
const here = import.meta.dirname;
const suite = join(here, 'node_modules/@modelcontextprotocol/conformance/dist/index.js');
const results = mkdtempSync(join(tmpdir(), 'conformance-'));
const REVISIONS = ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'];

function addToken(request, response) {
  const { method, url: path, rawHeaders } = request;
  const token = path.startsWith('/mcp') ? ['Authorization', `Bearer ${TOKEN_ADMIN}`] : [];
  const headers = [...rawHeaders, ...token];
  const onward = http.request({ host: '127.0.0.1', port: SERVER_PORT, method, path, headers, setHost: false });
  onward.on('response', answer => {
    response.writeHead(answer.statusCode, answer.rawHeaders);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}

const conformance = (...args) => promisify(execFile)(process.execPath, [suite, ...args]).catch(error => error);

// Runs what the suite has for a revision, or everything; gives the checks of each scenario, without mere notes.
async function runSuite(revision) {
  const output = join(results, revision ?? 'all');
  const only = revision ? ['--spec-version', revision] : [];
  await conformance('server', '--url', `${base}/mcp`, '--suite', 'all', '-o', output, ...only);
  return resultsIn(output, 'server-');
}

function resultsIn(output, prefix) {
  return readdirSync(output).map(folder => {
    const scenario = folder.slice(prefix.length).replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, '');
    const checks = JSON.parse(readFileSync(join(output, folder, 'checks.json')));
    return { scenario, checks: checks.filter(check => check.status !== 'INFO') };
  });
}

// Runs the scenarios for authorization servers. The suite prints the address that a person is to open.
async function runAuthorization() {
  const output = join(results, 'authorization');
  const request = { client_name: 'conformance', redirect_uris: [`http://127.0.0.1:${CALLBACK_PORT}/callback`] };
  const registered = await fetch(`${base}/register`, { method: 'POST', body: JSON.stringify(request) });
  const { client_id: client } = await registered.json();
  const args = ['--url', base, '--client-id', client, '--resource', `${base}/mcp`, '-p', CALLBACK_PORT, '-o', output];
  const run = spawn(process.execPath, [suite, 'authorization', ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  for await (const line of createInterface(run.stdout)) {
    if (line.startsWith(`${base}/authorize?`)) execFile(BROWSER, [line], error => error && run.kill());
  }
  return resultsIn(output, 'authorization-server-');
}

// Entries { reason, scenarios, checks }: the checks of these scenarios that are left out, or all of them.
const entries = JSON.parse(readFileSync(join(here, 'conformance-left-out.json')));
const leftOut = new Map(entries.flatMap(entry => entry.scenarios.map(scenario => [scenario, entry])));

const ran = new Set();
const unsuccessful = new Set(); // scenarios and "scenario check" pairs: what may be left out

function judge({ scenario, checks }, revision) {
  ran.add(scenario);
  const bad = checks.filter(check => check.status !== 'SUCCESS');
  const entry = leftOut.get(scenario);
  for (const { id } of bad) unsuccessful.add(scenario).add(`${scenario} ${id}`);
  // Whatever the server answers there, it must be valid.
  const isLeftOut = ({ id }) => entry && (entry.checks?.includes(id) ?? id !== 'wire-schema-valid');
  const problems = bad.filter(check => !isLeftOut(check));
  if (entry && !entry.checks && problems.length === 0) return;
  const name = `${scenario} (${revision})`;
  const why = problems.map(({ id, status, errorMessage }) => `${id} ${status}: ${errorMessage ?? ''}`);
  if (checks.length === 0) why.push('nothing was checked');
  console.log(why.length === 0 ? `ok ${name}: ${checks.length - bad.length} checks` : `FAILED ${name}: ${why.join('; ')}`);
}

const proxy = http.createServer(addToken).listen(PROXY_PORT, '127.0.0.1');
for (const revision of REVISIONS) {
  for (const result of await runSuite(revision)) judge(result, revision);
}
// Extensions belong to no revision.
for (const result of await runSuite()) {
  if (!ran.has(result.scenario)) judge(result, 'extension');
}
if (BROWSER) {
  for (const result of await runAuthorization()) judge(result, 'authorization server');
}
proxy.close();
proxy.closeAllConnections();
rmSync(results, { recursive: true });

async function listed(kind) {
  const { stdout } = await conformance('list', kind);
  return [...stdout.matchAll(/^ +- (\S+)/gm)].map(match => match[1]);
}
const all = [...await listed('--server'), ...(BROWSER ? await listed('--authorization') : [])];
const stale = [...leftOut].flatMap(([scenario, { checks }]) =>
  (checks ?? []).map(id => `${scenario} ${id}`).concat(scenario).filter(entry => !unsuccessful.has(entry)));
const missed = all.filter(scenario => !ran.has(scenario));
for (const entry of stale) console.log(`FAILED ${entry} is left out without need`);
for (const scenario of missed) console.log(`FAILED ${scenario} did not run`);
if (all.length > 0 && stale.length + missed.length === 0) {
  console.log('ok every scenario of the suite is passed or rightly left out');
}
for (const { reason, scenarios, checks } of entries) {
  const names = checks ? `of ${scenarios} ${checks.join(', ')}` : scenarios.join(', ');
  console.log(`left out, because ${reason}: ${names}`);
}
