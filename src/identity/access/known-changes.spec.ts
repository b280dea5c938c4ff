import { CHANGES_MAX, KnownChanges } from './known-changes.js';
import { Snapshot } from './snapshot.js';

describe('a snapshot', () => {
  const snapshot = Snapshot.parse('00000001/10:20:12,15');

  it.each([
    ['older than all that ran', 9n, true],
    ['that had ended while older ones ran', 13n, true],
    ['that was running', 12n, false],
    ['that was running last', 15n, false],
    ['that began later', 20n, false],
    ['far in the future', 18_446_744_073_709_551_615n, false],
  ])('tells of a transaction %s', (_, xid, seen) => {
    expect(snapshot.sees(xid)).toBe(seen);
  });

  it('sees all that came before, when nothing ran', () => {
    expect(Snapshot.parse('00000001/20:20:').sees(19n)).toBe(true);
    expect(Snapshot.parse('00000001/20:20:').sees(20n)).toBe(false);
  });

  it.each(['', '10', '/10:20', '1/a:b:', '1/10:20:x', '10:20:'])('is not read from %j', (text) => {
    expect(() => Snapshot.parse(text)).toThrow(SyntaxError);
  });
});

describe('known changes', () => {
  const changes = new KnownChanges('1', [
    { userId: 'ada', xid: '30' },
    { userId: null, xid: '12' },
  ]);

  it('void what was read about the user before, and nothing about others', () => {
    expect(changes.areIn('1/25:25:', 'ada')).toBe(false);
    expect(changes.areIn('1/31:31:', 'ada')).toBe(true);
    expect(changes.areIn('1/25:25:', 'bob')).toBe(true);
  });

  it('of everybody void what was read about anybody before', () => {
    expect(changes.areIn('1/10:10:', 'bob')).toBe(false);
    expect(changes.areIn('1/12:25:12', 'bob')).toBe(false);
  });

  it('void whatever was read on another timeline: after a failover numbers are given again', () => {
    expect(new KnownChanges('2', []).areIn('1/25:25:', 'bob')).toBe(false);
    expect(new KnownChanges('2', []).areIn('2/25:25:', 'bob')).toBe(true);
  });

  it('void everything when there were more than can be looked at', () => {
    const many = Array.from({ length: CHANGES_MAX }, (_, index) => ({ userId: 'ada', xid: String(index) }));
    expect(new KnownChanges('1', many).areIn('1/5000:5000:', 'bob')).toBe(false);
    expect(new KnownChanges('1', many.slice(1)).areIn('1/5000:5000:', 'bob')).toBe(true);
  });
});
