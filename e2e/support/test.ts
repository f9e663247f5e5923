import { test as base, expect, type BrowserContext, type Page } from '@playwright/test';
import { Copies, isNew, violations } from './axe.js';
import { Desk } from './desk.js';
import { Served } from './html.js';
import { kindOfPage, Watch } from './watch.js';

interface Fixtures {
  /** A browser of one's own; every page that a test settles on is checked. */
  someone: Someone;
  /** Further people, each with a browser of their own. */
  another: () => Promise<Someone>;
}

interface WorkerFixtures {
  /** The desk of this worker. */
  desk: Desk;
}

/** A person at a browser. */
export class Someone {
  constructor(
    readonly page: Page,
    /** Whether this person's browser runs scripts. */
    readonly scripts: boolean,
    private readonly check: (page: Page) => Promise<void>,
  ) {}

  /** Opens a page of the desk and checks it. */
  async opens(path: string): Promise<void> {
    await this.page.goto(path);
    await this.settles();
  }

  /** Follows a link by its words; given as a string, all of them. */
  async follows(name: string | RegExp): Promise<void> {
    await this.page.getByRole('link', { name, exact: true }).first().click();
    await this.settles();
  }

  /** Presses a button by its words, as above; the page that answers is checked. */
  async presses(name: string | RegExp): Promise<void> {
    await this.page.getByRole('button', { name, exact: true }).first().click();
    // A file that a script sends leads on once it is there.
    await expect(this.page.locator('.upload:is([data-state=goes], [data-state=there])')).toHaveCount(0);
    await this.settles();
  }

  /** Fills the field of this label. */
  async fills(label: string | RegExp, text: string): Promise<void> {
    await this.page.getByLabel(label).first().fill(text);
  }

  /** Signs in as one of the demo's people, by the name on the button. */
  async signsInAs(name: string): Promise<void> {
    await this.opens('/sign-in');
    await this.presses(name);
    await expect(this.page).not.toHaveURL(/\/sign-in/);
  }

  /**
   * Opens the link in the newest mail to this address; it may be on its way
   * for a moment, since mail is sent after the step it follows from.
   */
  async opensLinkFromMail(address: string, link: RegExp): Promise<void> {
    let found: string | undefined;
    await expect(async () => {
      const list = await this.page.request.get(`/demo/mail?to=${encodeURIComponent(address)}`);
      found = await this.linkInMails(await list.text(), link);
      expect(found, `no mail to ${address} with ${link}`).toBeDefined();
    }).toPass({ timeout: 20_000 });
    await this.opens(found ?? '');
  }

  private async linkInMails(list: string, link: RegExp): Promise<string | undefined> {
    const mails = [...list.matchAll(/href="(\/demo\/mail\/[^"]+)"/g)].map((match) => match[1] ?? '');
    for (const mail of new Set(mails)) {
      const html = await (await this.page.request.get(`${mail}/html`)).text();
      const links = [...html.matchAll(/href="([^"]+)"/g)].map((match) => match[1] ?? '');
      const wanted = links.find((candidate) => link.test(candidate));
      if (wanted !== undefined) return wanted.replaceAll('&amp;', '&');
    }
    return undefined;
  }

  /** What the page says about what was just refused, next to the field of this label. */
  async isToldAt(label: string | RegExp, words: string | RegExp): Promise<void> {
    await expect(this.page.getByLabel(label).first()).toHaveAccessibleDescription(words);
  }

  /** Waits for the page to be there, islands included, and checks it for accessibility. */
  async settles(): Promise<void> {
    await this.page.waitForLoadState('load');
    // What is answered in its place has arrived.
    await expect(this.page.locator('[aria-busy=true]')).toHaveCount(0);
    await this.check(this.page);
  }
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  desk: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const desk = await Desk.start();
      await use(desk);
      await desk.stop();
    },
    { scope: 'worker', timeout: 300_000 },
  ],

  baseURL: async ({ desk }, use) => {
    await use(desk.url);
  },

  another: async ({ browser, desk, javaScriptEnabled }, use, info) => {
    const results = info.project.outputDir;
    const contexts: BrowserContext[] = [];
    const watches: Watch[] = [];
    const served: Served[] = [];
    const found: string[] = [];
    const copies = new Copies(browser);
    const check = async (page: Page) => {
      if (!isNew('seen-by-axe', kindOfPage(page.url()), await page.content(), results)) return;
      const seen = javaScriptEnabled ? await violations(page) : await copies.violations(page);
      found.push(...seen);
    };
    await use(async () => {
      // The project's settings (scripts, size, language) are the defaults of every context.
      const context = await browser.newContext({ baseURL: desk.url });
      contexts.push(context);
      watches.push(new Watch(context));
      const page = await context.newPage();
      served.push(new Served(page, results));
      return new Someone(page, javaScriptEnabled, check);
    });
    const faults = await Promise.all(served.map((pages) => pages.found()));
    for (const context of contexts) await context.close();
    await copies.close();
    expect(watches.flatMap((watch) => watch.problems), 'what went wrong in the browser').toEqual([]);
    expect([...new Set(found)], 'what axe found').toEqual([]);
    expect([...new Set(faults.flat())], 'what the checker of HTML found').toEqual([]);
  },

  someone: async ({ another }, use) => {
    await use(await another());
  },
});

export { expect };
