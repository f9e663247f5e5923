import type { Locator } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { expect, type Someone } from './test.js';
import { PASSWORD } from './developer.js';

export type List = 'completeness' | 'commercial' | 'technical';

/** Takes what nobody has, from the case's action bar. */
export async function takes(
  reviewer: Someone,
  number: string,
  words: 'Take case' | 'Take commercial review' | 'Take technical review',
): Promise<void> {
  await reviewer.opens(`/cases/${number}`);
  await reviewer.presses(words);
  await expect(reviewer.page.getByRole('button', { name: words, exact: true })).toHaveCount(0);
}

/** Asks one question about a field of the form, or about the application as a whole. */
export async function asks(reviewer: Someone, number: string, question: string, about = 'case'): Promise<void> {
  await reviewer.opens(`/cases/${number}/clarify`);
  await reviewer.page.locator('[name="about-1"]').selectOption(about);
  await reviewer.page.locator('[name="text-1"]').fill(question);
  await reviewer.presses('Request clarification');
  await expect(reviewer.page.locator('main')).toContainText(question);
}

/** How many items of a checklist are marked by hand; the others as their rows say. */
const BY_HAND = 3;

/** The rows of items that nobody has looked at. */
function rows(reviewer: Someone): Locator {
  return reviewer.page.locator('#work li.line', { has: reviewer.page.getByRole('button', { name: /^Pass: / }) });
}

/** Waits until what was sent or followed in its place is answered. */
export async function isAnswered(reviewer: Someone): Promise<void> {
  if (reviewer.scripts) await expect(reviewer.page.locator('body')).toHaveAttribute('data-workspace', 'ready');
  await reviewer.settles();
}

/** Opens the page of a case at a list. */
async function opensList(reviewer: Someone, number: string, list: List): Promise<void> {
  await reviewer.page.goto(`/cases/${number}?open=${list}`);
  await isAnswered(reviewer);
}

/** Takes the first item that nobody has looked at into the hand. */
export async function takesUp(reviewer: Someone): Promise<Locator> {
  await rows(reviewer).first().locator('a.item').click();
  await isAnswered(reviewer);
  return reviewer.page.locator('#work .at-hand form.check');
}

/** Marks every item that has no mark yet as passed, each with its evidence. */
export async function passesAll(reviewer: Someone, number: string, list: List): Promise<void> {
  const page = reviewer.page;
  const evidence = 'Read and tried on 22 November.';
  await opensList(reviewer, number, list);
  for (let item = 0; item < BY_HAND && (await rows(reviewer).count()) > 0; item += 1) {
    const form = await takesUp(reviewer);
    await form.getByLabel(/^Evidence/).fill(evidence);
    await form.getByRole('button', { name: 'Pass', exact: true }).click();
    await isAnswered(reviewer);
    await page.goto(`/cases/${number}?open=${list}`);
    await isAnswered(reviewer);
  }
  const hidden = await page
    .locator(`form#pass-${list} input[type=hidden]`)
    .evaluateAll((inputs) => inputs.map((input) => [(input as HTMLInputElement).name, (input as HTMLInputElement).value]));
  const buttons = await rows(reviewer)
    .locator('button')
    .evaluateAll((buttons) => buttons.map((button) => (button as HTMLButtonElement).value));
  for (const item of buttons) {
    const answer = await page.request.post('/do/check_item', {
      form: { ...(Object.fromEntries(hidden) as Record<string, string>), item, evidence, once: randomUUID() },
      headers: { 'sec-fetch-site': 'same-origin', accept: 'text/html' },
      maxRedirects: 0,
    });
    expect(answer.headers()['location'], `${list}: ${item}`).not.toMatch(/[?&]kept=/);
    expect(answer.status(), `${list}: ${item}`).toBe(303);
  }
  await reviewer.opens(`/cases/${number}?open=${list}`);
  await expect(rows(reviewer)).toHaveCount(0);
}

/** Fails the first item that has no mark yet, with what is wrong. */
export async function failsOne(reviewer: Someone, number: string, list: List, fault: string): Promise<void> {
  await opensList(reviewer, number, list);
  const form = await takesUp(reviewer);
  await form.getByLabel('Fail…').check();
  await form.locator('[name="note"]').fill(fault);
  await form.getByRole('button', { name: 'Fail', exact: true }).click();
  await isAnswered(reviewer);
  await reviewer.opens(`/cases/${number}?open=${list}&read=all`);
  await expect(reviewer.page.locator('main')).toContainText(fault);
}

/** Presses a button of the case's action bar. */
export async function does(staff: Someone, number: string, words: string): Promise<void> {
  await staff.opens(`/cases/${number}`);
  await staff.presses(words);
  await expect(staff.page.getByRole('button', { name: words, exact: true })).toHaveCount(0);
}

/** Signs the approval. */
export async function approves(approver: Someone, number: string): Promise<void> {
  await approver.opens(`/cases/${number}/approve`);
  await approver.fills('Your password', PASSWORD);
  await approver.presses('Approve');
  await expect(approver.page).toHaveURL(new RegExp(`/cases/${number}(\\?|$)`));
  await expect(approver.page.locator('main')).toContainText('Approved');
}
