import type { Verdict } from '#libs/mail/testing';
import { NotificationsStage } from '../testing/index.js';

let stage: NotificationsStage;

beforeAll(async () => {
  stage = await NotificationsStage.open();
});
beforeEach(() => stage.mail.reset());
afterAll(() => stage.close());

const messageIds = () => stage.mail.taken.map(({ messageId }) => messageId);
/** Judges the mails in turn; all further ones are taken. */
const judgeInTurn = (...verdicts: Verdict[]): void => {
  stage.mail.judge = () => verdicts.shift() ?? 'taken';
};
const messageIdOf = (id: string | undefined): string => `<${id}@quoin.example>`;

describe('the confirmation of an order', () => {
  it('reaches the customer once, with the number and the total, from the company', async () => {
    const order = await stage.order();
    expect(await stage.deliver()).toEqual(['done']);
    const [mail] = stage.mail.taken;
    expect(mail).toMatchObject({ to: ['buyer@customer.example'], subject: `Order ${order.number} confirmed` });
    expect(mail?.content).toMatch(/^From: Test Traders Ltd <no-reply@quoin.example>/m);
    expect(mail?.content).toMatch(/^Reply-To: office@test-traders.example/m);
    // 2 × 2.55 and 20 %: in the text and in the HTML.
    expect(mail?.content.split('6.12 GBP')).toHaveLength(3);
    const [row] = await stage.mails();
    expect(row).toMatchObject({ status: 'sent', attempts: 1, to_address: 'buyer@customer.example' });
    expect(mail?.messageId).toBe(messageIdOf(row?.id));
    expect(await stage.delivery()).toMatchObject({ state: 'done' });
  });

  it('is not sent again when its delivery comes a second time', async () => {
    await stage.order();
    await stage.deliver();
    // What a restored backup or a mistaken replay would do: the row of the mail still knows.
    await stage.makeDue('pending');
    expect(await stage.deliver()).toEqual(['done']);
    expect(stage.mail.taken).toHaveLength(1);
    expect(await stage.mails()).toMatchObject([{ status: 'sent', attempts: 1 }]);
  });

  it('is not sent to a customer without an address', async () => {
    await stage.order({ email: null });
    expect(await stage.deliver()).toEqual(['done']);
    expect(stage.mail.taken).toEqual([]);
    expect(await stage.mails()).toEqual([]);
  });

  it('shows hostile names as they are, and runs nothing of them', async () => {
    const hostile = `<script>alert("x")</script>`;
    const reference = `"O'Brien" & Co <b@c.example>`;
    await stage.order({ customer: hostile, product: `Lamp <img src=x onerror=alert(1)>`, company: reference });
    await stage.deliver();
    const [mail] = stage.mail.taken;
    const html = htmlPartOf(mail?.content ?? '');
    expect(html).toContain('Dear &lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;,');
    expect(html).toContain('Lamp &lt;img src=x onerror=alert(1)&gt;');
    expect(html).not.toMatch(/<script|<img/);
    // The text is text: nothing is to be escaped there.
    expect(mail?.content).toContain(`Dear ${hostile},`);
    expect(mail?.to).toEqual(['buyer@customer.example']);
  });
});

describe('a mail server that does not say yes', () => {
  it('puts the mail off, and gets the same mail again later', async () => {
    await stage.order();
    judgeInTurn(451);
    expect(await stage.deliver()).toEqual(['deferred']);
    expect(await stage.mails()).toMatchObject([{ status: 'deferred', attempts: 1 }]);
    expect(await stage.delivery()).toMatchObject({ state: 'pending', attempts: 0 });
    await stage.makeDue();
    expect(await stage.deliver()).toEqual(['done']);
    const [row] = await stage.mails();
    expect(row).toMatchObject({ status: 'sent', attempts: 2 });
    expect(messageIds()).toEqual([messageIdOf(row?.id)]);
  });

  it('ends the mail by refusing it for good, but nothing else', async () => {
    await stage.order();
    stage.mail.recipientStatus = 550;
    expect(await stage.deliver()).toEqual(['done']);
    expect(await stage.mails()).toMatchObject([{ status: 'rejected', attempts: 1 }]);
    expect(await stage.delivery()).toMatchObject({ state: 'done', attempts: 0 });
    stage.mail.reset();
    await stage.makeDue('pending');
    await stage.deliver();
    expect(stage.mail.taken).toEqual([]);
  });

  it.each<[Verdict, number]>([
    ['cut', 1],
    ['taken-and-cut', 2],
  ])('gets the mail again under the same Message-ID when it hung up (%s)', async (verdict, copies) => {
    await stage.order();
    judgeInTurn(verdict);
    expect(await stage.deliver()).toEqual(['deferred']);
    expect(await stage.mails()).toMatchObject([{ status: 'unknown', attempts: 1 }]);
    await stage.makeDue();
    expect(await stage.deliver()).toEqual(['done']);
    const [row] = await stage.mails();
    expect(messageIds()).toEqual(Array<string>(copies).fill(messageIdOf(row?.id)));
    expect(row).toMatchObject({ status: 'sent', attempts: 2 });
  });

  it('could not tell the copies apart without the row that is written before the mail leaves', async () => {
    await stage.order();
    judgeInTurn('taken-and-cut');
    await stage.deliver();
    await stage.database.asSuperuser('delete from email_message where tenant_id = $1', [stage.tenant.id]);
    await stage.makeDue();
    await stage.deliver();
    expect(new Set(messageIds()).size).toBe(2);
  });

  it('is waited for, but not for ever: the delivery becomes a dead letter', async () => {
    await stage.order();
    stage.mail.judge = () => 451;
    await stage.deliver();
    // Five hours later.
    await stage.database.asSuperuser('update email_message set attempts = 64 where tenant_id = $1', [stage.tenant.id]);
    for (const outcome of ['retried', 'retried', 'dead']) {
      await stage.makeDue();
      expect(await stage.deliver()).toEqual([outcome]);
    }
    expect(await stage.delivery()).toMatchObject({ state: 'dead', last_error: expect.stringContaining('put off') });
    expect(stage.mail.taken).toEqual([]);
  });
});

describe('a worker that is not heard of after it has sent the mail', () => {
  it('is replaced by one that sends it under the same Message-ID, and is refused when it wakes up', async () => {
    const other = await stage.worker();
    await stage.order();
    let release: (verdict: Verdict) => void = () => undefined;
    const arrived = new Promise<void>((resolve) => {
      stage.mail.judge = () =>
        new Promise<Verdict>((answer) => {
          stage.mail.judge = () => 'taken';
          release = answer;
          resolve();
        });
    });
    const paused = stage.deliver();
    await arrived;
    await stage.leaseRunsOut();
    expect(await stage.deliver(other)).toEqual(['done']);
    release('taken');
    expect(await paused).toEqual(['lost']);
    const [row] = await stage.mails();
    expect(messageIds()).toEqual([messageIdOf(row?.id), messageIdOf(row?.id)]);
    expect(row).toMatchObject({ status: 'sent', attempts: 2 });
    expect(await stage.delivery()).toMatchObject({ state: 'done', attempts: 0 });
  });
});

/** The decoded HTML part of a raw mail. */
function htmlPartOf(content: string): string {
  const part = content.split(/^--.*$/m).find((one) => /Content-Type: text\/html/i.test(one)) ?? '';
  const [head = '', ...body] = part.split('\r\n\r\n');
  const text = body.join('\r\n\r\n');
  if (/base64/i.test(head)) return Buffer.from(text, 'base64').toString();
  if (!/quoted-printable/i.test(head)) return text;
  return text
    .replaceAll(/=\r\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}
