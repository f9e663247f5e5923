import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from '@playwright/test';
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { kindOfPage } from './watch.js';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * What a page is made of: every kind of element on it, with its classes and
 * the names of its attributes. axe has nothing new to say about a page made
 * of the same parts as one that it has seen.
 */
export function parts(html: string): string {
  const elements = html.match(/<[a-z][^>]*>/g) ?? [];
  const kinds = elements.map((element) =>
    element.replace(/(?<!\bclass)="[^"]*"/g, '').replace(/\s+/g, ' '),
  );
  return [...new Set(kinds)].sort().join('\n');
}

/**
 * Whether no journey of this run, with scripts or without, in whatever worker, has shown a checker
 * a page of this kind made of these parts; from now on one has. What has been seen stands in a
 * folder of this name in that of the results, which is emptied before a run.
 */
export function isNew(by: string, kind: string, html: string, results: string): boolean {
  const made = `${kind} ${parts(html.replace(/<script\b[^]*?<\/script>/gi, ''))}`;
  const seen = join(results, by);
  mkdirSync(seen, { recursive: true });
  try {
    mkdirSync(join(seen, createHash('sha256').update(made).digest('hex')));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * What axe cannot decide and why that is well: by rule, and what the element lies in. Everything else
 * that it cannot decide is a finding.
 */
const EXPLAINED: Record<string, string> = {
  // Scrolled out of sight in a bar or a wide table, a text has no background that axe could see; what an
  // `object` holds is shown only where it cannot show its file, and axe takes it for a picture.
  'color-contrast': '.tabs, .table-wrap, object',
};

/** What axe finds on the page as it stands, and what it cannot decide, one line for each rule and place. */
export async function violations(page: Page): Promise<string[]> {
  // The halves of a workspace scroll by themselves, and what is scrolled out of sight has no background:
  // for the look at it the page is as long as what it holds.
  const main = page.locator('main:has(> .workspace)');
  const halves = (await main.count()) > 0;
  if (halves) await main.evaluate((main) => (main.style.blockSize = 'auto'));
  // What stays while the page scrolls lies over whatever axe scrolls to, and hides its background; and
  // the space at which a line of a text as typed ends hangs out of its box, where axe looks for its
  // background too. Neither has to do with colours.
  const changed = await page.evaluateHandle(() => {
    const found: { element: HTMLElement; position: string; whiteSpace: string }[] = [];
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      const { position, whiteSpace } = getComputedStyle(element);
      const hangs = whiteSpace === 'pre-wrap' && element.tagName !== 'TEXTAREA';
      if (position !== 'sticky' && !hangs) continue;
      found.push({ element, position: element.style.position, whiteSpace: element.style.whiteSpace });
      if (position === 'sticky') element.style.position = 'static';
      if (hangs) element.style.whiteSpace = 'pre-line';
    }
    return found;
  });
  const { violations, incomplete } = await new AxeBuilder({ page })
    .options({ resultTypes: ['violations', 'incomplete'] })
    .withTags(TAGS)
    .setLegacyMode()
    .analyze();
  await changed.evaluate((found) => {
    for (const { element, position, whiteSpace } of found) Object.assign(element.style, { position, whiteSpace });
  });
  if (halves) await main.evaluate((main) => (main.style.blockSize = ''));
  const line = (rule: string, help: string, target: string, why: string | undefined) =>
    `${kindOfPage(page.url())}: ${rule} (${help}) at ${target}\n    ${why?.replaceAll('\n', '\n    ') ?? ''}`;
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => line(id, help, node.target.join(' '), node.failureSummary)),
  );
  for (const { id, help, nodes } of incomplete) {
    for (const node of nodes) {
      const target = node.target.join(' ');
      const within = EXPLAINED[id];
      const explained =
        within !== undefined && (await page.locator(target).first().evaluate((element, within) => element.closest(within) !== null, within));
      if (!explained) found.push(line(`${id}, undecided`, help, target, node.failureSummary));
    }
  }
  return found;
}

/**
 * The same for pages of a browser without scripts, in which axe, a script itself, cannot run: the
 * page's HTML is shown to a browser that has them, at the same address and without its own scripts.
 * One such browser serves a whole journey: a new one for each page takes longer than axe does.
 */
export class Copies {
  private copy: Promise<Page> | undefined;

  constructor(private readonly browser: Browser) {}

  async violations(page: Page): Promise<string[]> {
    const html = (await page.content()).replace(/<script\b[^]*?<\/script>/gi, '');
    const copy = await (this.copy ??= this.open());
    const address = page.url();
    await copy.route(address, (route) => route.fulfill({ body: html, contentType: 'text/html; charset=utf-8' }));
    await copy.goto(address);
    const found = await violations(copy);
    await copy.unroute(address);
    return found;
  }

  async close(): Promise<void> {
    await (await this.copy)?.context().close();
  }

  private async open(): Promise<Page> {
    const context = await this.browser.newContext({ javaScriptEnabled: true });
    return context.newPage();
  }
}
