import { readFile } from 'node:fs/promises';
import { CHOSEN_PASSWORD, createsApp, registers, startsApplication } from '../support/developer.js';
import type { Page } from '@playwright/test';
import { expect, test, type Someone } from '../support/test.js';
import { kindOfPage } from '../support/watch.js';

/** One of each role: by the name on the demo's button. */
const PEOPLE = [
  'Maya Lindqvist',
  'Sam Okafor',
  '伊藤 明 (Akira Ito)',
  'Lena Fischer',
  'Anders Holm',
  'Chen Wei',
  'Dana Whitfield',
];

/** A form with a text of several lines, and the page that it is on. */
interface Form {
  page: string;
  id: string;
}

/** So many pages of one kind are looked at: their forms are alike. */
const OF_A_KIND = 3;

/** The addresses without variable parts, as the list of routes has them. */
async function routes(): Promise<string[]> {
  const text = await readFile(new URL('../../app/src/shell.rs', import.meta.url), 'utf8');
  const paths = [...text.matchAll(/path!\("([^":]*)"\)/g)].map((match) => match[1] ?? '');
  expect(paths.length).toBeGreaterThan(15);
  return paths;
}

/** One form of each kind that this person can type long texts into, found by following links. */
async function forms(someone: Someone, seen: Set<string>): Promise<Form[]> {
  const found: Form[] = [];
  const waiting = await routes();
  const kinds = new Map<string, number>();
  const known = new Set<string>();
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const address = new URL(path, someone.page.url());
    const kind = `${kindOfPage(address.href)}${[...address.searchParams.keys()].join()}`;
    const count = kinds.get(kind) ?? 0;
    if (known.has(path) || count >= OF_A_KIND) continue;
    known.add(path);
    kinds.set(kind, count + 1);
    const answer = await someone.page.request.get(path, { headers: { accept: 'text/html' } });
    if (answer.status() !== 200 || !(answer.headers()['content-type'] ?? '').startsWith('text/html')) continue;
    const html = await answer.text();
    // A way in that leads on to where one is needed leads elsewhere once something is typed there.
    const { pathname, search } = new URL(answer.url());
    const page = `${pathname}${search}`;
    for (const [, link] of html.matchAll(/href="(\/[^"#]*)/g)) {
      const target = (link ?? '').replaceAll('&amp;', '&');
      if (!/^\/(pkg|files|demo|api)\//.test(target) && !target.includes('.')) waiting.push(target);
    }
    for (const [form] of html.matchAll(/<form method="post".*?<\/form>/gs)) {
      const id = /\bid="([^"]+)"/.exec(form)?.[1];
      const names = [...form.matchAll(/<textarea[^>]* name="([^"]+)"/g)].map((match) => match[1] ?? '');
      const step = /\baction="([^"]+)"/.exec(form)?.[1] ?? '';
      const made = `${step} ${names.map((name) => name.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, 'id')).join()}`;
      if (id === undefined || names.length === 0 || seen.has(made)) continue;
      seen.add(made);
      found.push({ page, id });
    }
  }
  return found;
}

/** The texts of several lines in a form, by name; the place of a read-only one is nobody's. */
async function texts(someone: Someone, id: string): Promise<Record<string, string>> {
  return someone.page.evaluate((form) => {
    const areas = document.getElementById(form)?.querySelectorAll('textarea:not([readonly])') ?? [];
    return Object.fromEntries([...areas].map((area) => [(area as HTMLTextAreaElement).name, (area as HTMLTextAreaElement).value]));
  }, id);
}

/** Unfolds what is folded away, and types into every text of a form. */
async function types(someone: Someone, id: string): Promise<Record<string, string>> {
  await someone.page.evaluate(() => document.querySelectorAll('details').forEach((folded) => (folded.open = true)));
  // What is wrong with an item is written once it fails.
  const fails = someone.page.locator(`[id="${id}"]`).getByLabel('Fail…');
  if ((await fails.count()) > 0) await fails.check();
  const areas = someone.page.locator(`[id="${id}"] textarea:not([readonly])`);
  for (const [index, area] of (await areas.all()).entries()) {
    await area.fill(`Typed into ${index}\nwith <b>&amp;"' and a second line`);
  }
  return texts(someone, id);
}

/** The scripts are there: what is typed from now on is kept, and what was typed before. */
async function scriptsAreThere(page: Page): Promise<void> {
  await expect(page.locator('body')).toHaveAttribute('data-typed', 'kept');
}

