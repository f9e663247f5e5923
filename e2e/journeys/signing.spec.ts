import { expect, test } from '../support/test.js';
import { PASSWORD } from '../support/developer.js';
import { Authenticator } from '../support/passkey.js';

test('the agreement is signed with a passkey, and its receipt proves it to somebody signed out', async ({
  someone,
  another,
}, info) => {
  test.skip(!someone.scripts, 'Without scripts there are no passkeys: the password signs.');
  const { page } = someone;
  await someone.signsInAs('Maya Lindqvist');
  const device = await Authenticator.on(page);
  await someone.opens('/account/passkeys');
  await someone.fills('Name', 'Laptop');
  await someone.fills('Password', PASSWORD);
  await page.getByRole('button', { name: 'Add passkey' }).click();
  await page.waitForURL(/done=passkey-added/);
  expect(await device.holds()).toBe(1);

  await someone.opens('/apps');
  const asked = page.getByRole('link', { name: /Accept the Data Licensing Agreement/ }).first();
  const application = ((await asked.getAttribute('href')) ?? '').match(/\/applications\/UD-\d+/)?.[0] ?? '';
  await someone.opens(`${application}/agreement`);
  const signs = async () => {
    await someone.fills('In what capacity you sign', 'Managing director');
    await page.getByLabel('I have read the agreement above and accept it.').check();
    await page.getByRole('button', { name: 'Sign with your passkey' }).click();
  };
  // Somebody who is not its holder has the device.
  await device.recognises(false);
  await signs();
  await page.waitForURL(/\/account\/sign/);
  await expect(page.getByRole('status')).toContainText('Nothing was done');
  await expect(page.locator('#what')).toContainText('Maya Lindqvist, Managing director');
  await someone.settles();
  await device.recognises(true);
  await page.getByRole('button', { name: 'Ask again' }).click();
  await page.waitForURL(/done=agreement-accepted/);
  await someone.settles();
  await expect(page.locator('main')).toContainText('Managing director, by passkey');
  await expect(page.getByText('and did not send it')).toHaveCount(0);

  const receipts = page.locator('a[href*="/receipts/"]');
  const download = page.waitForEvent('download');
  await receipts.first().click();
  const receipt = info.outputPath('receipt.json');
  await (await download).saveAs(receipt);
  const stranger = await another();
  await stranger.opens('/verify');
  await stranger.page.locator('input[type=file]').setInputFiles(receipt);
  await stranger.presses('Verify');
  await expect(stranger.page.locator('main')).toContainText('by passkey');
});
