import type { Page } from '@playwright/test';
import { ANSWERS, CHOICES } from './answers.js';

/**
 * Submits so many applications of whoever is signed in, each of an app of its own: the forms of the
 * pages are sent as a browser sends them, without being drawn. Answers the numbers of the cases.
 */
export async function submitsMany(page: Page, count: number): Promise<string[]> {
  return page.evaluate(
    async ({ count, answers, choices }) => {
      const paper = new File(['%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n'], 'Paper.pdf', { type: 'application/pdf' });
      const read = async (answer: Response): Promise<{ page: Document; at: string }> => {
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
        const said = page.querySelector('main [role=alert]')?.textContent;
        if (!answer.ok) throw new Error(`${answer.url} answers ${answer.status}: ${said}`);
        return { page, at: answer.url };
      };
      const opens = async (path: string) => read(await fetch(path));
      const sends = async (page: Document, ...words: string[]) => {
        const buttons = [...page.querySelectorAll('main button')];
        const button = buttons.find((one) => words.includes(one.textContent?.trim() ?? ''));
        if (!(button instanceof HTMLButtonElement) || button.form === null) {
          throw new Error(`no button ${words.join(', ')}: ${page.querySelector('main')?.textContent}`);
        }
        const data = new FormData(button.form, button);
        const file = button.form.querySelector('input[type=file]');
        if (file instanceof HTMLInputElement) data.set(file.name, paper);
        const typed = new URLSearchParams([...data].map(([name, value]) => [name, String(value)]));
        const body = file === null ? typed : data;
        const action = button.getAttribute('formaction') ?? button.form.getAttribute('action') ?? '';
        return read(await fetch(action, { method: 'POST', body, headers: { accept: 'text/html' } }));
      };
      const writes = (page: Document, name: string, text: string) => {
        const field = page.querySelector(`main form :is(input, textarea)[name="${name}"]:not([type=hidden])`);
        if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.value = text;
      };
      const ticks = (page: Document, selector: string) => {
        for (const box of page.querySelectorAll(`main form ${selector}`)) {
          if (box instanceof HTMLInputElement) box.checked = true;
        }
      };
      const submits = async (nth: number) => {
        let { page } = await opens('/apps/new');
        writes(page, 'name', `Night watch ${nth}`);
        writes(page, 'organisation', 'Tidelog');
        writes(page, 'description', 'A diary of one’s own readings.');
        page = (await sends(page, 'Create app')).page;
        const app = [...page.querySelectorAll('main a')].find((link) => link.textContent?.trim() === 'I have copied it');
        page = (await opens(app?.getAttribute('href') ?? 'no app')).page;
        const begun = await sends(page, 'Apply for Limited Access');
        const number = begun.at.match(/UD-\d+/)?.[0];
        if (number === undefined) throw new Error(`${begun.at}: ${begun.page.querySelector('main')?.textContent}`);
        let step = await opens(`/applications/${number}/form/product`);
        while (!step.at.includes('/check')) {
          for (const [name, text] of Object.entries(answers)) writes(step.page, name, text);
          for (const [name, values] of Object.entries(choices)) {
            for (const value of values) ticks(step.page, `[name="${name}"][value="${value}"]`);
          }
          step = await sends(step.page, 'Save and continue', 'Continue');
        }
        page = (await opens(`/applications/${number}/check`)).page;
        ticks(page, '[type=checkbox]');
        await sends(page, 'Submit application');
        return number;
      };
      const numbers = [];
      for (let nth = 1; nth <= count; nth += 1) numbers.push(await submits(nth));
      return numbers;
    },
    { count, answers: ANSWERS, choices: CHOICES },
  );
}
