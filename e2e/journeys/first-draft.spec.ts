import { createsApp, registers, startsApplication } from '../support/developer.js';
import { pdf } from '../support/pdf.js';
import { expect, test } from '../support/test.js';

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
  await expect(someone.page.getByText('Attached.', { exact: true })).toBeVisible();
  await expect(link('one.pdf')).toBeVisible();
  await expect(link('two.pdf')).toBeVisible();
  // What is not what it says is refused in its place, and the others are there.
  await chooser.setInputFiles([{ ...pdf('three.png'), mimeType: 'image/png' }]);
  await someone.presses('Attach file');
  await expect(chooser).toHaveAccessibleDescription(/three\.png.*by its content this is a PDF/i);
  await expect(link('one.pdf')).toBeVisible();
});
