import { expect, test, type Someone } from '../support/test.js';
import { PASSWORD } from '../support/developer.js';

/** The day so many days ago, as a date is typed. */
function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

/** Reads the page again until it says so: the clock looks at partners every few seconds. */
async function comesToRead(someone: Someone, path: string, words: string | RegExp): Promise<void> {
  await expect(async () => {
    await someone.opens(path);
    await expect(someone.page.locator('main')).toContainText(words, { timeout: 1_000 });
  }).toPass({ timeout: 60_000, intervals: [1_000] });
}

async function changesGrant(approver: Someone, number: string, step: string, reason: string): Promise<void> {
  await approver.opens(`/cases/${number}`);
  await approver.follows(step);
  await approver.fills('Reason', reason);
  await approver.fills('Your password', PASSWORD);
  await approver.presses(step);
}

test('an app becomes a partner, falls out and comes back', async ({ another }) => {
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

  await test.step('without its access the partner is warned, and comes back with it', async () => {
    await approver.opens('/queue?view=ended&state=approved&q=Marisma');
    const link = approver.page.locator('main').getByRole('link', { name: /UD-\d+/ }).first();
    const number = ((await link.getAttribute('href')) ?? '').match(/UD-\d+/)?.[0] ?? '';
    await changesGrant(approver, number, 'Suspend grant', 'Readings of somebody else were seen.');
    await comesToRead(developer, partnership, 'a criterion is not met');
    await expect(developer.page.locator('main')).toContainText('suspended since');
    await changesGrant(approver, number, 'Reinstate grant', 'The fault was put right.');
    await comesToRead(developer, partnership, 'This app is a Digital Health Partner.');
    await expect(developer.page.locator('#lapses')).toContainText('Adheres to the Data Licensing Agreement');
  });

  await test.step('what is not yours does not exist', async () => {
    const stranger = await another();
    await stranger.signsInAs('Sam Okafor');
    const answer = await stranger.page.request.get(partnership);
    expect(answer.status()).toBe(404);
  });
});