/** Away by a link of the page, and back by its address. */
async function leavesAndReturns(someone: Someone, path: string): Promise<void> {
  await scriptsAreThere(someone.page);
  await someone.page.locator('a.brand').click();
  await someone.page.waitForURL((url) => `${url.pathname}${url.search}` !== path);
  await someone.page.goto(path);
}

test.describe('what was typed and not sent', () => {
  test.describe.configure({ timeout: 900_000 });

  test('every long text is there again after its page was left', async ({ another }) => {
    const seen = new Set<string>();
    for (const name of PEOPLE) {
      const someone = await another();
      await someone.signsInAs(name);
      for (const { page, id } of await forms(someone, seen)) {
        await someone.page.goto(page);
        const typed = await types(someone, id);
        await leavesAndReturns(someone, page);
        await expect.poll(() => texts(someone, id), { message: `${id} on ${page}, ${name}` }).toEqual(typed);
      }
    }
    expect(seen.size).toBeGreaterThan(20);
  });

  test('what is typed before the scripts have come is kept, and nothing that waits is written over', async ({ someone }) => {
    await registers(someone, 'Ines Early', `ines-${Date.now()}`);
    const edit = `${await createsApp(someone, 'Slowline')}/edit`;
    const text = someone.page.getByLabel('Description');
    let arrive = (): void => undefined;
    const opensWithoutScripts = async (): Promise<void> => {
      const arrived = new Promise<void>((resolve) => (arrive = resolve));
      await someone.page.route('**/*.wasm', async (route) => {
        await arrived;
        await route.continue();
      });
      await someone.page.goto(edit, { waitUntil: 'commit' });
    };
    const scriptsCome = async (): Promise<void> => {
      arrive();
      await scriptsAreThere(someone.page);
      await someone.page.unroute('**/*.wasm');
    };

    await opensWithoutScripts();
    await text.fill('Typed on a slow line.');
    await scriptsCome();
    await leavesAndReturns(someone, edit);
    await expect(text).toHaveValue('Typed on a slow line.');
    await someone.settles();

    await opensWithoutScripts();
    await text.fill('Typed anew.');
    await scriptsCome();
    await expect(text).toHaveValue('Typed anew.');
    await someone.presses('Put my text into the form');
    await expect(text).toHaveValue('Typed on a slow line.');
  });

  test('it survives a closed tab, a lost line and another tab, and goes when it is sent, discarded or on signing out', async ({
    someone,
    browser,
    desk,
  }) => {
    await registers(someone, 'Tilda Typed', `tilda-${Date.now()}`);
    const app = await createsApp(someone, 'Keepsake');
    const edit = `${app}/edit`;
    const words = 'A diary that nobody has to write twice.';
    const text = (page = someone.page) => page.getByLabel('Description');
    const back = (page = someone.page) => page.getByText('did not send is in the form again');

    // The tab is closed.
    const tab = await someone.page.context().newPage();
    await tab.goto(edit);
    const before = await text(tab).inputValue();
    await text(tab).fill(words);
    await scriptsAreThere(tab);
    await tab.close();
    await someone.opens(edit);
    await expect(text()).toHaveValue(words);
    await expect(back()).toBeVisible();
    await someone.settles();

    // Two windows of one form at once: neither writes over what was typed in the other.
    const second = await someone.page.context().newPage();
    await second.goto(edit);
    await expect(text(second)).toHaveValue(words);
    await text().fill(`${words} In the first window.`);
    await text(second).fill(`${words} In the second.`);
    await second.close();
    await leavesAndReturns(someone, edit);
    await expect(text()).toHaveValue(`${words} In the first window.`);
    const beside = someone.page.locator('.notice', { hasText: 'You typed this as well' });
    await expect(beside).toContainText(`${words} In the second.`);
    await beside.getByRole('button', { name: 'Discard it' }).click();
    await text().fill(words);
    await leavesAndReturns(someone, edit);
    await expect(text()).toHaveValue(words);
    await expect(beside).toHaveCount(0);

    // The line is lost while it is sent (in a browser of its own: there an error is no surprise).
    const away = await browser.newContext({ storageState: await someone.page.context().storageState() });
    const page = await away.newPage();
    await page.goto(`${desk.url}${edit}`);
    await expect(text(page)).toHaveValue(words);
    await text(page).fill(`${words} Offline.`);
    await scriptsAreThere(page);
    await away.setOffline(true);
    await page.getByRole('button', { name: 'Save app' }).click();
    await expect(page.locator('form#edit_app')).toHaveCount(0);
    await away.setOffline(false);
    await page.goBack();
    await expect(text(page)).toHaveValue(`${words} Offline.`);
    await page.goto(`${desk.url}${edit}`);
    await expect(text(page)).toHaveValue(`${words} Offline.`);
    await away.close();

    // Something else was saved from another tab: nothing is written over it unasked.
    const other = await someone.page.context().newPage();
    await other.goto(edit);
    await other.getByRole('button', { name: 'Discard it' }).click();
    await expect(text(other)).toHaveValue(before);
    await expect(back(other)).toHaveCount(0);
    await text().fill(words);
    await text(other).fill('Saved from elsewhere.');
    await other.getByRole('button', { name: 'Save app' }).click();
    await expect(other.getByText('App saved.')).toBeVisible();
    await other.close();
    await text().fill(`${words} Never.`);
    await leavesAndReturns(someone, edit);
    await expect(text()).toHaveValue('Saved from elsewhere.');
    await expect(someone.page.getByText('What is on record has changed since')).toBeVisible();
    // It waits, also where another field of the form is saved meanwhile.
    await someone.fills('Website', 'https://keepsake.example.org');
    await someone.presses('Save app');
    await expect(someone.page.getByText('App saved.')).toBeVisible();
    await someone.opens(edit);
    const offer = someone.page.locator('.notice', { hasText: 'You typed something here' });
    await expect(offer).toContainText(`${words} Never.`);
    await expect(text()).toHaveValue('Saved from elsewhere.');
    await someone.presses('Put my text into the form');
    await expect(text()).toHaveValue(`${words} Never.`);
    await expect(someone.page.locator('.notice', { hasText: 'This stood there' })).toContainText('Saved from elsewhere.');

    // Sent, it is gone from here.
    await someone.presses('Save app');
    await expect(someone.page.getByText('App saved.')).toBeVisible();
    await someone.opens(edit);
    await expect(text()).toHaveValue(`${words} Never.`);
    await expect(back()).toHaveCount(0);

    // Whoever signs out leaves nothing behind.
    await text().fill('For nobody else.');
    await scriptsAreThere(someone.page);
    expect(await someone.page.evaluate(() => JSON.stringify(localStorage))).toContain('For nobody else.');
    await someone.page.getByRole('button', { name: /^Account of/ }).click();
    await someone.page.getByRole('button', { name: 'Sign out', exact: true }).click();
    const asked = someone.page.locator('.notice', { hasText: 'It waits in this browser, and goes when you sign out' });
    await expect(asked).toBeVisible();
    // By the names of page and field, not by an address.
    await expect(asked.getByRole('link')).toHaveText(/^Edit /);
    await expect(asked).toContainText(': Description');
    await expect(asked).not.toContainText('/apps/');
    // The menu lies over it no more.
    await expect(someone.page.locator('#person-menu')).toBeHidden();
    await someone.presses('Sign out all the same');
    expect(await someone.page.evaluate(() => JSON.stringify(localStorage))).not.toContain('For nobody else.');
  });

  test('what is said of a text that waits goes once the desk has it', async ({ someone, browser, desk }) => {
    await registers(someone, 'Nina Notice', `nina-${Date.now()}`);
    const number = await startsApplication(someone, await createsApp(someone, 'Noticed'), 'Limited Access');
    // In a browser of its own: there an error is no surprise.
    const away = await browser.newContext({ storageState: await someone.page.context().storageState() });
    const page = await away.newPage();
    const section = `${desk.url}/applications/${number}/form/product`;
    const text = page.locator('form#section textarea').first();
    await page.route('**/do/edit_draft', (route) => route.abort());
    await page.goto(section);
    await scriptsAreThere(page);
    await text.fill('Not arrived yet.');
    await expect(page.getByText('it is tried again')).toBeVisible();
    await page.goto(`${desk.url}/apps`);
    await page.unroute('**/do/edit_draft');
    await page.goto(section);
    await expect(text).toHaveValue('Not arrived yet.');
    await expect(page.locator('.autosave')).toContainText(/^Saved \d/);
    await expect(page.getByText('did not send is in the form again')).toHaveCount(0);
    await away.close();
  });

  test('the way to where something was typed is offered as long as it leads there', async ({ someone, browser, desk }) => {
    await registers(someone, 'Wanda Way', `wanda-${Date.now()}`);
    const number = await startsApplication(someone, await createsApp(someone, 'Wayfarer'), 'Limited Access');
    const status = `/applications/${number}`;
    const reason = 'Half a reason that nobody';
    await someone.opens(`${status}/withdraw`);
    await scriptsAreThere(someone.page);
    await someone.page.locator('form#withdraw textarea').fill(reason);
    await someone.opens(status);
    const way = someone.page.getByRole('link', { name: 'Go on where you typed it' });
    await expect(way).toBeVisible();
    const storageState = await someone.page.context().storageState();
    const other = await browser.newContext({ storageState, javaScriptEnabled: false });
    const page = await other.newPage();
    await page.goto(`${desk.url}${status}/withdraw`);
    await page.getByRole('button', { name: 'Discard draft' }).click();
    await expect(page.getByText('Discarded').first()).toBeVisible();
    await other.close();
    await someone.opens(status);
    await expect(someone.page.getByText('The form in which you typed it is no longer there')).toBeVisible();
    await expect(someone.page.getByText(reason)).toBeVisible();
    await expect(way).toHaveCount(0);
  });

  test('what was typed into a form that has gone meanwhile stands on top of the page', async ({ someone }) => {
    await registers(someone, 'Gonzalo Gone', `gonzalo-${Date.now()}`);
    await someone.opens('/support/new');
    await someone.fills('Subject', 'The form that goes away');
    await someone.page.getByLabel('Something else').check();
    await someone.page.getByLabel('Neither of them').check();
    await someone.fills('Your question', 'Where does my text go?');
    await someone.presses('Send request');
    const request = new URL(someone.page.url()).pathname;
    await someone.fills('Your answer', 'Half a sentence that nobody');
    await scriptsAreThere(someone.page);

    const other = await someone.page.context().newPage();
    await other.goto(request);
    await other.getByRole('button', { name: 'Discard it' }).waitFor();
    await other.getByRole('button', { name: 'Close request' }).click();
    await expect(other.getByText('This request is closed. What was written stays here.')).toBeVisible();
    await other.close();

    await leavesAndReturns(someone, request);
    await expect(someone.page.getByText('Its form is no longer on this page')).toBeVisible();
    await expect(someone.page.getByText('Half a sentence that nobody')).toBeVisible();
    await someone.settles();
    await someone.presses('Discard it');
    await leavesAndReturns(someone, request);
    await expect(someone.page.getByText('Half a sentence that nobody')).toHaveCount(0);
  });

  test('it survives a killed server and an ended session, in a draft and outside', async ({ someone, browser, desk }) => {
    const username = `kim-${Date.now()}`;
    await registers(someone, 'Kim Killed', username);
    const app = await createsApp(someone, 'Blackout');
    const number = await startsApplication(someone, app, 'Limited Access');
    // In a browser of its own: there an error is no surprise.
    const own = await browser.newContext({
      baseURL: desk.url,
      storageState: await someone.page.context().storageState(),
    });

    const draft = await own.newPage();
    const section = `/applications/${number}/form/product`;
    await draft.goto(section);
    await scriptsAreThere(draft);
    const answer = draft.locator('form[id] textarea:not([readonly])').first();
    await answer.fill('Typed while all was well.');
    await expect(draft.getByText(/^Saved \d/)).toBeVisible();
    const edit = await own.newPage();
    await edit.goto(`${app}/edit`);
    await scriptsAreThere(edit);
    await desk.isKilled();
    await answer.fill('Typed while the desk was down.');
    await expect(draft.getByText('Not saved: the desk does not answer')).toBeVisible();
    await edit.getByLabel('Description').fill('Typed on a page of a desk that is gone.');
    await edit.getByRole('button', { name: 'Save app' }).click();
    await expect(edit.locator('form#edit_app')).toHaveCount(0);

    await desk.begins();
    await expect(draft.getByText(/^Saved \d/)).toBeVisible({ timeout: 60_000 });
    await draft.goto(section);
    await expect(answer).toHaveValue('Typed while the desk was down.');
    await edit.goto(`${desk.url}${app}/edit`);
    await expect(edit.getByLabel('Description')).toHaveValue('Typed on a page of a desk that is gone.');

    await scriptsAreThere(edit);
    await own.clearCookies();
    await edit.getByLabel('Description').fill('Typed after the session had ended.');
    await edit.getByRole('button', { name: 'Save app' }).click();
    await edit.getByLabel('Username or email').fill(username);
    await edit.getByLabel('Password').fill(CHOSEN_PASSWORD);
    await edit.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(edit.getByLabel('Description')).toHaveValue('Typed after the session had ended.');
    await own.close();
  });
});
