import { createsApp, registers, startsApplication } from '../support/developer.js';
import { expect, test } from '../support/test.js';

const PDF = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n');

/** A file that passes for a PDF, of so many bytes. */
function pdf(name: string, size = PDF.length): { name: string; mimeType: string; buffer: Buffer } {
  return { name, mimeType: 'application/pdf', buffer: Buffer.concat([PDF, Buffer.alloc(size - PDF.length)]) };
}

test.describe.configure({ timeout: 600_000 });

test('what is wrong in a section is named where one returns, and linked from wherever it is counted', async ({ someone }) => {
  await registers(someone, 'Wanda Wrong', `wanda-${test.info().project.name}`);
  const number = await startsApplication(someone, await createsApp(someone, 'Firstline'), 'Limited Access');
  const page = someone.page;
  const form = (section: string) => `/applications/${number}/form/${section}`;

  await someone.opens(form('privacy'));
  await expect(page.getByText('Still to do on this step')).toHaveCount(0);
  await someone.fills('Privacy policy', 'javascript:alert(1)');
  await someone.presses('Save and continue');
  await someone.opens(form('launch'));
  await someone.fills('Expected users', 'abc');
  await someone.presses('Save and continue');
  await someone.opens(form('contacts'));
  await someone.fills('Email of this contact', 'nobody at all');
  await someone.presses('Save and continue');

  const steps = page.getByRole('navigation', { name: 'Steps of the form' });
  for (const [section, label, typed, words] of [
    ['privacy', 'Privacy policy', 'javascript:alert(1)', /https:/],
    ['launch', 'Expected users', 'abc', /write a whole number from 1/],
    ['contacts', 'Email of this contact', 'nobody at all', /Email of this contact: /],
  ] as const) {
    await steps.getByRole('link', { name: label, exact: true }).click();
    await expect(page).toHaveURL(new RegExp(`${form(section)}#`));
    await someone.settles();
    const field = page.getByLabel(label).first();
    await expect(field).toHaveValue(typed);
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await expect(field).toHaveAccessibleDescription(words);
    const notice = page.locator('.notice', { hasText: 'Still to do on this step' });
    await expect(notice.getByRole('link', { name: words })).toBeVisible();
  }
  // What was not answered yet is named and not blamed.
  const launch = page.getByLabel('Planned launch');
  await someone.opens(form('launch'));
  await expect(launch).not.toHaveAttribute('aria-invalid', 'true');
  await page.locator('.notice').getByRole('link', { name: /^Planned launch/ }).click();
  await expect(launch).toBeInViewport();

  await someone.opens(`/applications/${number}/check`);
  await page.getByRole('link', { name: /^Expected users: write a whole number/ }).click();
  await expect(page).toHaveURL(new RegExp(`${form('launch')}#`));
  await someone.fills('Expected users', '1200');
  await someone.presses('Save and continue');
  await someone.opens(form('launch'));
  await expect(page.getByLabel('Expected users')).not.toHaveAttribute('aria-invalid', 'true');
});

test('a second secret is never made unawares', async ({ someone }) => {
  await registers(someone, 'Sofia Secret', `sofia-${test.info().project.name}`);
  const app = await createsApp(someone, 'Keyring');
  const page = someone.page;
  const secret = page.locator('code.secret');
  const replace = `${app}/secret?environment=sandbox&replace=yes`;
  await someone.opens(app);
  const first = (await page.locator('#environments code', { hasText: '••••' }).first().innerText()).slice(-4);

  await someone.follows('Replace secret of sandbox');
  await page.getByRole('button', { name: 'Replace secret', exact: true }).dblclick();
  await expect(secret).toBeVisible();
  await someone.settles();
  const made = await secret.innerText();
  await expect(page.locator('main')).toContainText(`which ends in ${first}, works until`);
  await page.reload();
  await expect(secret).toHaveText(made);

  // Going back leads to the form; it says what stands, and how to see the secret again.
  await page.goBack();
  await expect(page).toHaveURL(/replace=yes/);
  await page.reload();
  await expect(page.locator('main')).toContainText(`The present secret ends in ${made.slice(-4)}`);
  await expect(page.locator('main')).toContainText(`which ends in ${first}, still works until`);
  await someone.settles();
  await someone.follows('Show it again');
  await expect(secret).toHaveText(made);

  // A page that was open all the while makes none either: it is told that there is a new one.
  const stale = await page.context().newPage();
  await stale.goto(replace);
  await someone.opens(replace);
  await someone.presses('Replace secret');
  const next = await secret.innerText();
  expect(next).not.toBe(made);
  await stale.getByRole('button', { name: 'Replace secret', exact: true }).click();
  await expect(stale.locator('main')).toContainText('Nothing of yours was carried out');
  await expect(stale.locator('main')).toContainText(`The present secret ends in ${next.slice(-4)}`);
  await stale.close();
});

test('several files are attached at once', async ({ someone }) => {
  await registers(someone, 'Frida Files', `frida-${test.info().project.name}`);
  const number = await startsApplication(someone, await createsApp(someone, 'Filecase'), 'Limited Access');
  await someone.opens(`/applications/${number}/form/screens/files`);
  const chooser = someone.page.locator('input[type=file]');
  const link = (name: string) => someone.page.locator('.files').getByRole('link', { name });
  await chooser.setInputFiles([pdf('one.pdf'), pdf('two.pdf', 300_000)]);
  await someone.presses('Attach file');
  await expect(someone.page.getByText('File attached.')).toBeVisible();
  await expect(link('one.pdf')).toBeVisible();
  await expect(link('two.pdf')).toBeVisible();
  // What is not what it says is refused in its place, and the others are there.
  await chooser.setInputFiles([{ ...pdf('three.png'), mimeType: 'image/png' }]);
  await someone.presses('Attach file');
  await expect(chooser).toHaveAccessibleDescription(/three\.png.*by its content this is a PDF/i);
  await expect(link('one.pdf')).toBeVisible();
});

test('an upload says how far it is and can be stopped', async ({ someone, browser, desk }) => {
  test.skip(!someone.scripts, 'without scripts the browser itself says it');
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
  await expect(row('small.pdf')).toContainText('not sent yet');
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
  await context.close();
});
