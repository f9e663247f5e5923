import { expect, type Someone } from './test.js';
import { ANSWERS, CHOICES } from './answers.js';

/** What the demo's people sign with. */
export const PASSWORD = 'correct horse battery';

export type Level = 'Limited Access' | 'Full Access';

/** Creates an app and returns its address; its secret is shown once on the way. */
export async function createsApp(developer: Someone, name: string): Promise<string> {
  await developer.opens('/apps/new');
  await developer.fills('Name', name);
  await developer.fills(/^Organisation/, 'Tidelog');
  await developer.fills('Description', 'A diary of one’s own readings.');
  await developer.presses('Create app');
  await expect(developer.page.locator('main')).toContainText(/secret/i);
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
      await developer.follows('Continue');
      continue;
    }
    await fillsFields(developer);
    await developer.presses('Save and continue');
  }
  throw new Error(`the form of ${number} has no end`);
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

/** Answers every open question. */
export async function answers(developer: Someone, number: string, text: string): Promise<void> {
  await developer.opens(`/applications/${number}/answer`);
  for (const field of await developer.page.getByLabel('Answer', { exact: true }).all()) {
    await field.fill(text);
  }
  await developer.presses('Answer');
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
export async function acceptsAgreement(developer: Someone, number: string): Promise<void> {
  await developer.opens(`/applications/${number}/agreement`);
  const consent = developer.page.getByLabel('I have read the agreement above and accept it.');
  await expect(consent).not.toBeChecked();
  await developer.fills('In what capacity you sign', 'Managing director');
  await consent.check();
  await developer.fills('Your password', PASSWORD);
  await developer.presses('Accept agreement');
  await developer.opens(`/applications/${number}/agreement`);
  await expect(consent).toHaveCount(0);
}
