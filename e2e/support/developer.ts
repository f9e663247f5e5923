import { expect, type Someone } from './test.js';
import { ANSWERS, CHOICES } from './answers.js';

/** What the demo's people sign with. */
export const PASSWORD = 'correct horse battery';

/** What people who register here choose. */
export const CHOSEN_PASSWORD = 'seven quiet rivers';

export type Level = 'Limited Access' | 'Full Access';

/** Fills in what registration asks, but for the password and the agreement. */
export async function fillsRegistration(someone: Someone, name: string, username: string): Promise<void> {
  await someone.opens('/register');
  await someone.fills('Your name', name);
  await someone.fills('Organisation', 'Haddad & Søn');
  await someone.fills('Email', `${username}@example.org`);
  await someone.fills('Username', username);
}

/** Registers, verifies the email by its link and signs in. */
export async function registers(someone: Someone, name: string, username: string): Promise<void> {
  await fillsRegistration(someone, name, username);
  await someone.fills('Password', CHOSEN_PASSWORD);
  await someone.page.getByLabel(/I accept the Registered Developer Agreement/).check();
  await someone.presses('Register');
  await expect(someone.page.getByRole('heading', { level: 1 })).toHaveText('Check your mail');

  await someone.opensLinkFromMail(`${username}@example.org`, /\/verify\?/);
  await someone.presses('Verify email');
  await someone.fills('Username or email', username);
  await someone.fills('Password', CHOSEN_PASSWORD);
  await someone.presses('Sign in');
  await expect(someone.page).not.toHaveURL(/\/sign-in/);
}

/** Creates an app and returns its address; its secret is shown once on the way. */
export async function createsApp(developer: Someone, name: string): Promise<string> {
  await developer.opens('/apps/new');
  await developer.fills('Name', name);
  await developer.fills(/^Organisation/, 'Tidelog');
  await developer.fills('Description', 'A diary of one’s own readings.');
  await developer.presses('Create app');
  await expect(developer.page.locator('main')).toContainText(/secret/i);
  const secret = await developer.page.locator('code.secret').innerText();
  await developer.page.reload();
  await expect(developer.page.locator('code.secret')).toHaveText(secret);
  await developer.follows('I have copied it');
  await expect(developer.page.getByRole('heading', { level: 1 })).toHaveText(name);
  return new URL(developer.page.url()).pathname;
}

/** Opens an application for the app and returns the number of its case. */
export async function startsApplication(developer: Someone, app: string, level: Level): Promise<string> {
  await developer.opens(app);
  await developer.presses(`Apply for ${level}`);
  await expect(developer.page).toHaveURL(/\/applications\/UD-\d+/);
  const number = developer.page.url().match(/UD-\d+/)?.[0];
  if (number === undefined) throw new Error(`no case number in ${developer.page.url()}`);
  return number;
}

/** Goes through the steps of the form from the first to the last, filling in what is asked. */
export async function fillsForm(developer: Someone, number: string): Promise<void> {
  await developer.opens(`/applications/${number}/form/product`);
  // More steps than the longest form has: a form that leads in circles fails here.
  for (let step = 0; step < 30; step += 1) {
    if (developer.page.url().endsWith('/check')) return;
    if (developer.page.url().endsWith('/files')) {
      await attaches(developer);
      await developer.presses('Continue');
      continue;
    }
    await fillsFields(developer);
    await developer.presses('Save and continue');
  }
  throw new Error(`the form of ${number} has no end`);
}

/** The smallest file that passes for what its name says. */
const PAPER = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n');

/** Attaches a file to a step of the form, if it has none yet. */
async function attaches(developer: Someone): Promise<void> {
  const name = 'Evening – Abend 夜.pdf';
  if ((await developer.page.getByRole('link', { name }).count()) > 0) return;
  await developer.page.locator('input[type=file]').first().setInputFiles({
    name,
    mimeType: 'application/pdf',
    buffer: PAPER,
  });
  // What was chosen is attached on the way.
  const here = developer.page.url();
  await developer.presses('Continue');
  await expect(developer.page).not.toHaveURL(here);
  await developer.opens(here);
  await expect(developer.page.getByRole('link', { name })).toHaveCount(1);
}

async function fillsFields(developer: Someone): Promise<void> {
  const form = developer.page.locator('form#section');
  for (const [name, text] of Object.entries(ANSWERS)) {
    const field = form.locator(`input[name="${name}"]:not([type=hidden]), textarea[name="${name}"]`);
    if ((await field.count()) > 0) await field.fill(text);
  }
  for (const [name, values] of Object.entries(CHOICES)) {
    for (const value of values) {
      const box = form.locator(`input[name="${name}"][value="${value}"]`);
      if ((await box.count()) > 0) await box.check();
    }
  }
}

/** Confirms what was written and hands it in. */
export async function submits(developer: Someone, number: string): Promise<void> {
  await developer.opens(`/applications/${number}/check`);
  await developer.page.getByLabel('The contacts above are up to date.').check();
  await developer.page.getByLabel(/All of this is accurate/).check();
  await developer.presses('Submit application');
  await expect(developer.page).toHaveURL(new RegExp(`/applications/${number}(\\?|$)`));
}

/** Answers every open question, and corrects these fields of the form on the way. */
export async function answers(
  developer: Someone,
  number: string,
  text: string,
  amended: Record<string, string> = {},
): Promise<void> {
  await developer.opens(`/applications/${number}/answer`);
  for (const [field, better] of Object.entries(amended)) {
    await developer.page.locator(`[name$="${field}"]`).fill(better);
  }
  for (const field of await developer.page.getByLabel('Answer', { exact: true }).all()) {
    await field.fill(text);
  }
  await developer.presses('Send answers');
  await expect(developer.page).toHaveURL(new RegExp(`/applications/${number}(\\?|$)`));
}

/** Responds to every finding and hands the application in again. */
export async function resubmits(developer: Someone, number: string, text: string): Promise<void> {
  await developer.opens(`/applications/${number}/corrections`);
  for (const field of await developer.page.getByLabel('Response', { exact: true }).all()) {
    await field.fill(text);
  }
  await developer.presses('Resubmit');
  await expect(developer.page).toHaveURL(new RegExp(`/applications/${number}(\\?|$)`));
}

/** Reads the agreement and signs it. */
export async function acceptsAgreement(developer: Someone, number: string, password = PASSWORD): Promise<void> {
  await developer.opens(`/applications/${number}/agreement`);
  const consent = developer.page.getByLabel('I have read the agreement above and accept it.');
  await expect(consent).not.toBeChecked();
  await developer.fills('In what capacity you sign', 'Managing director');
  await consent.check();
  await developer.fills('Your password', password);
  await developer.presses('Accept agreement');
  await developer.opens(`/applications/${number}/agreement`);
  await expect(consent).toHaveCount(0);
}
