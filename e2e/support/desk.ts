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
  private server: ChildProcess | undefined;
  private readonly words: string[] = [];

  private constructor(
    private readonly address: string,
    private readonly data: string,
  ) {}

  get url(): string {
    return `http://${this.address}`;
  }

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
    // Under a name, which passkeys need.
    const desk = new Desk(`localhost:${await freePort()}`, data);
    await desk.begins();
    return desk;
  }

  /** Starts the server on the desk's data, also after it was killed. */
  async begins(): Promise<void> {
    const program = process.env.UPGRADE_DESK ?? join(top, 'target/debug/upgrade-desk');
    const site = process.env.LEPTOS_SITE_ROOT ?? join(top, 'target/site');
    const server = spawn(program, ['demo', '--addr', this.address, '--data', this.data], {
      cwd: this.data,
      env: { ...process.env, LEPTOS_SITE_ROOT: site },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    server.stdout?.on('data', (text) => this.words.push(String(text)));
    server.stderr?.on('data', (text) => this.words.push(String(text)));
    server.on('error', (error) => this.words.push(String(error)));
    this.server = server;
    await this.answers(server);
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
    await this.ends('SIGTERM');
  }

  /** Ends the server as a power cut would. */
  async isKilled(): Promise<void> {
    await this.ends('SIGKILL');
  }

  private async ends(signal: NodeJS.Signals): Promise<void> {
    const server = this.server;
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = new Promise((done) => server.once('exit', done));
    server.kill(signal);
    const late = setTimeout(() => server.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(late);
  }

  private async answers(server: ChildProcess): Promise<void> {
    const deadline = Date.now() + 240_000;
    while (Date.now() < deadline) {
      if (server.exitCode !== null || server.pid === undefined) break;
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
