// Checks every page of a folder with the rules of html.rules.mjs: `node measure/html.mjs FOLDER`.
// The tests of the running program lay pages there (PAGES_OF_TESTS): those of every kind of
// person, and every form as it comes back when it is refused.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import rules from '../html.rules.mjs';

const folder = process.argv[2] ?? '.';
const checker = new HtmlValidate(new StaticConfigLoader(rules));
const pages = (await readdir(folder)).filter((name) => name.endsWith('.html'));
const found = new Map();
for (const page of pages) {
  const html = await readFile(join(folder, page), 'utf8');
  const { results } = await checker.validateString(html, page);
  for (const { ruleId, message, line, column } of results.flatMap((result) => result.messages)) {
    const text = html.split('\n')[line - 1] ?? '';
    const place = text.slice(Math.max(0, column - 60), column + 100);
    const fault = `${ruleId}: ${message}`;
    const known = found.get(fault);
    if (known === undefined) found.set(fault, { count: 1, page, place });
    else known.count += 1;
  }
}
for (const [fault, { count, page, place }] of found) {
  console.log(`${fault}\n    ${count} times, first in ${page}\n    ${place}`);
}
console.log(`${pages.length} pages, ${found.size} kinds of faults`);
// No pages are no proof.
process.exitCode = pages.length < 100 || found.size > 0 ? 1 : 0;
