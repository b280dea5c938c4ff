import { createHmac } from 'node:crypto';
import { type CaughtWebhook, SANDBOX_KEYS } from './sandbox-process.js';

/** The webhook as the sandbox would have sent it at another time, or with another secret. */
export function signed(
  { body }: Pick<CaughtWebhook, 'body'>,
  { at = new Date(), secret = SANDBOX_KEYS.webhookSecret } = {},
): Pick<CaughtWebhook, 'body' | 'signature'> {
  const time = Math.floor(at.getTime() / 1_000);
  const mac = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
  return { body, signature: `t=${time},v1=${mac}` };
}

/** The event with something else in its object, signed anew. */
export function altered(webhook: CaughtWebhook, changes: Record<string, unknown>, event: Record<string, unknown> = {}) {
  const parsed = JSON.parse(webhook.body) as { data: { object: Record<string, unknown> } };
  const object = { ...parsed.data.object, ...changes };
  return signed({ body: JSON.stringify({ ...parsed, ...event, data: { object } }) });
}
