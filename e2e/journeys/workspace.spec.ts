import type { Page } from '@playwright/test';
import { expect, test, type Someone } from '../support/test.js';
import { does, isAnswered, passesAll, takes, takesUp } from '../support/staff.js';

/** The demo's case for Full Access that waits to be found complete; then Ben takes its technical review. */
async function freshReview(ben: Someone, olena: Someone): Promise<string> {
  await olena.signsInAs('Олена Коваль');
  await olena.opens('/queue?view=all_open&level=full&state=completeness');
  const number = (await olena.page.locator('tr.leads a.lead').first().textContent()) ?? '';
  await passesAll(olena, number, 'completeness');
  await does(olena, number, 'Confirm complete');
  await takes(ben, number, 'Take technical review');
  return `/cases/${number}`;
}

/** The technical review of the demo that Ben has begun. */
async function begunReview(ben: Someone): Promise<string> {
  await ben.opens('/queue?view=all_open&level=full&assignee=ben');
  const href = await ben.page.locator('tr.leads', { hasText: 'GlucoWise' }).locator('a.lead').getAttribute('href');
  return (href ?? '').replace(/[?#].*/, '');
}

/** How far everything on the page has been scrolled, in pixels, from now on. */
async function countsScrolling(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const last = new Map<EventTarget, number>();
    const top = (of: EventTarget) => (of instanceof Element ? of.scrollTop : window.scrollY);
    const counted = window as unknown as { scrolled: number };
    counted.scrolled = 0;
    for (const pane of [document, ...document.querySelectorAll('[data-pane]')]) last.set(pane, top(pane));
    document.addEventListener(
      'scroll',
      ({ target }) => {
        if (target === null) return;
        counted.scrolled += Math.abs(top(target) - (last.get(target) ?? 0));
        last.set(target, top(target));
      },
      { capture: true },
    );
  });
  return async () => page.evaluate(() => Math.round((window as unknown as { scrolled: number }).scrolled));
}

const left = (reviewer: Someone) => reviewer.page.locator('#work li.line button');

