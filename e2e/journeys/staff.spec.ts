import { stat } from 'node:fs/promises';
import { expect, test, type Someone } from '../support/test.js';

/** The addresses of the cases that are open, as the queue lists them. */
async function casesInQueue(staff: Someone): Promise<string[]> {
  await staff.opens('/queue?view=all_open');
  const links = await staff.page.locator('a[href^="/cases/UD-"]').all();
  const paths = await Promise.all(links.map(async (link) => (await link.getAttribute('href')) ?? ''));
  return [...new Set(paths.map((path) => path.replace(/[?#].*/, '')))];
}

test('the queue is filtered by its address, and its counts are those of the lists', async ({ someone }) => {
  await someone.signsInAs('Rosa Méndez');
  await someone.opens('/queue');
  const tabs = await someone.page.getByRole('navigation', { name: 'Views of the queue' }).getByRole('link').all();
  expect(tabs.length).toBeGreaterThan(2);
  const addresses = await Promise.all(tabs.map((tab) => tab.getAttribute('href')));
  for (const address of addresses) await someone.opens(address ?? '');

  await someone.opens('/queue');
  await someone.page.getByText('Add filter').click();
  await someone.page.getByLabel('Level', { exact: true }).selectOption({ label: 'Full Access' });
  await someone.presses('Filter');
  await expect(someone.page).toHaveURL(/level=full/);
  await expect(someone.page.getByLabel('Level', { exact: true })).toHaveValue('full');
  const chips = someone.page.getByRole('list', { name: 'Filters in force' });
  await chips.getByRole('link').click();
  await expect(someone.page).not.toHaveURL(/level=full/);
  await someone.opens('/changes');
});

test('a narrowed queue is saved as a view, and a case of it is tagged, snoozed and woken', async ({ someone }) => {
  await someone.signsInAs('Lena Fischer');
  await someone.opens('/queue?view=all_open&level=full&due=later');
  await someone.page.getByText('Save this view').click();
  await someone.page.getByLabel('Name', { exact: true }).fill('Full and later');
  await someone.presses('Save');
  const saved = someone.page.getByRole('navigation', { name: 'Saved views' });
  await expect(saved.getByRole('link', { name: 'Full and later' })).toHaveAttribute('aria-current', 'page');
  await someone.presses('Compact rows');
  await someone.opens('/queue?view=all_open');
  const number = (await someone.page.locator('tr.leads a.lead').last().textContent()) ?? '';
  await someone.opens(`/cases/${number}?snooze=1`);
  await someone.page.getByLabel('Tag', { exact: true }).selectOption({ label: 'Pilot' });
  await someone.presses('Put on');
  await someone.opens(`/cases/${number}?snooze=1`);
  const soon = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
  await someone.page.getByLabel('Until', { exact: true }).fill(soon);
  await someone.page.getByLabel('Reason', { exact: true }).fill('Waits for the lab.');
  await someone.presses('Snooze');
  await someone.opens('/queue?view=snoozed');
  await expect(someone.page.locator('tr.leads')).toContainText('Waits for the lab.');
  await someone.presses('Wake');
  await expect(someone.page.locator('tr.leads')).toHaveCount(0);
});

test('a tag is put on two marked cases, seen before it is done and told after it', async ({ someone }) => {
  await someone.signsInAs('Lena Fischer');
  await someone.opens('/queue?view=all_open');
  const marks = someone.page.locator('input.mark');
  if (someone.scripts) {
    await someone.page.keyboard.press('j');
    await someone.page.keyboard.press('x');
    await expect(marks.first()).toBeChecked();
  } else {
    await marks.first().check();
  }
  await marks.nth(1).check();
  await someone.presses('Do with the marked');
  await expect(someone.page.getByText('The 2 cases that you marked.')).toBeVisible();
  await someone.page.getByLabel('Tag', { exact: true }).selectOption({ label: 'Pilot' });
  await someone.presses('Look what would be tagged');
  await expect(someone.page.getByText('Nothing is done yet.')).toBeVisible();
  const confirm = someone.page.getByRole('button', { name: /^Tag \d case/ });
  await confirm.click();
  await expect(async () => {
    if (!someone.scripts) await someone.page.reload();
    await expect(someone.page.getByText(/^Done for/)).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await someone.opens('/queue/bulk?list=%3Fview%3Dall_open&all=yes');
  await someone.presses('Look what would be assigned');
  await expect(someone.page.getByRole('alert').first()).toContainText('choose who is to have them');
});

test('a case is found by what its developer was asked, and by its number in whatever view it is', async ({
  someone,
}) => {
  await someone.signsInAs('Rosa Méndez');
  await someone.opens('/queue?view=all_open');
  await someone.page.getByLabel('Search', { exact: true }).fill('answers to us for quest');
  await someone.presses('Filter');
  await expect(someone.page.locator('tr.leads mark').filter({ hasText: 'questions' })).not.toHaveCount(0);
  await someone.opens('/queue?view=ended');
  const number = await someone.page.locator('tr.leads a.lead').first().textContent();
  await someone.opens(`/queue?view=all_open&q=${number ?? ''}`);
  await expect(someone.page.locator('.named-case').getByRole('link')).toContainText(number ?? 'a number');
});

test('every case of the queue can be read, whatever its state', async ({ someone }) => {
  test.setTimeout(600_000);
  await someone.signsInAs('Lena Fischer');
  const cases = await casesInQueue(someone);
  expect(cases.length).toBeGreaterThan(5);
  for (const path of cases) {
    await someone.opens(path);
    await expect(someone.page.getByRole('heading', { level: 1 })).toContainText(/UD-\d+|\w/);
  }
});

test('of two who take the same case one gets it, and the other is told who has it', async ({ another }) => {
  const [rosa, akira] = [await another(), await another()];
  await rosa.signsInAs('Rosa Méndez');
  await akira.signsInAs('伊藤 明 (Akira Ito)');
  const cases = await casesInQueue(rosa);
  let contested: string | undefined;
  for (const path of cases) {
    await rosa.opens(path);
    if ((await rosa.page.getByRole('button', { name: 'Take case', exact: true }).count()) > 0) {
      contested = path;
      break;
    }
  }
  expect(contested, 'a case that nobody has').toBeDefined();
  await akira.opens(contested ?? '');
  await rosa.presses('Take case');
  await akira.presses('Take case');
  await expect(akira.page.locator('main')).toContainText('Rosa');
});

test('the trail is read, exported and verified by compliance', async ({ someone }) => {
  await someone.signsInAs('Chen Wei');
  const copies = {
    '/audit': ['Export CSV', 'Export PDF (A4)'],
    '/cases/UD-1010?left=case': ['PDF (A4)', 'PDF (Letter)', 'CSV', 'Evidence pack'],
  };
  for (const [page, buttons] of Object.entries(copies)) {
    await someone.opens(page);
    for (const words of buttons) {
      const button = someone.page.getByRole('button', { name: words, exact: true });
      const [download] = await Promise.all([someone.page.waitForEvent('download'), button.click()]);
      expect((await stat(await download.path())).size, words).toBeGreaterThan(500);
    }
  }
});

test('administration is open to administrators', async ({ someone }) => {
  await someone.signsInAs('Dana Whitfield');
  for (const page of ['people', 'agreements', 'checklists', 'mail', 'gateways', 'settings']) {
    await someone.opens(`/admin/${page}`);
    await expect(someone.page.getByRole('heading', { level: 1 })).not.toHaveText(/not found/i);
  }
  await someone.opens('/support/texts');
  await someone.fills('Title', 'Good morning');
  await someone.fills('Text', 'Hello {name},');
  await someone.presses('Publish');
  await someone.isToldAt('Text', /\{name\} stands for nothing/);
  await someone.fills('Text', 'Hello {developer},');
  await someone.presses('Publish');
  await someone.follows('Good morning');
  await someone.presses('Retire');
  await expect(someone.page.locator('main')).toContainText('Retired: not offered any more');
});
