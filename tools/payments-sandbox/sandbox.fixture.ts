import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const SERVER = join(import.meta.dirname, 'server.mjs');

export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown> & { id?: string; items?: Record<string, unknown>[]; error?: { code: string } };
}

export interface ReceivedWebhook {
  signature: string;
  body: string;
  event: { id: string; type: string; data: { object: Record<string, unknown> } };
}

/** The real server as a child process on a free port, with a journal of its own and a webhook receiver. */
export class SandboxFixture {
  readonly webhooks: ReceivedWebhook[] = [];
  /** What the receiver answers; change it to refuse webhooks. */
  receiverStatus = 204;
  #child?: ChildProcess;
  #receiver?: Server;
  #folder?: string;
  url = '';

  get dataFile(): string {
    return join(this.#folder ?? '', 'journal.jsonl');
  }

  async start(env: Record<string, string> = {}): Promise<void> {
    this.#folder ??= await mkdtemp(join(tmpdir(), 'quoin-sandbox-'));
    this.#receiver ??= await this.#listen();
    const { port } = this.#receiver.address() as AddressInfo;
    const child = spawn(process.execPath, [SERVER], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        SANDBOX_API_KEY: 'sandbox-key',
        SANDBOX_WEBHOOK_SECRET: 'webhook-secret',
        SANDBOX_WEBHOOK_URL: `http://127.0.0.1:${port}/webhooks`,
        SANDBOX_DATA_FILE: this.dataFile,
        SANDBOX_RETRY_BASE_MS: '20',
        SANDBOX_LATE_MS: '250',
        SANDBOX_PENDING_MS: '150',
        SANDBOX_SLOW_MS: '200',
        ...env,
      },
    });
    this.#child = child;
    const early = once(child, 'exit').then(() => Promise.reject(new Error('the sandbox ended before it listened')));
    const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), early])) as [string];
    early.catch(() => undefined);
    this.url = (JSON.parse(line) as { listening: string }).listening;
  }

  /** Ends the server: SIGTERM, or SIGKILL for a crash. Returns the exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
    return child.exitCode;
  }

  async dispose(): Promise<void> {
    await this.stop();
    this.#receiver?.closeAllConnections();
    this.#receiver?.close();
    if (this.#folder) await rm(this.#folder, { recursive: true });
  }

  async post(path: string, key: string, body: unknown, signal?: AbortSignal): Promise<Answer> {
    return this.#call(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'idempotency-key': key },
      signal,
    });
  }

  async get(path: string): Promise<Answer> {
    return this.#call(path, {});
  }

  /** A charge of 1,234 minor units, captured at once unless told otherwise. */
  async charge(key: string, fields: Record<string, unknown> = {}, signal?: AbortSignal): Promise<Answer> {
    const defaults = { amount: 1234, currency: 'GBP', paymentMethod: 'pm_ok', reference: `order-${key}` };
    return this.post('/v1/charges', key, { ...defaults, ...fields }, signal);
  }

  async operations(): Promise<string[]> {
    const { body } = await this.get('/v1/log');
    return (body.items ?? []).map((item) => String(item['operation']));
  }

  async #call(path: string, init: RequestInit): Promise<Answer> {
    const headers = { authorization: 'Bearer sandbox-key', ...(init.headers as Record<string, string> | undefined) };
    const response = await fetch(this.url + path, { ...init, headers });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const event = JSON.parse(body) as ReceivedWebhook['event'];
    this.webhooks.push({ signature: String(request.headers['quoin-signature']), body, event });
    response.writeHead(this.receiverStatus).end();
  }

  async #listen(): Promise<Server> {
    const server = createServer((request, response) => void this.#receive(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server;
  }
}

/** Waits until `condition` holds, at most five seconds. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('the condition did not come true within 5 s');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
