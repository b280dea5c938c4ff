import { decodeCursor, encodeCursor, InvalidCursor } from './cursor.js';

describe('cursors', () => {
  it.each([[['2025-01-01T00:00:00.000Z', '0193']], [{ after: 'Zoë ☃', n: 1, none: null }], ['text'], [42]])(
    'come back as they went: %j',
    (position) => {
      const cursor = encodeCursor(position);
      expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(decodeCursor(cursor)).toEqual(position);
    },
  );

  it.each(['', 'rubbish', '????', 'e30=', 'eyJ', '_w', 'a'.repeat(3_000), 'e30\n'])('refuses "%s"', (cursor) => {
    expect(() => decodeCursor(cursor)).toThrow(InvalidCursor);
    expect(() => decodeCursor(cursor)).toThrow(expect.objectContaining({ code: 'cursor.invalid', kind: 'invalid' }));
  });
});
