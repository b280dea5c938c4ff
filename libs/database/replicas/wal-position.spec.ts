import { consistencyToken, positionOfToken } from './consistency-token.js';
import { laterOf, lsnOf, lsnText, positionOf } from './wal-position.js';

const at = (lsn: number, timeline = 1) => ({ cluster: 'default', timeline, lsn });

it.each([
  ['0/0', 0],
  ['0/4000028', 0x4000028],
  ['16/B374D848', 0x16_b374d848],
])('reads %s, and writes it', (text, lsn) => {
  expect(lsnOf(text)).toBe(lsn);
  expect(lsnText(lsn)).toBe(text);
});

it.each(['', '0', '0/', '/0', '0/G', '0/123456789', 'FFFFFFFF/FFFFFFFF', `0/1'; drop`, null, undefined])(
  'takes %s for no position',
  (text) => {
    expect(lsnOf(text)).toBeUndefined();
  },
);

it('prefers the newer timeline, then the larger position', () => {
  expect(laterOf(at(9, 1), at(1, 2))).toEqual(at(1, 2));
  expect(laterOf(at(9), at(1))).toEqual(at(9));
  expect(laterOf(at(1), at(9))).toEqual(at(9));
});

it('stops before the header of a page or a segment: replicas never report to have replayed a header alone', () => {
  const file = '0000000A0000000000000004';
  expect(positionOf('default', { lsn: '0/4000028', file, offset: 40 })).toEqual(at(0x4000000, 10));
  expect(positionOf('default', { lsn: '0/4002018', file, offset: 0x2018 })).toEqual(at(0x4002000, 10));
  // A record may well end there.
  expect(positionOf('default', { lsn: '0/4002028', file, offset: 0x2028 })).toEqual(at(0x4002028, 10));
  expect(positionOf('default', { lsn: '0/4002020', file: 'none', offset: 0 })).toBeUndefined();
});

it('travels as a token', () => {
  for (const position of [at(0), at(0x16_b374d848, 7), { cluster: 'east-2', timeline: 0xff, lsn: 1 }]) {
    const token = consistencyToken(position);
    expect(token).toMatch(/^v1\.[\w-]{1,120}$/);
    expect(positionOfToken(token)).toEqual(position);
  }
});

it.each([
  '',
  'v1',
  'v1.',
  'v2.ZGVmYXVsdDoxOjAvMA',
  'v1.%%%',
  `v1.${Buffer.from('default:1:0/0\n').toString('base64url')}`,
  `v1.${Buffer.from('../etc:1:0/0').toString('base64url')}`,
  `v1.${Buffer.from('default:-1:0/0').toString('base64url')}`,
  `v1.${Buffer.from('default:1:FFFFFFFF/0').toString('base64url')}`,
  `v1.${'A'.repeat(1_000_000)}`,
])('takes %p for no token', (token) => {
  expect(positionOfToken(token)).toBeUndefined();
});
