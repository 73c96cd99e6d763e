// A person with a real browser logs in, refuses, is refused, goes back, opens two tabs. Started by `run`, which counts
// what this prints. CHROMIUM is the browser.
//
// If the address of MCP_URL is https, this also terminates TLS, with a certificate that the browser is told to accept.

import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { chromium } from 'playwright-core';

const { MCP_URL, SERVER_PORT, CHROMIUM, PROVIDER, PERSON_IS } = process.env;
const { origin, host, port, protocol } = new URL(MCP_URL);
const isHttps = protocol === 'https:';
const direct = `http://127.0.0.1:${SERVER_PORT}`;
const NAME = 'Sunny <b>Desk</b>';

function check(name, got, expected) {
  const problem = `${JSON.stringify(got)} instead of ${JSON.stringify(expected)}`;
  console.log(isDeepStrictEqual(got, expected) ? `ok ${name}` : `FAILED ${name}: ${problem}`);
}

// What stands in front of a server in production.
function startTls() {
  const folder = mkdtempSync(join(tmpdir(), 'tls-'));
  const make = 'req -x509 -nodes -days 2 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -subj /CN=localhost'.split(' ');
  execFileSync('openssl', [...make, '-keyout', join(folder, 'key'), '-out', join(folder, 'cert')], { stdio: 'ignore' });
  const options = { key: readFileSync(join(folder, 'key')), cert: readFileSync(join(folder, 'cert')) };
  rmSync(folder, { recursive: true });
  const front = https.createServer(options, (request, response) => {
    const { method, url: path, rawHeaders: headers } = request;
    const onward = http.request({ host: '127.0.0.1', port: SERVER_PORT, method, path, headers, setHost: false });
    onward.on('response', answer => {
      response.writeHead(answer.statusCode, answer.rawHeaders);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  return new Promise(resolve => front.listen(port, '127.0.0.1', () => resolve(front)));
}

// The application that wants to use the server: it waits for answers, and has two pages that mean harm.
const waiting = new Map();
const pages = new Map();
const application = http.createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  response.setHeader('Content-Type', 'text/html');
  response.end(pages.get(pathname) ?? '<!doctype html><title>Done</title><link rel="icon" href="data:,">Thank you.');
  if (pathname === '/callback') waiting.get(searchParams.get('state'))?.(Object.fromEntries(searchParams));
});
await new Promise(resolve => application.listen(0, '127.0.0.1', resolve));
const site = `http://127.0.0.1:${application.address().port}`;
const redirect_uri = `${site}/callback`;

const json = (path, body) => fetch(direct + path, { method: 'POST', body }).then(answer => answer.json());
const { client_id } = await json('/register', JSON.stringify({ client_name: NAME, redirect_uris: [redirect_uri] }));
const verifier = randomBytes(32).toString('base64url');
const code_challenge = createHash('sha256').update(verifier).digest('base64url');

// An address that the application opens, and what comes back.
function request() {
  const state = randomBytes(16).toString('hex');
  const parameters = new URLSearchParams({ response_type: 'code', client_id, redirect_uri, state,
    code_challenge, code_challenge_method: 'S256', scope: 'mcp:tools mcp:admin' });
  const answer = new Promise(resolve => waiting.set(state, resolve));
  return { url: `${origin}/authorize?${parameters}`, state, answer };
}
const denial = state => ({ error: 'access_denied', state, iss: origin });
const withoutText = ({ error_description, ...rest }) => rest;

const front = isHttps ? await startTls() : undefined;
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
const browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS });
const complaints = [];

