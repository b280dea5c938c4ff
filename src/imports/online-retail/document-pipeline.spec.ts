import { DomainError } from '#libs/kernel';
import type { DocumentEffect, RetailDocument } from './document.js';
import { DocumentPipeline } from './document-pipeline.js';

class Refused extends DomainError {
  static readonly code = 'test.refused';
  static readonly kind = 'conflict';
}

const document = (invoiceNo: string, effect: DocumentEffect = 'sale'): RetailDocument => ({
  invoiceNo,
  effect,
  rows: [],
});

/** Documents whose statements and commits end when the test says so. */
function stage() {
  const events: string[] = [];
  const under = new Map<string, { sent: () => void; commit: () => void; fail: (error: Error) => void }>();
  const pipeline = new DocumentPipeline(
    ({ invoiceNo }, onSent) => {
      events.push(`${invoiceNo} began`);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      under.set(invoiceNo, { sent: onSent, commit: resolve, fail: reject });
      return promise;
    },
    ({ invoiceNo }, refusal) => events.push(`${invoiceNo} ${refusal ?? 'committed'}`),
  );
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { events, pipeline, settle, of: (invoiceNo: string) => under.get(invoiceNo)! };
}

it('begins a document when the one before has sent all it has, not before', async () => {
  const { events, pipeline, settle, of } = stage();
  await pipeline.add(document('1'));
  const second = pipeline.add(document('2'));
  await settle();
  expect(events).toEqual(['1 began']);
  of('1').sent();
  await second;
  expect(events).toEqual(['1 began', '2 began']);
});

it('tells of documents in their order, whichever is committed first', async () => {
  const { events, pipeline, settle, of } = stage();
  await pipeline.add(document('1'));
  of('1').sent();
  await pipeline.add(document('2'));
  of('2').commit();
  await settle();
  expect(events).not.toContain('2 committed');
  of('1').commit();
  await pipeline.end();
  expect(events.slice(2)).toEqual(['1 committed', '2 committed']);
});

it('lets a cancellation wait until all before it is committed', async () => {
  const { events, pipeline, settle, of } = stage();
  await pipeline.add(document('1'));
  of('1').sent();
  const cancellation = pipeline.add(document('C2', 'cancellation'));
  await settle();
  expect(events).toEqual(['1 began']);
  of('1').commit();
  await cancellation;
  expect(events).toEqual(['1 began', '1 committed', 'C2 began']);
});

it('goes on after a refusal, and ends with anything else', async () => {
  const { events, pipeline, of } = stage();
  await pipeline.add(document('1'));
  of('1').fail(new Refused('the books refuse it'));
  await pipeline.add(document('2'));
  of('2').fail(new Error('the server hung up'));
  await expect(pipeline.add(document('3'))).rejects.toThrow('the server hung up');
  await expect(pipeline.end()).rejects.toThrow('the server hung up');
  expect(events).toEqual(['1 began', '1 the books refuse it', '2 began']);
});
