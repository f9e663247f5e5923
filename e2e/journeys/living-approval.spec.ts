import { expect, test } from '../support/test.js';

test('a page that changed is compared and raised, and its developer reads what is asked', async ({ another }) => {
  const [reviewer, developer, stranger] = [await another(), await another(), await another()];
  await reviewer.signsInAs('伊藤 明 (Akira Ito)');
  await reviewer.opens('/changes');
  await reviewer.follows(/Privacy policy/);
  const change = new URL(reviewer.page.url()).pathname;
  await expect(reviewer.page.locator('main')).toContainText('five years');
  await reviewer.fills('What to ask or to correct', '');
  await reviewer.presses('Raise with the developer');
  await reviewer.isToldAt('What to ask or to correct', /.+/);
  await reviewer.fills('What to ask or to correct', 'Why five years, and who are the partners?');
  await reviewer.presses('Raise with the developer');

  await developer.signsInAs('Maya Lindqvist');
  await developer.opens('/apps');
  await developer.follows('GlucoWise Coach');
  await expect(developer.page.locator('main')).toContainText('Why five years, and who are the partners?');
  await expect(developer.page.locator('main')).not.toContainText('Akira');
  // The attestation: what is missing is said, and then it is given.
  await developer.presses('Give the attestation');
  await developer.isToldAt('Your full name', /.+/);
  await developer.page.getByLabel(/The contacts on record are right/).check();
  await developer.page.getByLabel(/The app uses the data as approved/).check();
  await developer.fills('Your full name', 'Maya Lindqvist');
  await developer.presses('Give the attestation');
  await expect(developer.page.getByRole('button', { name: 'Give the attestation' })).toHaveCount(0);

  await stranger.signsInAs('Sam Okafor');
  const answer = await stranger.page.request.get(change);
  expect(answer.status()).toBe(404);
});
