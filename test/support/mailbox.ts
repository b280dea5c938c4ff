import { testStack } from '#libs/testing';
import { eventually } from './eventually.js';

/** A caught mail. */
export interface CaughtMail {
  readonly id: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function answerOf<B>(path: string): Promise<B> {
  const response = await fetch(`${testStack().mail}${path}`);
  if (!response.ok) throw new Error(`the mail catcher answered ${response.status} to ${path}`);
  return (await response.json()) as B;
}

/** The mails to an address so far, newest first. */
export async function mailsTo(address: string): Promise<CaughtMail[]> {
  const { items } = await answerOf<{ items: { id: string }[] }>(`/api/messages?to=${encodeURIComponent(address)}`);
  return Promise.all(items.map(({ id }) => answerOf<CaughtMail>(`/api/messages/${id}`)));
}

/** The first mail to an address, as soon as it is there. */
export function firstMailTo(address: string): Promise<CaughtMail> {
  return eventually(`${address} has mail`, async () => (await mailsTo(address))[0]);
}
