import { expect, test, type Someone } from '../support/test.js';
import { PASSWORD } from '../support/developer.js';
import { PICTURE } from '../support/picture.js';

/** The number of the first case that the queue lists at this address. */
async function firstCase(staff: Someone, queue: string): Promise<string> {
  await staff.opens(queue);
  const link = staff.page.locator('main a[href^="/cases/UD-"]').first();
  const number = ((await link.getAttribute('href')) ?? '').match(/UD-\d+/)?.[0];
  if (number === undefined) throw new Error(`no case at ${queue}`);
  return number;
}

/** What members of its app read about an application. */
async function reads(developer: Someone, number: string, words: string | RegExp): Promise<void> {
  await developer.opens(`/applications/${number}`);
  await expect(developer.page.locator('main')).toContainText(words);
}

test('a declined application says why, and an appeal goes to someone new', async ({ another }) => {
  const [anders, lena, aisha] = [await another(), await another(), await another()];
  await anders.signsInAs('Anders Holm');
  await lena.signsInAs('Lena Fischer');
  await aisha.signsInAs('عائشة المنصوري');
  const number = await firstCase(anders, '/queue?view=decisions&q=Nabd');

  await anders.opens(`/cases/${number}/decline`);
  await anders.presses('Decline');
  await anders.isToldAt('Explanation', /say why/);
  await anders.page.getByLabel('Reason', { exact: true }).selectOption({ index: 1 });
  await anders.fills('Explanation', 'The fast is shown as a treatment. Name it a diary and appeal.');
  await anders.fills('Your password', PASSWORD);
  await anders.presses('Decline');
  await expect(anders.page.locator('main')).toContainText('Declined');
  await reads(aisha, number, 'Name it a diary and appeal.');
  await aisha.follows('Appeal');
  await aisha.fills('Why', 'No.');
  await aisha.presses('Appeal');
  await aisha.isToldAt('Why', /at least 10 characters/);
  await aisha.fills('Why', 'The screens now say diary; nothing is a treatment any more.');
  await aisha.presses('Appeal');
  await expect(aisha.page.locator('main')).toContainText('You appealed on');

  await lena.opens(`/cases/${number}/reopen`);
  await lena.fills('What the appeal brings', 'The screens now say diary.');
  await lena.page.getByLabel('New assignee').selectOption({ index: 1 });
  await lena.presses('Reopen');
  await expect(lena.page.locator('main')).toContainText('Completeness');
  await reads(aisha, number, /completeness/i);
});

test('access is suspended, given back and taken away', async ({ another }) => {
  const [priya, aisha] = [await another(), await another()];
  await priya.signsInAs('Priya Raman');
  await aisha.signsInAs('عائشة المنصوري');
  const number = await firstCase(priya, '/queue?view=ended&state=approved&q=Nabd');
  for (const [step, reason] of [
    ['Suspend grant', 'Readings of somebody else were seen.'],
    ['Reinstate grant', 'The fault is corrected.'],
    ['Revoke grant', 'The app is no longer offered.'],
  ] as const) {
    await priya.opens(`/cases/${number}`);
    await priya.follows(step);
    await priya.fills('Reason', reason);
    await priya.fills('Your password', PASSWORD);
    await priya.presses(step);
    await expect(priya.page.locator('main')).toContainText(reason);
    await reads(aisha, number, reason);
  }
});

test('an application is withdrawn by its developer', async ({ another }) => {
  const maya = await another();
  await maya.signsInAs('Maya Lindqvist');
  await maya.opens('/apps');
  const asked = maya.page.locator('main').getByRole('link', { name: /^Answer/ }).first();
  const number = ((await asked.getAttribute('href')) ?? '').match(/UD-\d+/)?.[0] ?? '';
  await maya.opens(`/applications/${number}`);
  await maya.follows(/Withdraw/);
  await maya.fills('Reason', 'We begin anew with the next version.');
  await maya.presses('Withdraw application');
  await reads(maya, number, /withdrawn/i);
});

