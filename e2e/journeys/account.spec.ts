import { expect, test, type Someone } from '../support/test.js';
import { CHOSEN_PASSWORD, fillsRegistration, registers } from '../support/developer.js';
import { codeOf } from '../support/authenticator.js';
import { Authenticator } from '../support/passkey.js';

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

test('what somebody is told is in the inbox, and letters come as they were chosen', async ({ someone }) => {
  const username = `ines-${test.info().project.name}`;
  await registers(someone, 'Ines Alba', username);
  const places = someone.page.getByRole('navigation', { name: 'Places' });
  await someone.opens('/inbox');
  const told = (words: string) => someone.page.getByRole('row').filter({ hasText: words });
  // A letter with a link says no more than that it was sent.
  await expect(told('which alone has the link').getByRole('link')).toHaveCount(0);
  await expect(places.getByRole('link', { name: 'Inbox' })).toHaveText('Inbox');

  const next = ['eight loud harbours', 'nine calm meadows', 'ten grey pebbles'];
  let present = CHOSEN_PASSWORD;
  for (const password of next) {
    await someone.opens('/account/password');
    await someone.fills('Present password', present);
    await someone.fills('New password', password);
    await someone.presses('Change password');
    present = password;
  }
  await expect(places.getByRole('link', { name: 'Inbox' })).toHaveText('Inbox3');
  await someone.opens('/inbox');
  await expect(told('Unread')).toHaveCount(3);
  await told('Unread').first().getByRole('link').click();
  await expect(someone.page).toHaveURL(/\/account$/);
  await someone.opens('/inbox');
  await expect(told('Unread')).toHaveCount(2);
  await someone.presses(/^Mark as read/);
  await expect(someone.page).toHaveURL(/\/inbox$/);
  await expect(told('Unread')).toHaveCount(1);
  await someone.presses('Mark all as read');
  await expect(told('Unread')).toHaveCount(0);
  await expect(places.getByRole('link', { name: 'Inbox' })).toHaveText('Inbox');

  await someone.follows('Choose letters');
  const joined = someone.page.getByRole('group', { name: /Somebody joined an app/ });
  await expect(joined.getByLabel('At once')).toBeChecked();
  await joined.getByLabel('In a daily digest').check();
  await someone.page.getByRole('group', { name: /Somebody left an app/ }).getByLabel('Never').check();
  await someone.presses('Save');
  await expect(someone.page.getByRole('status')).toContainText('Saved');
  await someone.opens('/account/letters');
  await expect(joined.getByLabel('In a daily digest')).toBeChecked();
  await expect(someone.page.getByRole('group', { name: /Somebody left an app/ }).getByLabel('Never')).toBeChecked();
});

test('an account gets another address, a second factor and a passkey, ends a session and is closed', async ({ someone, another }) => {
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
  await expect(someone.page.locator('main')).toContainText('It has a mail of its own');
  await someone.opensLinkFromMail(`${username}-new@example.org`, /\/account\/email\/confirm\?/);
  await someone.presses('Confirm');
  await expect(someone.page.locator('main')).toContainText('go to the new one from now on');
  await someone.follows('Look at the account');
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

  // A passkey signs in by itself; without scripts the page says that it cannot.
  await someone.follows('Add a passkey');
  if (someone.scripts) {
    await addsNamesAndRemovesAPasskey(someone, username);
    await someone.fills('Username or email', username);
    await someone.fills('Password', CHOSEN_PASSWORD);
    await someone.presses('Sign in');
    await someone.fills('Code', codes[1] ?? '');
    await someone.presses('Sign in');
  } else {
    await expect(someone.page.locator('#add noscript p')).toBeVisible();
    await someone.opens('/sign-in');
    await someone.presses('Sign in with a passkey');
    await expect(someone.page.locator('main noscript p')).toBeVisible();
  }

  await someone.opens('/account');
  await someone.follows('Close account');
  await someone.fills('Password', CHOSEN_PASSWORD);
  await someone.fills('Code', '000000');
  await someone.presses('Close account');
  await someone.isToldAt('Code', /does not fit/);
  await someone.fills('Password', CHOSEN_PASSWORD);
  await someone.fills('Code', codes[2] ?? '');
  await someone.presses('Close account');
  await expect(someone.page.locator('main')).toContainText('Your account is closed');
  await someone.fills('Username or email', username);
  await someone.fills('Password', CHOSEN_PASSWORD);
  await someone.presses('Sign in');
  await someone.isToldAt('Username or email', /do not fit/);
});

/** From the page of passkeys, with scripts. */
async function addsNamesAndRemovesAPasskey(someone: Someone, username: string): Promise<void> {
  const { page } = someone;
  const device = await Authenticator.on(page);

  // The device does not recognise its holder, then it does.
  await device.recognises(false);
  await someone.fills('Name', 'Her laptop');
  await someone.fills('Password', CHOSEN_PASSWORD);
  await someone.presses('Add passkey');
  await expect(page.getByRole('status')).toContainText('Nothing was done');
  await device.recognises(true);
  await page.getByRole('button', { name: 'Ask again' }).click();
  await page.waitForURL(/\/account\/passkeys\?done=passkey-added/);
  await someone.settles();
  await expect(page.getByRole('row', { name: /Her laptop/ })).toContainText('Not yet');

  // The same device is not added twice.
  await someone.fills('Name', 'Once more');
  await someone.fills('Password', CHOSEN_PASSWORD);
  await page.getByRole('button', { name: 'Add passkey' }).click();
  await expect(page.getByRole('status')).toContainText('has a passkey for your account already');

  // By itself …
  await signsOut(someone);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  // … and after the password.
  await signsOut(someone);
  await someone.fills('Username or email', username);
  await someone.fills('Password', CHOSEN_PASSWORD);
  await someone.presses('Sign in');
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));

  await someone.opens('/account/passkeys');
  await expect(page.getByRole('row', { name: /Her laptop/ })).not.toContainText('Not yet');
  await someone.follows('Her laptop');
  await someone.fills('Name', 'Her old laptop');
  await someone.presses('Save name');
  await someone.follows('Her old laptop');
  await someone.fills('Password', CHOSEN_PASSWORD);
  await someone.presses('Remove passkey');
  await expect(page.locator('main')).toContainText('No passkeys yet');

  // The device offers it still, and is refused.
  await signsOut(someone);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page.getByRole('alert')).toContainText('lets nobody in here');
  expect(await device.holds()).toBe(1);
}

async function signsOut(someone: Someone): Promise<void> {
  await someone.page.getByRole('button', { name: /^Account of/ }).click();
  await someone.presses('Sign out');
}
