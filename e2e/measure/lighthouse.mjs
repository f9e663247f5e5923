// Lighthouse on the open pages and on those that people sign in for, of a desk with demo data that
// runs already. From e2e/, with whatever Node the machine has:
//
//   npx --yes -p node@22 -p lighthouse@13.5.0 -- node measure/lighthouse.mjs http://127.0.0.1:3000
//
// `--without performance` leaves that out: on a build for development it says nothing. Ends with 1
// where a page is below what is asked: 100 for accessibility and best practices, and for SEO where
// a page is open to search engines; 95 for performance.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const base = process.argv[2] ?? 'http://127.0.0.1:3000';
const withPerformance = !process.argv.includes('performance');
const only = process.argv.indexOf('--only');
const chosen = only < 0 ? undefined : process.argv[only + 1];

// `/guides` is `/` for people who are signed in, and says so (rel=canonical), which Lighthouse takes
// for a mistake: it is not looked at.
const OPEN = [
  '/', '/environments', '/scopes', '/sandbox', '/guides/limited-access', '/guides/full-access',
  '/agreements', '/support', '/gallery', '/sign-in', '/register',
];
/** By username of the demo. */
const SIGNED_IN = {
  maya: ['/apps', '/account', '/support', '/partners'],
  ito: ['/queue', '/cases/UD-1003'],
  chen: ['/audit'],
  dana: ['/admin/people'],
};

async function cookieOf(username) {
  const answer = await fetch(`${base}/do/demo_sign_in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { accept: 'text/html', 'sec-fetch-site': 'same-origin', origin: base, referer: `${base}/sign-in` },
    body: new URLSearchParams({ username }),
  });
  const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
  if (answer.status !== 303 || cookies.length === 0) throw new Error(`${username} cannot sign in: ${answer.status}`);
  return cookies.join('; ');
}

const folder = await mkdtemp(join(tmpdir(), 'lighthouse-'));
let below = 0;

async function look(path, cookie) {
  const report = join(folder, 'report.json');
  const categories = ['accessibility', 'best-practices'];
  if (cookie === undefined) categories.push('seo');
  if (withPerformance) categories.push('performance');
  await run(
    'lighthouse',
    [
      `${base}${path}`, '--quiet', '--output=json', `--output-path=${report}`, '--preset=desktop',
      `--only-categories=${categories.join(',')}`,
      '--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run',
      ...(cookie === undefined ? [] : [`--extra-headers=${JSON.stringify({ Cookie: cookie })}`]),
    ],
    { env: { ...process.env, CHROME_PATH: process.env.CHROMIUM ?? '/usr/bin/chromium' }, maxBuffer: 1 << 26 },
  );
  const { categories: scores, audits } = JSON.parse(await readFile(report, 'utf8'));
  const figures = categories.map((name) => {
    const score = Math.round((scores[name]?.score ?? 0) * 100);
    if (score < (name === 'performance' ? 95 : 100)) below += 1;
    return `${name} ${score}`;
  });
  console.log(`${path} ${cookie === undefined ? '' : '(signed in) '}${figures.join(', ')}`);
  for (const name of categories.filter((name) => name !== 'performance')) {
    for (const { id, weight } of scores[name].auditRefs) {
      const { score, title, details } = audits[id];
      if (weight > 0 && score !== null && score < 1) {
        const places = (details?.items ?? []).slice(0, 3).map((item) => item.node?.snippet ?? item.description ?? '');
        console.log(`    ${id}: ${title} ${places.join(' | ')}`);
      }
    }
  }
}

try {
  const wanted = (path) => chosen === undefined || chosen === path;
  for (const path of OPEN.filter(wanted)) await look(path);
  for (const [username, paths] of Object.entries(SIGNED_IN)) {
    for (const path of paths.filter(wanted)) await look(path, await cookieOf(username));
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log(below === 0 ? 'Every page is as asked.' : `${below} figures are below what is asked.`);
process.exitCode = below === 0 ? 0 : 1;
