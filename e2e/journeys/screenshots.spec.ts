import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, type Someone } from '../support/test.js';

// The pictures of the README, taken anew by every run.
const folder = resolve(dirname(fileURLToPath(import.meta.url)), '../../docs/screenshots');

async function takes(someone: Someone, path: string, name: string): Promise<void> {
  await someone.opens(path);
  await mkdir(folder, { recursive: true });
  await someone.page.screenshot({ path: `${folder}/${name}.png`, animations: 'disabled' });
}

/** The first link of the page whose address matches. */
async function firstLink(someone: Someone, page: string, address: RegExp): Promise<string> {
  await someone.opens(page);
  for (const link of await someone.page.getByRole('link').all()) {
    const href = (await link.getAttribute('href')) ?? '';
    if (address.test(href)) return href;
  }
  throw new Error(`${page} has no link like ${address}`);
}

test('pictures of queue, case and trail', async ({ another }) => {
  const [lead, reviewer, compliance] = [await another(), await another(), await another()];
  await lead.signsInAs('Lena Fischer');
  await takes(lead, '/queue?view=all_open', 'queue');
  await takes(lead, '/workload', 'workload');
  await reviewer.signsInAs('Ben Adeyemi');
  await takes(reviewer, await firstLink(reviewer, '/queue', /^\/cases\/UD-\d+/), 'case');
  await compliance.signsInAs('Chen Wei');
  await takes(compliance, '/audit', 'audit');
});

test('pictures of an application and of the agreement', async ({ someone }) => {
  await someone.signsInAs('Maya Lindqvist');
  const applications = new Set<string>();
  await someone.opens('/apps');
  for (const link of await someone.page.getByRole('link').all()) {
    const found = ((await link.getAttribute('href')) ?? '').match(/^\/applications\/UD-\d+/)?.[0];
    if (found !== undefined) applications.add(found);
  }
  expect(applications.size).toBeGreaterThan(0);
  const [first] = applications;
  await takes(someone, first ?? '', 'application');
  for (const application of applications) {
    await someone.opens(application);
    if ((await someone.page.getByRole('link', { name: 'Accept agreement' }).count()) > 0) {
      await takes(someone, `${application}/agreement`, 'agreement');
      return;
    }
  }
  throw new Error('no application waits for its signature');
});

test('pictures of an app with its users and of the queue of support', async ({ another }) => {
  const [developer, agent] = [await another(), await another()];
  await developer.signsInAs('Maya Lindqvist');
  await developer.opens('/apps');
  await developer.follows('GlucoWise Coach');
  await expect(developer.page.locator('#access')).toContainText('16 of 20');
  await takes(developer, new URL(developer.page.url()).pathname, 'app');
  await agent.signsInAs('Noor Haddad');
  await takes(agent, '/support/queue?view=all_open', 'support');
});

test('pictures of the front page and of the gallery', async ({ someone }) => {
  await takes(someone, '/', 'front');
  await takes(someone, '/gallery', 'gallery');
});
