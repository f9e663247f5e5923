import type { Locator } from '@playwright/test';
import { expect, test, type Someone } from '../support/test.js';
import { PASSWORD } from '../support/developer.js';
import { PICTURE } from '../support/picture.js';

/** The day so many days ago, as a date is typed. */
function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

async function changesGrant(approver: Someone, number: string, step: string, reason: string): Promise<void> {
  await approver.opens(`/cases/${number}`);
  await approver.follows(step);
  await approver.fills('Reason', reason);
  await approver.fills('Your password', PASSWORD);
  await approver.presses(step);
}

/** What is wider than the page. */
async function isWiderThanThePage(someone: Someone): Promise<boolean> {
  return someone.page.evaluate(() => {
    const root = document.documentElement;
    return root.scrollWidth > root.clientWidth;
  });
}

test('an app becomes a partner, stands in the gallery, falls out and comes back', async ({ another }) => {
  const [visitor, developer, manager, approver] = [
    await another(),
    await another(),
    await another(),
    await another(),
  ];
  await test.step('a visitor reads what a partner is', async () => {
    await visitor.opens('/partners');
    await expect(visitor.page.locator('main')).toContainText('The three criteria');
    await expect(visitor.page.locator('main')).toContainText('neither an approval nor an endorsement');
  });

  let partnership = '';
  await test.step('an owner sees what is missing, puts it right and applies', async () => {
    await developer.signsInAs('Bruno Teixeira');
    await developer.opens('/partners');
    await developer.follows('Marisma');
    partnership = new URL(developer.page.url()).pathname;
    const main = developer.page.locator('main');
    await expect(main).toContainText('Say since when and where everybody can get the app.');
    await expect(developer.page.getByRole('button', { name: 'Apply' })).toHaveCount(0);
    await developer.fills('Available since', daysAgo(20));
    await developer.fills('Store pages', 'ftp://marisma');
    await developer.fills('Support contact', 'help@marisma.example.com');
    await developer.presses('Save');
    await developer.isToldAt('Store pages', /https:\/\//);
    await expect(developer.page.getByLabel('Support contact', { exact: true })).toHaveValue('help@marisma.example.com');
    await developer.fills('Store pages', 'https://apps.example.com/marisma');
    await developer.presses('Save');
    await expect(main).toContainText('The first active user came on');
    await developer.fills('How you support the users of the app', 'short');
    await developer.presses('Apply');
    await developer.isToldAt('How you support the users of the app', /at least 10/);
    await developer.fills('How you support the users of the app', 'Two people answer every mail within a day.');
    await developer.presses('Apply');
    await expect(main).toContainText('A partner manager looks at it next');
  });

  await test.step('a manager proposes, an approver decides and signs', async () => {
    await manager.signsInAs('Mira Lindqvist');
    await manager.opens('/partners?state=applied');
    await manager.follows('Marisma');
    await expect(manager.page.locator('main')).toContainText('Two people answer every mail');
    await manager.presses('Propose to approve');
    await manager.isToldAt('Reasons', /.+/);
    await manager.fills('Reasons', 'Used every day, and its users are answered.');
    await manager.presses('Propose to approve');
    await expect(manager.page.getByRole('button', { name: /^Approve/ })).toHaveCount(0);
    // Until it is decided a proposal can be taken back.
    await manager.page.locator('summary', { hasText: 'Take the proposal back' }).click();
    await manager.presses('Take the proposal back');
    await manager.isToldAt('Reason', /.+/);
    await manager.fills('Reason', 'The users were counted twice.');
    await manager.presses('Take the proposal back');
    await manager.fills('Reasons', 'Used every day, and its users are answered.');
    await manager.presses('Propose to approve');
    await approver.signsInAs('Priya Raman');
    await approver.opens(partnership);
    await approver.follows('Decide');
    await approver.fills('Your password', 'not mine at all');
    await approver.presses('Approve');
    await approver.isToldAt('Your password', /not your password/);
    await approver.fills('Your password', PASSWORD);
    await approver.presses('Approve');
    await developer.opens(partnership);
    await expect(developer.page.locator('main')).toContainText('This app is a Digital Health Partner.');
    await expect(developer.page.locator('main')).not.toContainText('Priya');
  });

  let entry = '';
  let shown = '';
  let review = '';
  await test.step('its entry is written and sent in', async () => {
    await developer.opens(partnership.replace('/partners/', '/apps/'));
    await developer.follows('Gallery entry');
    entry = new URL(developer.page.url()).pathname;
    await developer.follows('Write the entry');
    await developer.fills(/^Tagline/, 'Tides and readings on one page');
    await developer.fills(/^Description/, 'Marisma shows the readings of the day beside the tides, and says how old the newest one is.');
    for (const choice of ['Web browser', 'European Union', 'English']) {
      await developer.page.getByLabel(choice, { exact: true }).check();
    }
    await developer.fills(/^Accessibility/, 'Works with screen readers and large text.');
    await developer.fills(/^App Store/, 'https://play.google.com/store');
    await developer.presses('Save');
    await developer.isToldAt(/^App Store/, /apps\.apple\.com/);
    await expect(developer.page.getByLabel(/^Tagline/)).toHaveValue(/Tides and readings/);
    await developer.fills(/^App Store/, 'https://apps.apple.com/app/marisma/id1607774999');
    await developer.presses('Save');
    await developer.follows('Images');
    const logo = (): Locator => developer.page.getByLabel(/^Logo/);
    await logo().setInputFiles({ name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') });
    await developer.presses('Add logo');
    await developer.isToldAt(/^Logo/, /logo\.svg.*PNG, JPEG or WebP/);
    await logo().setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: PICTURE });
    await developer.presses('Add logo');
    await expect(developer.page.locator('#logo img')).toBeVisible();
    await developer.page
      .getByLabel(/^Screenshot/)
      .first()
      .setInputFiles({ name: 'day.png', mimeType: 'image/png', buffer: PICTURE });
    await developer.presses('Add screenshots');
    await developer.fills('Screenshot 1 shows', 'A day with its tides and readings.');
    await developer.presses('Save what they show');
    await developer.opens(entry);
    await developer.presses('Send in for review');
  });

  await test.step('a manager asks for changes, then publishes it for visitors', async () => {
    await manager.opens('/gallery/review');
    await manager.follows('Marisma');
    review = new URL(manager.page.url()).pathname;
    await manager.presses('Ask for changes');
    await manager.isToldAt('What to change', /.+/);
    await manager.fills('What to change', 'Say whose tides.');
    await manager.presses('Ask for changes');
    await developer.opens(entry);
    await expect(developer.page.locator('main')).toContainText('Say whose tides.');
    // As it was it is not sent in again.
    await expect(developer.page.locator('main')).toContainText('Nothing differs from version 1');
    await developer.follows('Edit texts');
    await developer.fills(/^Description/, 'Marisma shows the readings of the day beside the tides of your harbour, and says how old the newest one is.');
    await developer.presses('Save');
    await developer.opens(entry);
    await developer.presses('Send in for review');
    await manager.opens(review);
    await manager.presses('Publish');
    await visitor.opens('/gallery?q=tides');
    await visitor.follows('Marisma');
    shown = new URL(visitor.page.url()).pathname;
    await expect(visitor.page.locator('main')).toContainText('neither an approval nor an endorsement');
    const logo = visitor.page.locator('.gallery-head img');
    await expect(logo).toBeVisible();
    expect(await logo.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);

    // What is public stays as it was until the next version is published.
    await developer.opens(entry);
    await developer.follows('Edit texts');
    await developer.fills(/^Tagline/, 'The tides of Cádiz and readings on one page');
    await developer.presses('Save');
    await developer.presses('Send in for review');
    await visitor.opens(shown);
    await expect(visitor.page.locator('main')).toContainText('Tides and readings on one page');
    await manager.opens(review);
    await expect(manager.page.locator('#changes ins').first()).toContainText('Cádiz');
    await manager.presses('Publish');
    await visitor.opens(shown);
    await expect(visitor.page.locator('main')).toContainText('Cádiz');
  });

  await test.step('a narrow page, large names, and colours that the person chose', async () => {
    await visitor.page.setViewportSize({ width: 320, height: 700 });
    for (const path of ['/gallery', '/gallery?language=ar', shown]) {
      await visitor.opens(path);
      expect.soft(await isWiderThanThePage(visitor), `${path} at 320 px`).toBe(false);
    }
    await visitor.page.emulateMedia({ forcedColors: 'active' });
    await visitor.opens(shown);
    await expect(visitor.page.getByRole('link', { name: /App Store/ }).first()).toBeVisible();
  });

  await test.step('without its access the partner is warned, and comes back with it', async () => {
    await approver.opens('/queue?view=ended&state=approved&q=Marisma');
    const link = approver.page.locator('main').getByRole('link', { name: /UD-\d+/ }).first();
    const number = ((await link.getAttribute('href')) ?? '').match(/UD-\d+/)?.[0] ?? '';
    await changesGrant(approver, number, 'Suspend grant', 'Readings of somebody else were seen.');
    await developer.opens(partnership);
    await expect(developer.page.locator('main')).toContainText('a criterion is not met');
    await expect(developer.page.locator('main')).toContainText('suspended since');
    expect((await visitor.page.request.get(shown)).status(), 'hidden').toBe(404);
    await developer.opens(entry);
    await expect(developer.page.locator('main')).toContainText('Your entry is not shown at present');
    await changesGrant(approver, number, 'Reinstate grant', 'The fault was put right.');
    await developer.opens(partnership);
    await expect(developer.page.locator('main')).toContainText('This app is a Digital Health Partner.');
    await expect(developer.page.locator('#lapses')).toContainText('Adheres to the Data Licensing Agreement');
    expect((await visitor.page.request.get(shown)).status(), 'shown again').toBe(200);
  });

  await test.step('an entry that is taken down is gone, and its developer reads why', async () => {
    await manager.opens(review);
    await manager.fills('Why', 'Marisma asked us to.');
    await manager.presses('Take down');
    expect((await visitor.page.request.get(shown)).status(), 'taken down').toBe(404);
    await developer.opens(entry);
    await expect(developer.page.locator('main')).toContainText('Marisma asked us to.');
  });

  await test.step('what is not yours does not exist', async () => {
    const stranger = await another();
    await stranger.signsInAs('Sam Okafor');
    const answer = await stranger.page.request.get(partnership);
    expect(answer.status()).toBe(404);
  });
});
