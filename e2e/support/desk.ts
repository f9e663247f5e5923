import { spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const top = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** The variable that says where a filled desk lies. */
export const FILLED = 'UPGRADE_DESK_FILLED';

/** A running desk with demo data of its own, in a folder that goes away with it. */
export class Desk {
  private constructor(
    readonly url: string,
    private readonly server: ChildProcess,
    private readonly data: string,
    private readonly words: string[],
  ) {}

  /**
   * Starts `upgrade-desk demo` on a free port, on a copy of what was filled once for all workers
   * (`filled.ts`), and waits until it answers.
   */
  static async start(): Promise<Desk> {
    const data = await mkdtemp(join(tmpdir(), 'upgrade-desk-e2e-'));
    const filled = process.env[FILLED];
    if (filled !== undefined) await cp(filled, data, { recursive: true });
    return Desk.on(data);
  }

  /** The same on this folder, which is filled if it is empty. */
  static async on(data: string): Promise<Desk> {
    const program = process.env.UPGRADE_DESK ?? join(top, 'target/debug/upgrade-desk');
    const site = process.env.LEPTOS_SITE_ROOT ?? join(top, 'target/site');
    // Under a name, which passkeys need.
    const address = `localhost:${await freePort()}`;
    const server = spawn(program, ['demo', '--addr', address, '--data', data], {
      cwd: data,
      env: { ...process.env, LEPTOS_SITE_ROOT: site },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const words: string[] = [];
    server.stdout?.on('data', (text) => words.push(String(text)));
    server.stderr?.on('data', (text) => words.push(String(text)));
    server.on('error', (error) => words.push(String(error)));
    const desk = new Desk(`http://${address}`, server, data, words);
    await desk.answers();
    return desk;
  }

  /** What the server has written so far. */
  log(): string {
    return this.words.join('');
  }

  /** Ends the server and removes its data. */
  async stop(): Promise<void> {
    await this.end();
    await rm(this.data, { recursive: true, force: true });
  }

  /** Ends the server and leaves its data. */
  async end(): Promise<void> {
    if (this.server.exitCode === null && this.server.signalCode === null) {
      const ended = new Promise((done) => this.server.once('exit', done));
      this.server.kill('SIGTERM');
      const late = setTimeout(() => this.server.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(late);
    }
  }

  private async answers(): Promise<void> {
    const deadline = Date.now() + 240_000;
    while (Date.now() < deadline) {
      if (this.server.exitCode !== null || this.server.pid === undefined) break;
      const answer = await fetch(this.url).catch(() => undefined);
      if (answer !== undefined && answer.status < 500) return;
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error(`the desk did not start:\n${this.log()}`);
  }
}

async function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.once('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address !== null && typeof address === 'object' ? found(address.port) : failed(new Error('no port')),
      );
    });
  });
}
