import { expect, test } from '../support/test.js';
import { fillsRegistration, registers } from '../support/developer.js';

const NAME = 'Noor "</textarea><script>alert(1)</script>" Haddad';

test('a refused registration keeps what was typed and says what to correct', async ({ someone }) => {
  await fillsRegistration(someone, NAME, 'noor-refused');
  await someone.fills('Password', 'short');
  await someone.presses('Register');

  const summary = someone.page.getByRole('alert').or(someone.page.locator('.error-summary')).first();
  await expect(summary).toBeVisible();
  await expect(someone.page.getByLabel('Your name')).toHaveValue(NAME);
  await expect(someone.page.getByLabel('Organisation')).toHaveValue('Haddad & Søn');
  await expect(someone.page.getByLabel('Password')).toHaveValue('');
  await someone.isToldAt('Password', /10 characters/);
});

test('a wrong password is refused without saying which part was wrong', async ({ someone }) => {
  await someone.opens('/sign-in');
  await someone.fills('Username or email', 'maya');
  await someone.fills('Password', 'not hers at all');
  await someone.presses('Sign in');
  await expect(someone.page).toHaveURL(/\/sign-in/);
  await expect(someone.page.getByLabel('Username or email')).toHaveValue('maya');
  await expect(someone.page.locator('main')).toContainText(/password/i);
});

test('a page of the desk asks a stranger to sign in and then leads there', async ({ someone }) => {
  await someone.opens('/apps');
  await expect(someone.page).toHaveURL(/\/sign-in/);
  await someone.presses('Maya Lindqvist');
  await expect(someone.page).toHaveURL(/\/apps$/);
});

test('a link that does not exist leads to a page that says so', async ({ someone }) => {
  await someone.opens('/no-such-page');
  await expect(someone.page.getByRole('heading', { level: 1 })).toBeVisible();
  await someone.opens('/verify?token=0000');
  await expect(someone.page.getByRole('heading', { level: 1 })).toBeVisible();
});

test('registration, verified email, sign-out and a forgotten password', async ({ someone }) => {
  const username = `noor-${test.info().project.name}`;
  await registers(someone, NAME, username);

  await someone.page.getByRole('button', { name: /^Account of/ }).click();
  await someone.presses('Sign out');
  await someone.follows(/Forgotten/);
  await someone.fills('Email', `${username}@example.org`);
  await someone.presses('Send link');
  await someone.opensLinkFromMail(`${username}@example.org`, /\/reset\?/);
  await someone.fills('New password', 'eight loud harbours');
  await someone.presses('Set password');
  await someone.fills('Username or email', username);
  await someone.fills('Password', 'eight loud harbours');
  await someone.presses('Sign in');
  await expect(someone.page).not.toHaveURL(/\/sign-in/);
});