test.describe('the workspace of a case', () => {
  test.describe.configure({ timeout: 600_000 });

  test('thirty items are checked by keyboard alone, without leaving the page', async ({ someone, another }) => {
    test.skip(!someone.scripts, 'Without scripts there are no keys.');
    await someone.signsInAs('Ben Adeyemi');
    const path = await freshReview(someone, await another());
    const { page } = someone;
    await page.goto(`${path}?open=technical`);
    await isAnswered(someone);
    const items = await left(someone).count();
    expect(items).toBe(30);
    let [keys, loads] = [0, 0];
    page.on('load', () => (loads += 1));
    const scrolled = await countsScrolling(page);
    const presses = async (key: string) => {
      await page.keyboard.press(key);
      keys += 1;
      await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
    };
    const types = async (text: string) => {
      await page.keyboard.type(text);
      keys += text.length;
    };
    const begun = Date.now();
    await presses('j');
    await expect(page.locator('.at-hand .n')).toHaveText('1');
    for (let item = 0; item < items; item += 1) {
      await expect(page.locator('.at-hand')).toBeFocused();
      if (item === 4) {
        await presses('f');
        await types('The password is asked for in a window of the app.');
        await presses('Control+Enter');
      } else if (item === 10) {
        await presses('n');
        await types('Only one scope is used.');
        await presses('Control+Enter');
      } else if (item === 20) {
        await presses('e');
        await types('Screens 3 and 4.');
        await presses('Escape');
        await presses('p');
      } else {
        await presses('p');
      }
      await expect(left(someone).and(page.locator(':not(.at-hand *)'))).toHaveCount(Math.max(0, items - item - 2));
    }
    const seconds = (Date.now() - begun) / 1_000;
    await expect(page.locator('#technical .status')).toContainText('30 of 30 checked');
    expect(loads, 'page loads').toBe(0);
    const far = await scrolled();
    console.log(`30 items: ${keys} keys, ${loads} page loads, ${far} pixels scrolled, ${seconds.toFixed(1)} s`);
    expect(far, 'pixels scrolled').toBeLessThan(5_000);
    await someone.settles();
  });

  test('what is typed at one item is there after a step at another, a step of a colleague and a reload', async ({
    someone,
    another,
  }) => {
    test.skip(!someone.scripts, 'Without scripts what is typed is sent by its button.');
    await someone.signsInAs('Ben Adeyemi');
    const path = await begunReview(someone);
    const { page } = someone;
    await page.goto(`${path}?open=technical`);
    await isAnswered(someone);
    await takesUp(someone);
    const hand = page.locator('.at-hand');
    const item = (await hand.getAttribute('id')) ?? '';
    const evidence = hand.locator('[name=evidence]');
    const note = hand.locator('[name=note]');
    await evidence.fill('Half a sentence about');
    await page.keyboard.press('Escape');
    await page.keyboard.press('f');
    await note.fill('The log has no');
    // Another item passes in its row: this one stays at hand, with all that was typed and chosen.
    await left(someone).nth(3).click();
    await isAnswered(someone);
    await expect(hand).toHaveAttribute('id', item);
    await expect(evidence).toHaveValue('Half a sentence about');
    await expect(note).toHaveValue('The log has no');
    await expect(hand.locator('[value=fail]').first()).toBeChecked();

    const lena = await another();
    await lena.signsInAs('Lena Fischer');
    await lena.opens(`${path}?left=case`);
    await lena.page.getByLabel('Tag', { exact: true }).selectOption({ index: 1 });
    await lena.presses('Put on');
    await lena.opens(`${path}/assign?seat=case`);
    const assignee = lena.page.getByLabel('Assignee');
    await assignee.selectOption({ index: 1 });
    await lena.page.getByRole('button', { name: 'Assign', exact: true }).click();
    await lena.settles();
    await page.getByRole('button', { name: 'Show the page again' }).click();
    await isAnswered(someone);
    await expect(note).toHaveValue('The log has no');

    // To another item and back, and through a reload.
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await isAnswered(someone);
    await expect(hand).not.toHaveAttribute('id', item);
    await page.keyboard.press('k');
    await isAnswered(someone);
    await expect(note).toHaveValue('The log has no');
    await page.reload();
    await expect(page.locator('body')).toHaveAttribute('data-typed', 'kept');
    await expect(evidence).toHaveValue('Half a sentence about');
    await expect(note).toHaveValue('The log has no');
  });

  test('everything about an item is done in its place', async ({ someone }) => {
    await someone.signsInAs('Ben Adeyemi');
    const path = await begunReview(someone);
    const { page } = someone;
    await someone.opens(`${path}?open=technical&item=at_rest`);
    const hand = page.locator('#technical-at_rest');
    await expect(hand).toHaveClass('at-hand');
    await expect(page.locator('.half.left')).toContainText('Storage of tokens and secret');

    // A file is opened beside it, and a page of it cited.
    const file = page.locator('.left .file a', { hasText: 'architecture.pdf' });
    await file.click();
    await isAnswered(someone);
    await expect(page.locator('object.shown')).toHaveAttribute('data', /^\/files\/[0-9a-f-]+\?show=1$/);
    await page.getByLabel('Page', { exact: true }).fill('3');
    await page.getByRole('button', { name: 'Go', exact: true }).click();
    await isAnswered(someone);
    await expect(page.locator('object.shown')).toHaveAttribute('data', /#page=3$/);
    await page.getByRole('link', { name: /^Cite .* p\. 3$/ }).click();
    await isAnswered(someone);
    await expect(hand.locator('[name=evidence]')).toHaveValue(/ p\. 3$/);

    // What Fail needs is said where it is written.
    await hand.getByLabel('Fail…').check();
    await hand.getByRole('button', { name: 'Fail', exact: true }).click();
    await isAnswered(someone);
    await expect(hand.locator('.error-summary')).toContainText('say what is wrong');
    await expect(hand.getByLabel('What is wrong: the developer reads this')).toHaveAccessibleDescription(/say what is wrong/);
    if (someone.scripts) await expect(hand.locator('[name=note]')).toBeFocused();
    await hand.locator('[name=note]').fill('TLS 1.0 is answered.');
    await hand.getByRole('button', { name: 'Fail', exact: true }).click();
    await isAnswered(someone);
    await someone.settles();

    // It stands with its evidence, which leads back to the page; a finding is recorded beside it.
    await someone.opens(`${path}?open=technical&item=at_rest`);
    await expect(hand).toContainText('TLS 1.0 is answered.');
    await hand.getByRole('link', { name: / p\. 3$/ }).click();
    await isAnswered(someone);
    await expect(page.locator('object.shown')).toHaveAttribute('data', /#page=3$/);
    await page.getByRole('link', { name: 'Close', exact: true }).click();
    await isAnswered(someone);
    await expect(page.locator('object.shown')).toHaveCount(0);
    await someone.opens(`${path}?open=technical&item=at_rest`);
    await hand.getByText('Record finding', { exact: true }).first().click();
    await hand.getByLabel('What is wrong', { exact: true }).fill('One host has no certificate.');
    await hand.getByRole('button', { name: 'Record finding' }).click();
    await isAnswered(someone);
    await expect(hand).toContainText('One host has no certificate.');
    await someone.settles();

    // A question, about an answer that the item concerns.
    await hand.getByText('Ask the developer', { exact: true }).click();
    await hand.getByLabel('About', { exact: true }).selectOption({ label: 'Storage of tokens and secret' });
    await hand.getByLabel('Question', { exact: true }).fill('Which hosts are there?');
    await hand.getByRole('button', { name: 'Request clarification' }).click();
    await isAnswered(someone);
    await expect(page.locator('main')).toContainText('Clarification requested');
    await someone.opens(`${path}?left=questions`);
    await expect(page.locator('.half.left')).toContainText('Which hosts are there?');
  });

  test('it fits small windows, and forced colours', async ({ someone }) => {
    await someone.signsInAs('Ben Adeyemi');
    await someone.opens('/queue?view=all_open&level=full');
    const path = (await someone.page.locator('tr.leads a.lead').first().getAttribute('href')) ?? '';
    for (const [width, height] of [
      [640, 450],
      [320, 700],
    ] as const) {
      await someone.page.setViewportSize({ width, height });
      for (const half of ['', '&half=left', '&left=case&half=left', '&left=files&half=left']) {
        await someone.opens(`${path}?open=technical&item=tls${half}`);
        const wide = await someone.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect.soft(wide, `${half} at ${width} px`).toBe(0);
        await expect(someone.page.locator('.half:visible')).toHaveCount(1);
      }
    }
    await someone.page.setViewportSize({ width: 1280, height: 900 });
    await someone.page.emulateMedia({ forcedColors: 'active' });
    await someone.opens(`${path}?open=technical&item=tls`);
    await expect(someone.page.locator('.half:visible')).toHaveCount(2);
  });

  test('the palette finds actions, cases, people and places; without scripts it is a page', async ({ someone }) => {
    await someone.signsInAs('Lena Fischer');
    const { page } = someone;
    await someone.opens('/find?q=fischer');
    await expect(page.locator('#found')).toContainText('Lena Fischer');
    await someone.opens('/queue?view=all_open');
    const case_ = page.locator('tr.leads a.lead').first();
    const [number, path] = [(await case_.textContent()) ?? '', (await case_.getAttribute('href')) ?? ''];
    if (!someone.scripts) {
      await someone.follows('Find');
      await someone.fills('Find', number);
      await page.getByRole('button', { name: 'Find', exact: true }).first().click();
      await page.locator('#found a', { hasText: number }).click();
    } else {
      await someone.opens(path);
      await isAnswered(someone);
      await page.keyboard.press('Control+k');
      await page.keyboard.type('request clar');
      await expect(page.locator('#palette-actions, #palette-found')).not.toHaveCount(0);
      await page.getByLabel('Find an action, a case, a person, a place').fill(number);
      await expect(page.locator('#palette-found a', { hasText: number })).toBeVisible();
      await someone.settles();
      await page.keyboard.press('Enter');
    }
    await expect(page).toHaveURL(new RegExp(path));
  });

  test('single keys can be switched off', async ({ someone }) => {
    await someone.signsInAs('Rosa Méndez');
    const { page } = someone;
    const help = page.locator('dialog#keys');
    if (someone.scripts) {
      await someone.opens('/queue');
      await expect(page.locator('body')).toHaveAttribute('data-typed', 'kept');
      await page.keyboard.press('?');
      await expect(help.getByRole('link', { name: 'your account' })).toBeVisible();
      await someone.settles();
      await help.getByRole('button', { name: 'Close' }).click();
    }
    await someone.opens('/account/keyboard');
    await page.getByLabel('Off').check();
    await someone.presses('Save');
    if (someone.scripts) {
      await someone.opens('/queue');
      await expect(page.locator('body')).toHaveAttribute('data-typed', 'kept');
      await page.keyboard.press('?');
      await expect(help).toBeHidden();
    }
    await someone.opens('/account/keyboard');
    await expect(page.getByLabel('Off')).toBeChecked();
    await page.getByLabel('On', { exact: false }).first().check();
    await someone.presses('Save');
  });
});