async function open(url, context) {
  context ??= await browser.newContext({ ignoreHTTPSErrors: true });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  page.on('console', message => {
    const isBad = ['error', 'warning'].includes(message.type());
    if (isBad) complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', error => complaints.push(String(error)));
  const response = await page.goto(url);
  return { page, context, response };
}
const returned = page => page.waitForURL(`${redirect_uri}?*`);
const hasCode = page => new URL(page.url()).searchParams.has('code');
const press = (page, name) => page.getByRole('button', { name }).click();
const heading = page => page.locator('h1').innerText();

// The whole way, with the keyboard alone.
{
  const { url, state, answer } = request();
  const { page, context, response } = await open(url);
  const headers = response.headers();
  const policy = headers['content-security-policy'];
  check('the page stands in no frame, is kept nowhere and tells nobody where it was',
    [policy.includes("frame-ancestors 'none'"), policy.includes('form-action'), headers['x-frame-options'],
      headers['cache-control'], headers['referrer-policy']],
    [true, false, 'DENY', 'no-store', 'no-referrer']);
  check('it asks about this server', await heading(page), `Let an application use ${host}?`);
  const text = await page.locator('main').innerText();
  const parts = [NAME, '127.0.0.1', redirect_uri, 'Use the tools of this server', 'mcp:admin', PROVIDER, 'Careful.'];
  check('it says who wants what, and where the answer goes', parts.filter(part => !text.includes(part)), []);
  check('it has no script', await page.locator('script').count(), 0);
  const color = () => page.evaluate(() => getComputedStyle(document.querySelector('main')).backgroundColor);
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await color();
  await page.emulateMedia({ colorScheme: 'dark' });
  check('its style applies, light and dark', [light, await color()], ['rgb(255, 255, 255)', 'rgb(27, 31, 37)']);
  await page.setViewportSize({ width: 320, height: 640 });
  check('it fits a small screen', await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);

  const about = ({ name, secure, httpOnly, sameSite, path }) =>
    [name.replace(/[0-9a-f]{12}$/, 'ID'), secure, httpOnly, sameSite, path];
  const cookies = async () => (await context.cookies(origin)).map(about).sort();
  const cookie = name => [isHttps ? `__Host-${name}` : name, isHttps, true, 'Lax', '/'];
  check('its cookie cannot be read by scripts or other sites', await cookies(), [cookie('mcp-consent')]);

  check('nothing has the focus', await page.evaluate(() => document.activeElement === document.body), true);
  const posted = page.waitForRequest(sent => sent.method() === 'POST');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  check('the second button is Approve', await page.evaluate(() => document.activeElement.innerText), 'Approve');
  await page.keyboard.press('Enter');
  const sent = await (await posted).allHeaders();
  const said = [sent.origin, sent['sec-fetch-site']];
  check('the browser says Origin: null and same-origin', said, ['null', 'same-origin']);
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  check('the login is bound to this browser', await cookies(), [cookie('mcp-consent'), cookie('mcp-login-ID')]);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const { code, ...rest } = await answer;
  check('the application gets a code, its state and the issuer', [code.length, rest], [43, { state, iss: origin }]);
  check('the binding ends with the login', await cookies(), [cookie('mcp-consent')]);
  const form = { grant_type: 'authorization_code', client_id, code, redirect_uri, code_verifier: verifier };
  const tokens = await json('/token', new URLSearchParams(form));
  const claims = JSON.parse(Buffer.from(tokens.access_token.split('.')[1], 'base64url'));
  const expected = [JSON.parse(PERSON_IS).subject, 'mcp:admin mcp:tools'];
  check('the code gives a token for alice', [claims.sub, tokens.scope], expected);
  console.log(`secret ${tokens.access_token}\nsecret ${tokens.refresh_token}\nsecret ${code}`);
  check('the browser has nothing to complain about', complaints, []);

  await returned(page);
  await page.goBack();
  await press(page, 'Alice');
  check('going back and logging in again leads nowhere', await heading(page), 'This login is not known');
  await page.goBack();
  await page.goBack();
  await page.getByRole('button', { name: 'Approve' }).dblclick();
  await press(page, 'Alice');
  await returned(page);
  check('going further back and approving again logs in again, with two clicks too', hasCode(page), true);
}

// Deny, without scripts.
{
  const { url, state, answer } = request();
  const context = await browser.newContext({ ignoreHTTPSErrors: true, javaScriptEnabled: false });
  const { page } = await open(url, context);
  await press(page, 'Deny');
  check('Deny tells the application', withoutText(await answer), denial(state));
  await returned(page);
  await page.goBack();
  await press(page, 'Approve');
  check('a denied request cannot be approved', await heading(page), 'This page is no longer valid');
}

// Somebody who may not.
{
  const { url, state, answer } = request();
  const { page } = await open(url);
  await press(page, 'Approve');
  await press(page, 'Bob');
  check('bob is told that his account may not', await heading(page), 'This account may not use this server');
  const name = await page.locator('.name').innerText();
  check('the page names the account', ['bob', 'bob@example.net'].includes(name), true);
  await page.getByRole('link', { name: 'Back to the application' }).click();
  check('its button tells the application', withoutText(await answer), denial(state));
}

// Somebody who does not want to at the provider.
{
  const { url, state, answer } = request();
  const { page } = await open(url);
  await press(page, 'Approve');
  await press(page, 'Refuse');
  check('refusing at the provider tells the application', withoutText(await answer), denial(state));
}

// Two tabs.
{
  const [one, other] = [request(), request()];
  const { page: first, context } = await open(one.url);
  const { page: second } = await open(other.url, context);
  await press(first, 'Approve');
  await press(second, 'Approve');
  await press(first, 'Alice');
  await press(second, 'Alice');
  const codes = [await one.answer, await other.answer].map(({ code, state }) => [code.length, state]);
  check('two tabs log in side by side', codes, [[43, one.state], [43, other.state]]);

  const again = request();
  const { page: third } = await open(again.url, context);
  const { page: fourth } = await open(third.url(), context);
  await press(third, 'Approve');
  await press(fourth, 'Approve');
  await press(third, 'Alice');
  await returned(third);
  await press(fourth, 'Alice');
  await returned(fourth);
  check('so does one page in two tabs', [third, fourth].map(hasCode), [true, true]);
}

// Others who would like to answer.
{
  const { url } = request();
  const { page, context } = await open(url);
  const fields = await page.locator('form input').evaluateAll(inputs => inputs.map(input => [input.name, input.value]));
  pages.set('/frame', `<iframe src="${page.url()}"></iframe>`);
  const { page: framing } = await open(`${site}/frame`, context);
  const frame = framing.frames()[1];
  await frame.waitForURL('chrome-error:**').catch(() => {});
  const isBlocked = [frame.url().startsWith('chrome-error:'), await frame.locator('form').count()];
  check('no other page can frame it', isBlocked, [true, 0]);
  const inputs = [...fields, ['answer', 'approve']].map(([name, value]) => `<input name="${name}" value="${value}">`);
  pages.set('/form', `<form method="post" action="${origin}/consent">${inputs.join('')}<button>Win</button></form>`);
  const { page: posting } = await open(`${site}/form`, context);
  await press(posting, 'Win');
  check('no other page can answer', await heading(posting), 'This answer did not come from our page');
  const { page: elsewhere } = await open(page.url());
  const { csrf } = Object.fromEntries(fields);
  await elsewhere.locator('[name=csrf]').evaluate((input, csrf) => { input.value = csrf; }, csrf);
  await press(elsewhere, 'Approve');
  check('no other browser can use its form', await heading(elsewhere), 'This answer did not come from our page');
  await press(page, 'Approve');
  const { page: victim } = await open(page.url());
  await press(victim, 'Alice');
  check('no other browser can end a login', await heading(victim), 'This login began in another browser');
}

await browser.close();
front?.close();
front?.closeAllConnections();
application.close();
application.closeAllConnections();
