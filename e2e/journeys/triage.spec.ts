import type { Page } from '@playwright/test';
import { expect, test } from '../support/test.js';
import { submitsMany } from '../support/many.js';

const CASES = 30;
/** Every so many cases one waits for something, and one is read; the others are marked. */
const OFTEN = 10;

/** Moves the focus on until it is where this selector says. */
async function tabsTo(page: Page, selector: string, press: (key: string) => Promise<void>): Promise<void> {
  for (let stop = 0; stop < 60; stop += 1) {
    if (await page.evaluate((selector) => document.activeElement?.matches(selector), selector)) return;
    await press('Tab');
  }
  throw new Error(`the keys do not come to ${selector}`);
}

test.describe('triage', () => {
  test.describe.configure({ timeout: 600_000 });

  test('thirty new cases are triaged by keyboard alone', async ({ someone, another }) => {
    test.skip(!someone.scripts, 'Without scripts there are no keys.');
    const developer = await another();
    await developer.signsInAs('Maya Lindqvist');
    const numbers = await submitsMany(developer.page, CASES);
    expect(numbers).toHaveLength(CASES);

    await someone.signsInAs('Lena Fischer');
    await someone.opens('/queue?view=needs_reviewer&q=Tidelog');
    const { page } = someone;
    await expect(page.locator('tr.leads')).toHaveCount(CASES);
    let [keys, loads] = [0, 0];
    page.on('load', () => (loads += 1));
    const press = async (key: string): Promise<void> => {
      await page.keyboard.press(key);
      keys += 1;
    };
    const types = async (text: string): Promise<void> => {
      await page.keyboard.type(text);
      keys += text.length;
    };
    /** The case on which the keys are. */
    const here = async () => (await page.locator('tr.leads a.lead:focus').textContent()) ?? '';
    const begun = Date.now();
    const seen = new Set<string>();
    const marked: string[] = [];
    let snoozed = 0;
    for (let nth = 0; nth < CASES; nth += 1) {
      await expect(page.locator('body')).toHaveAttribute('data-queue', 'ready');
      await press('j');
      const number = await here();
      expect(numbers).toContain(number);
      seen.add(number);
      if (nth % OFTEN === 4) {
        // It is not its time: until next month.
        await press('s');
        await expect(page).toHaveURL(/snooze=1/);
        await expect(page.locator('form :is([name=until], [name=reason])').first()).toBeVisible();
        await tabsTo(page, '[name=until]', press);
        const until = new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10);
        const [year, month, day] = until.split('-');
        await types(`${month}${day}${year}`);
        await tabsTo(page, '[name=reason]', press);
        await types('Waits for the lab.');
        await press('Enter');
        await expect(page.getByRole('status').filter({ hasText: 'Snoozed' })).toBeVisible();
        await someone.settles();
        snoozed += 1;
        await press('u');
      } else if (nth % OFTEN === 8) {
        // It is read first.
        await press('Enter');
        await expect(page).toHaveURL(new RegExp(`/cases/${number}`));
        await expect(page.locator('body')).toHaveAttribute('data-workspace', 'ready');
        await press('u');
      } else {
        await press('x');
        marked.push(number);
        continue;
      }
      await expect(page).toHaveURL(/view=needs_reviewer&q=Tidelog/);
      await someone.settles();
    }
    expect(seen.size).toBe(CASES);
    // What is marked goes to one reviewer, all at once.
    await press('a');
    await expect(page).toHaveURL(/\/queue\/bulk/);
    await someone.settles();
    await tabsTo(page, '#assign [name=to]', press);
    await types('Rosa');
    // More than she can hold.
    await tabsTo(page, '#assign [name=beyond]', press);
    await press('Space');
    await tabsTo(page, '#assign button', press);
    await press('Enter');
    await expect(page.getByRole('button', { name: `Assign ${marked.length} cases` })).toBeVisible();
    await someone.settles();
    await tabsTo(page, 'main form button', press);
    await press('Enter');
    await expect(page.locator('main')).toContainText(`Done for all ${marked.length} cases`, { timeout: 60_000 });
    await someone.settles();
    await someone.opens('/queue?view=needs_reviewer&q=Tidelog');
    await expect(page.locator('tr.leads')).toHaveCount(CASES - marked.length);
    const seconds = (Date.now() - begun) / 1_000;
    console.log(`${CASES} cases: ${keys} keys, ${loads} page loads, ${seconds.toFixed(1)} s; ${marked.length} marked, ${snoozed} snoozed`);
  });
});
