import { createsApp, registers, startsApplication } from '../support/developer.js';
import { expect, test } from '../support/test.js';
import { pdf } from '../support/pdf.js';

test.describe.configure({ timeout: 600_000 });

test('an upload says how far it is and can be stopped', async ({ someone, browser, desk }) => {
  await registers(someone, 'Paula Progress', `paula-${test.info().project.name}`);
  const number = await startsApplication(someone, await createsApp(someone, 'Slowmotion'), 'Limited Access');
  const path = `${desk.url}/applications/${number}/form/screens/files`;
  // In a browser of its own: there a request that breaks off is no surprise.
  const context = await browser.newContext({ storageState: await someone.page.context().storageState() });
  const page = await context.newPage();
  const line = async (speed: number): Promise<void> => {
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: speed,
    });
  };
  await page.goto(path);
  await expect(page.locator('body')).toHaveAttribute('data-typed', 'kept');
  const chooser = page.locator('input[type=file]');
  const row = (name: string) => page.locator('.upload', { hasText: name });
  await chooser.setInputFiles([pdf('heavy.pdf', 21 << 20), pdf('slow.pdf', 4_000_000), pdf('small.pdf')]);
  // Told before anything is sent.
  await expect(row('heavy.pdf')).toContainText('Too large, not sent: it has 22.0 MB, at most 20 MB can be.');
  await expect(chooser).toHaveAccessibleDescription(/heavy\.pdf.*Too large/);
  await line(400_000);
  await page.getByRole('button', { name: 'Attach file' }).click();
  await expect(row('slow.pdf').locator('progress')).toBeVisible();
  await expect.poll(async () => Number(await row('slow.pdf').locator('progress').getAttribute('value'))).toBeGreaterThan(0);
  await expect(row('slow.pdf')).toContainText(/of 4\.0 MB, \d+ %/);
  await expect(row('small.pdf')).toContainText('not attached yet');
  await page.getByRole('button', { name: 'Stop slow.pdf' }).click();
  await expect(row('slow.pdf')).toContainText('Stopped; nothing of it was stored.');
  await line(-1);
  await expect(row('small.pdf')).toContainText('Attached', { timeout: 30_000 });
  // The page stays for what is not there yet; the button sends it again.
  await expect(page).toHaveURL(path);
  await page.getByRole('button', { name: 'Attach file' }).click();
  await expect(row('slow.pdf')).toContainText('Attached', { timeout: 30_000 });
  await page.getByRole('link', { name: 'Go on with what is attached' }).click();
  const files = page.locator('.files');
  await expect(files.getByRole('link', { name: 'small.pdf' })).toHaveCount(1);
  await expect(files.getByRole('link', { name: 'slow.pdf' })).toHaveCount(1);
  await expect(files.getByRole('link', { name: 'heavy.pdf' })).toHaveCount(0);
  // A file that cannot be sent does not hold up the form: it is taken out again.
  await page.goto(path);
  await expect(page.locator('body')).toHaveAttribute('data-typed', 'kept');
  await chooser.setInputFiles([pdf('heavy.pdf', 21 << 20)]);
  await page.getByRole('button', { name: 'Continue' }).click();
  const takeOut = page.getByRole('button', { name: 'Take out heavy.pdf' });
  await expect(takeOut).toBeFocused();
  await expect(page).toHaveURL(path);
  await takeOut.click();
  await expect(row('heavy.pdf')).toHaveCount(0);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page).not.toHaveURL(path);
  await expect(page).toHaveTitle(/^(?!Error)/);
  await context.close();
});
