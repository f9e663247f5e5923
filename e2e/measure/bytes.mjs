// What Chromium receives for a page on a first visit, by kind: `node bytes.mjs URL COOKIE`.
import { chromium } from '@playwright/test';

const [url, cookie] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--no-first-run'],
});
const context = await browser.newContext();
for (const pair of cookie.split('; ')) {
  const [name, ...value] = pair.split('=');
  await context.addCookies([{ name, value: value.join('='), url }]);
}
const page = await context.newPage();
const network = await context.newCDPSession(page);
await network.send('Network.enable');
const kinds = new Map();
const bytes = {};
network.on('Network.responseReceived', ({ requestId, response }) => {
  const path = new URL(response.url).pathname;
  kinds.set(requestId, path.match(/\.(wasm|js|css|woff2)$/)?.[1] ?? 'html');
});
network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
  const kind = kinds.get(requestId);
  if (kind !== undefined) bytes[kind] = (bytes[kind] ?? 0) + encodedDataLength;
});
await page.goto(url, { waitUntil: 'networkidle' });
await browser.close();

const kilobytes = (number) => `${Math.round(number / 1000)} kB`;
const code = ['wasm', 'js', 'css'].reduce((sum, kind) => sum + (bytes[kind] ?? 0), 0);
const parts = Object.entries(bytes).map(([kind, size]) => `${kind} ${kilobytes(size)}`);
console.log(`wasm, js and css together ${kilobytes(code)} (${parts.join(', ')})`);
