import type { BrowserContext, ConsoleMessage, Response } from '@playwright/test';

/**
 * Collects everything that went wrong in a browser: console errors and
 * warnings of the wasm, uncaught errors, files that did not load, answers
 * that blame the server.
 */
export class Watch {
  readonly problems: string[] = [];
  private readonly refused = new Set<string>();

  constructor(context: BrowserContext) {
    context.on('console', (message) => this.heard(message));
    context.on('weberror', (error) => {
      const said = String(error.error());
      // The browser's own fading from page to page (`@view-transition`), where one leaves before it began:
      // no script of ours asked for it.
      if (!said.includes('Transition was aborted because of invalid state')) {
        this.problems.push(`uncaught: ${said}`);
      }
    });
    context.on('response', (response) => this.answered(response));
  }

  private answered(response: Response): void {
    const status = response.status();
    const asked = `${response.request().method()} ${response.url()}`;
    if (status >= 500) this.problems.push(`${status} for ${asked}`);
    // A refused form is a page with a 4xx status, which Chromium reports as an error of its own.
    // So is a refused file, of which the script that sends it tells on the page.
    const isFile = response.request().method() === 'POST' && new URL(response.url()).pathname.startsWith('/files/');
    // And what a script has fetched in place of the page that shows it.
    const isShown = new URL(response.url()).searchParams.has('kept');
    if (status >= 400 && (isFile || isShown || response.request().isNavigationRequest())) this.refused.add(response.url());
    else if (status >= 400) this.problems.push(`${status} for ${asked}`);
  }

  private heard(message: ConsoleMessage): void {
    if (message.type() !== 'error' && !isFromWasm(message)) return;
    const place = message.location().url;
    if (message.text().startsWith('Failed to load resource') && this.refused.has(place)) return;
    this.problems.push(`console: ${message.text()} (${place})`);
  }
}

function isFromWasm(message: ConsoleMessage): boolean {
  return message.type() === 'warning' && /hydrat|WASM function for the island/i.test(message.text());
}

/** Where a page stands, without what differs between two cases or two links. */
export function kindOfPage(address: string): string {
  const { pathname } = new URL(address);
  return pathname
    .replace(/UD-\d+/g, 'UD-n')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id')
    .replace(/[0-9a-f]{32,}/g, 'token');
}
