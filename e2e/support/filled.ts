import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Desk, FILLED } from './desk.js';

/** Fills a desk once, for every worker to begin on a copy of; it goes away after the run. */
export default async function fill(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'upgrade-desk-filled-'));
  const desk = await Desk.on(folder);
  await desk.end();
  process.env[FILLED] = folder;
  return () => rm(folder, { recursive: true, force: true });
}