test('a logo that is refused says what it has stopped, which goes when it is pressed again', async ({ another }) => {
  test.skip(test.info().project.name === 'scripts-off', 'without scripts each form sends its own');
  const maya = await another();
  await maya.signsInAs('Maya Lindqvist');
  await maya.opens('/apps');
  await maya.page.getByRole('row', { name: /Acme Health/ }).getByRole('link').first().click();
  await maya.settles();
  await maya.follows('Edit app');
  await maya.fills('Description', 'Readings beside meals.');
  const logo = maya.page.getByLabel(/^Logo/).first();
  await logo.setInputFiles({ name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') });
  await maya.page.getByRole('button', { name: 'Save app' }).click();
  await expect(maya.page.locator('.upload')).toContainText('"Save app" was stopped for this file');
  await maya.presses('Save app');
  await expect(maya.page.locator('main')).toContainText('Readings beside meals.');
});

test('an app is edited; someone invited accepts, and leaves again', async ({ another }) => {
  const [maya, yuki] = [await another(), await another()];
  await maya.signsInAs('Maya Lindqvist');
  await maya.opens('/apps');
  await maya.page.getByRole('row', { name: /Acme Health/ }).getByRole('link').first().click();
  await maya.settles();
  await maya.follows('Edit app');
  await maya.fills('Description', 'Readings beside sleep, food and walks.');
  await maya.presses('Save app');
  await expect(maya.page.locator('main')).toContainText('Readings beside sleep, food and walks.');

  await maya.follows('Edit app');
  const logo = maya.page.getByLabel(/^Logo/).first();
  await logo.setInputFiles({ name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') });
  await maya.presses('Add logo');
  await maya.isToldAt(/^Logo/, /logo\.svg.*PNG, JPEG or WebP/);
  await logo.setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: PICTURE });
  await maya.presses('Add logo');
  await expect(maya.page.locator('#logo img')).toBeVisible();
  await maya.opens('/apps');
  const row = maya.page.getByRole('row', { name: /Acme Health/ });
  await expect(row.locator('img')).toHaveJSProperty('naturalWidth', 96);
  await row.getByRole('link').first().click();
  await maya.settles();

  await maya.follows('Manage members');
  await maya.fills('Person', 'ab');
  await maya.presses('Invite');
  await maya.isToldAt('Person', /./);
  for (const person of ['nobody-of-this-name', 'yuki']) {
    await maya.fills('Person', person);
    await maya.presses('Invite');
    await expect(maya.page.locator('main')).toContainText(person);
  }
  await expect(maya.page.locator('main')).not.toContainText('佐藤 由紀');
  await maya.page
    .getByRole('form', { name: /nobody-of-this-name/ })
    .getByRole('button')
    .click();
  await maya.settles();
  await expect(maya.page.locator('main')).not.toContainText('nobody-of-this-name');

  await yuki.signsInAs('佐藤 由紀');
  await yuki.opens('/apps');
  await yuki.presses('Accept');
  await expect(yuki.page.locator('main')).toContainText('佐藤 由紀');
  await maya.opens(new URL(maya.page.url()).pathname);
  await expect(maya.page.locator('main')).toContainText('佐藤 由紀');
  await maya.page.getByLabel('Who takes over').selectOption({ label: '佐藤 由紀' });
  await maya.presses('Offer the app');
  await yuki.opens('/apps');
  await expect(yuki.page.locator('main')).toContainText('Maya Lindqvist offers you');
  await yuki.presses('Decline');
  await yuki.opens(new URL(maya.page.url()).pathname.replace('/members', ''));
  await yuki.presses('Leave this app');
  await maya.opens(new URL(maya.page.url()).pathname);
  await expect(maya.page.getByRole('form', { name: /佐藤/ })).toHaveCount(0);
});
