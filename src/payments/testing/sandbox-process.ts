import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Both sides know these. */
export const SANDBOX_KEYS = { apiKey: 'spec-api-key', webhookSecret: 'spec-webhook-secret' };

/** A webhook that the sandbox has sent and nobody but the spec has. */
export interface CaughtWebhook {
  readonly signature: string;
  readonly body: string;
  readonly type: string;
  readonly eventId: string;
  /** Reference of its charge or refund: the id of our payment or refund. */
  readonly reference: string;
}

/** One operation of the sandbox's log: the oracle of what really happened to the money. */
export interface SandboxOperation {
  readonly operation: string;
  readonly idempotencyKey?: string;
  readonly charge?: {
    readonly id: string;
    readonly reference: string;
    readonly status: string;
    readonly amountCaptured: number;
  };
  readonly refund?: {
    readonly id: string;
    readonly charge: string;
    readonly reference: string;
    readonly amount: number;
  };
}

/** Takes a webhook to where it belongs and gives the status that came back; the sandbox repeats what is not 2xx. */
export type PassOn = (webhook: CaughtWebhook) => Promise<number>;

/**
 * The real payments sandbox as a process of the spec's own. Its webhooks are caught, for the spec to pass on when it likes;
 * with `passOn` they are passed on at once.
 */
export class SandboxProcess {
  private constructor(
    readonly url: string,
    readonly webhooks: readonly CaughtWebhook[],
    private readonly child: ChildProcess,
    private readonly catcher: Server,
    private readonly folder: string,
  ) {}

  static async start(passOn: PassOn = async () => 204): Promise<SandboxProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'quoin-payments-'));
    const webhooks: CaughtWebhook[] = [];
    const catcher = await catchWebhooks(webhooks, passOn);
    const { port } = catcher.address() as AddressInfo;
    const child = spawn(process.execPath, [join(process.cwd(), 'tools/payments-sandbox/server.mjs')], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        SANDBOX_API_KEY: SANDBOX_KEYS.apiKey,
        SANDBOX_WEBHOOK_SECRET: SANDBOX_KEYS.webhookSecret,
        SANDBOX_WEBHOOK_URL: `http://127.0.0.1:${port}/`,
        SANDBOX_DATA_FILE: join(folder, 'journal.jsonl'),
        SANDBOX_LATE_MS: '150',
        SANDBOX_PENDING_MS: '150',
        SANDBOX_SLOW_MS: '250',
        SANDBOX_RETRY_BASE_MS: '100',
      },
    });
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { listening } = JSON.parse(line) as { listening: string };
    return new SandboxProcess(listening, webhooks, child, catcher, folder);
  }

  async stop(): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exited;
    this.catcher.closeAllConnections();
    this.catcher.close();
    await rm(this.folder, { recursive: true });
  }

  /** Webhooks about our payment or refund. */
  webhooksOf(reference: string): CaughtWebhook[] {
    return this.webhooks.filter((webhook) => webhook.reference === reference);
  }

  /** Everything the sandbox did, in order. */
  async log(): Promise<SandboxOperation[]> {
    const headers = { authorization: `Bearer ${SANDBOX_KEYS.apiKey}` };
    const response = await fetch(`${this.url}/v1/log?limit=10000`, { headers });
    return ((await response.json()) as { items: SandboxOperation[] }).items;
  }
}

async function catchWebhooks(webhooks: CaughtWebhook[], passOn: PassOn): Promise<Server> {
  const catcher = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const webhook = caught(String(request.headers['quoin-signature']), Buffer.concat(chunks).toString());
      webhooks.push(webhook);
      passOn(webhook).then(
        (status) => response.writeHead(status).end(),
        () => response.writeHead(502).end(),
      );
    });
  });
  catcher.listen(0, '127.0.0.1');
  await once(catcher, 'listening');
  return catcher;
}

function caught(signature: string, body: string): CaughtWebhook {
  const event = JSON.parse(body) as { id: string; type: string; data: { object: { reference: string } } };
  return { signature, body, type: event.type, eventId: event.id, reference: event.data.object.reference };
}
