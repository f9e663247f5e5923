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

/** How many items of a checklist are marked by hand; the others are sent as their forms say. */
const BY_HAND = 3;

/** Marks every item that has no mark yet as passed, each with its evidence. */
export async function passesAll(reviewer: Someone, number: string, list: List): Promise<void> {
  const page = reviewer.page;
  const open = page
    .locator('form[action="/do/check_item"]')
    .filter({ has: page.locator(`input[name="list"][value="${list}"]`), visible: true });
  const evidence = 'Read and tried on 22 November.';
  for (let item = 0; item < BY_HAND; item += 1) {
    await page.goto(`/cases/${number}?open=${list}`);
    if ((await open.count()) === 0) return;
    const form = open.first();
    await form.getByLabel(/^Evidence/).fill(evidence);
    await form.getByRole('button', { name: 'Pass', exact: true }).click();
    await reviewer.settles();
  }
  await page.goto(`/cases/${number}?open=${list}`);
  const forms = await open.evaluateAll((forms) =>
    forms.map((form) => {
      const of = form as HTMLFormElement;
      const hidden = [...of.querySelectorAll<HTMLInputElement>('input[type="hidden"]')];
      const pass = [...of.querySelectorAll('button')].find((button) => button.textContent?.trim() === 'Pass');
      return [...hidden, ...(pass ? [pass] : [])].map(({ name, value }) => [name, value] as const);
    }),
  );
  for (const fields of forms) {
    const answer = await page.request.post('/do/check_item', {
      form: { ...Object.fromEntries(fields), evidence },
      headers: { 'sec-fetch-site': 'same-origin', accept: 'text/html' },
      maxRedirects: 0,
    });
    expect(answer.headers()['location'], `${list}: ${JSON.stringify(fields)}`).not.toMatch(/[?&]kept=/);
    expect(answer.status(), `${list}: ${JSON.stringify(fields)}`).toBe(303);
  }
  await reviewer.opens(`/cases/${number}?open=${list}`);
  await expect(open).toHaveCount(0);
}

/** Fails the first item that has no mark yet, with what is wrong. */
export async function failsOne(reviewer: Someone, number: string, list: List, fault: string): Promise<void> {
  await reviewer.opens(`/cases/${number}?open=${list}`);
  const form = reviewer.page
    .locator('form[action="/do/check_item"]')
    .filter({ has: reviewer.page.locator(`input[name="list"][value="${list}"]`), visible: true })
    .first();
  await form.locator('[name="note"]').fill(fault);
  await form.getByRole('button', { name: 'Fail', exact: true }).click();
  await reviewer.settles();
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
