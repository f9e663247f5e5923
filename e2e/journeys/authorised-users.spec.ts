import { expect, test, type Someone } from '../support/test.js';

/** The pages of an app with Limited Access that is neither suspended nor full, and its client id. */
async function limitedApp(developer: Someone): Promise<{ page: string; clientId: string } | undefined> {
  await developer.opens('/apps');
  const links = await developer.page.locator('a[href^="/apps/"]').all();
  const pages = await Promise.all(links.map(async (link) => (await link.getAttribute('href')) ?? ''));
  for (const page of new Set(pages.filter((path) => /^\/apps\/[0-9a-f-]{36}$/.test(path)))) {
    await developer.opens(page);
    const access = await developer.page.locator('#access').innerText();
    const taken = access.match(/(\d+) of 20/)?.[1];
    if (taken !== undefined && Number(taken) < 20 && !(await isSuspended(developer))) {
      const clientId = await developer.page.locator('#environments code').first().innerText();
      return { page, clientId };
    }
  }
  return undefined;
}

async function isSuspended(developer: Someone): Promise<boolean> {
  return (await developer.page.getByText('Access to production data is suspended').count()) > 0;
}

test('an app fills its twenty places, its developer is told and asks for Full Access', async ({ another }) => {
  const admin = await another();
  await admin.signsInAs('Dana Whitfield');
  await admin.opens('/admin/gateways');
  // What cannot be made is said at its field, and what was typed is still there.
  await admin.fills('Gateway', 'Test gateway');
  await admin.fills('Works for (days)', '4000');
  await admin.page.getByLabel(/Record authorisations/).check();
  await admin.presses('Make token');
  await admin.isToldAt('Works for (days)', /whole number from 1 to 400/);
  await expect(admin.page.getByLabel('Gateway').first()).toHaveValue('Test gateway');
  await admin.fills('Works for (days)', '30');
  await admin.presses('Make token');
  const token = await admin.page.locator('code.secret').innerText();
  await admin.follows('I have copied it');
  await expect(admin.page.getByRole('cell', { name: 'Record authorisations' }).first()).toBeVisible();

  let found: { page: string; clientId: string } | undefined;
  let developer: Someone | undefined;
  let owner = '';
  for (const name of ['Maya Lindqvist', 'Ελένη Παππά', 'عائشة المنصوري', 'Sam Okafor', '佐藤 由紀', 'Inês Carvalho']) {
    developer = await another();
    await developer.signsInAs(name);
    found = await limitedApp(developer);
    owner = name;
    if (found !== undefined) break;
  }
  if (found === undefined || developer === undefined) throw new Error('no app with Limited Access and a free place');

  const authorise = (user: number) =>
    admin.page.request.put(`/api/v1/apps/${found.clientId}/authorisations/journey-${user}`, {
      headers: { authorization: `Bearer ${token}` },
    });
  const statuses: number[] = [];
  for (let user = 0; user < 22; user += 1) statuses.push((await authorise(user)).status());
  expect(statuses.filter((status) => status === 201).length).toBeGreaterThan(0);
  expect(statuses.at(-1)).toBe(409);
  const refused = await authorise(99);
  expect(await refused.json()).toMatchObject({ type: 'cap_reached', cap: 20 });

  await developer.opens(found.page);
  await expect(developer.page.locator('#access')).toContainText('20 of 20');
  await developer.opens('/demo/mail');
  await expect(developer.page.getByRole('link', { name: /has all of its 20 authorised users/ }).first(), owner).toBeVisible();
  await developer.opens(found.page);
  if ((await developer.page.getByRole('button', { name: 'Apply for Full Access' }).count()) > 0) {
    await developer.presses('Apply for Full Access');
    await expect(developer.page).toHaveURL(/\/applications\/UD-\d+/);
  }

  // Nobody is let in with a token that has ended.
  await admin.opens('/admin/gateways');
  await admin.follows('Test gateway');
  await admin.presses('End token now');
  await expect(admin.page).toHaveURL(/\/admin\/gateways/);
  expect((await authorise(1)).status()).toBe(401);
});
