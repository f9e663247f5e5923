import { expect, test } from '../support/test.js';
import { CHOSEN_PASSWORD, fillsRegistration, registers } from '../support/developer.js';
import { codeOf } from '../support/authenticator.js';

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

test('an account gets another address and a second factor, ends a session and is closed', async ({ someone, another }) => {
  test.slow();
  const username = `ada-${test.info().project.name}`;
  await registers(someone, 'Ada Berg', username);

  // Both addresses confirm the new one.
  await someone.opens('/account');
  await someone.follows('Change email');
  await someone.fills('New email', `${username}-new@example.org`);
  await someone.fills('Password', CHOSEN_PASSWORD);
  await someone.presses('Send both links');
  await someone.opensLinkFromMail(`${username}@example.org`, /\/account\/email\/confirm\?/);
  await someone.presses('Confirm');
  await expect(someone.page.locator('main')).toContainText('The other address has a mail of its own');
  await someone.opensLinkFromMail(`${username}-new@example.org`, /\/account\/email\/confirm\?/);
  await someone.presses('Confirm');
  await expect(someone.page.locator('#record')).toContainText(`${username}-new@example.org`);

  // A code is asked for after the password.
  await someone.follows('Set it up');
  await someone.fills('Password', CHOSEN_PASSWORD);
  await someone.presses('Set up');
  const key = (await someone.page.locator('#pair code').textContent()) ?? '';
  await someone.fills('Code', codeOf(key, 0));
  await someone.presses('Turn on');
  const codes = await someone.page.locator('.codes code').allTextContents();
  expect(new Set(codes).size).toBe(10);
  await someone.follows('I have copied them');

  const elsewhere = await another();
  await elsewhere.opens('/sign-in');
  await elsewhere.fills('Username or email', username);
  await elsewhere.fills('Password', CHOSEN_PASSWORD);
  await elsewhere.presses('Sign in');
  await elsewhere.fills('Code', '000000');
  await elsewhere.presses('Sign in');
  await elsewhere.isToldAt('Code', /does not fit/);
  await elsewhere.fills('Code', codes[0] ?? '');
  await elsewhere.presses('Sign in');
  await elsewhere.opens('/account');
  await expect(elsewhere.page.locator('#sessions')).toContainText('This one');

  // The other browser is signed out from here.
  await someone.opens('/account');
  await someone.presses('End');
  await elsewhere.opens('/account');
  await expect(elsewhere.page).toHaveURL(/\/sign-in/);

  await someone.follows('Close account');
  await someone.fills('Password', CHOSEN_PASSWORD);
  await someone.presses('Close account');
  await expect(someone.page.locator('main')).toContainText('Your account is closed');
  await someone.fills('Username or email', username);
  await someone.fills('Password', CHOSEN_PASSWORD);
  await someone.presses('Sign in');
  await someone.isToldAt('Username or email', /do not fit/);
});
