import type { Page, Request, Response } from '@playwright/test';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import rules from '../html.rules.mjs';
import { isNew } from './axe.js';
import { kindOfPage } from './watch.js';

const checker = new HtmlValidate(new StaticConfigLoader(rules));

/** What html-validate finds in a page as it was served, one line for each place. */
async function faults(html: string): Promise<string[]> {
  const { results } = await checker.validateString(html);
  return results.flatMap((result) =>
    result.messages.map((message) => {
      const line = html.split('\n')[message.line - 1] ?? '';
      const place = line.slice(Math.max(0, message.column - 60), message.column + 100);
      return `${message.ruleId}: ${message.message}\n    ${place}`;
    }),
  );
}

/**
 * Checks the HTML of every page that a browser is sent, as it comes from the desk and before any
 * script has changed it: the first of each kind that is made of the same parts.
 */
export class Served {
  private readonly checks: Promise<string[]>[] = [];

  constructor(
    page: Page,
    private readonly results: string,
  ) {
    page.on('response', (response) => {
      if (isPage(response.request(), page) && isHtml(response)) this.checks.push(this.check(response));
    });
  }

  /** What was found so far. */
  async found(): Promise<string[]> {
    return (await Promise.all(this.checks)).flat();
  }

  private async check(response: Response): Promise<string[]> {
    // A page that is left before it has arrived has no body to look at.
    const html = await response.text().catch(() => undefined);
    const kind = kindOfPage(response.url());
    if (html === undefined || !isNew('seen-as-html', kind, html, this.results)) return [];
    return (await faults(html)).map((fault) => `${kind}: ${fault}`);
  }
}

function isPage(request: Request, page: Page): boolean {
  return request.isNavigationRequest() && request.frame() === page.mainFrame();
}

function isHtml(response: Response): boolean {
  const status = response.status();
  return (status < 300 || status >= 400) && (response.headers()['content-type'] ?? '').startsWith('text/html');
}
