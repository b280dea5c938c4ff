import { isCommonPassword } from './known-passwords.js';

describe('isCommonPassword', () => {
  it.each([
    'password1234',
    'Password2026!',
    'passwordpassword',
    'administrator',
    'Administrator1!',
    'Welcome12345!',
    'iloveyou2026',
    'qwertyuiopas',
    'qwerty123456',
    '123456789012',
    'abcdefghijkl',
    'zyxwvutsrqpo',
    'aaaaaaaaaaaa',
    'abababababab',
    'abcdeabcdeabcde',
    'ｐａｓｓｗｏｒｄ１２３４',
  ])('finds %s', (password) => {
    expect(isCommonPassword(password)).toBe(true);
  });

  it.each([
    'correct horse battery staple',
    'another good password',
    'tr0ub4dor-and-3-pigeons',
    'Früher war mehr Lametta',
    '9f8a7c6b5d4e',
    '夏は夜月のころはさらなりやみもなほ',
    'mypasswordisverylong',
  ])('lets %s pass', (password) => {
    expect(isCommonPassword(password)).toBe(false);
  });

  it('finds words of the person’s own', () => {
    const own = ['ada.lovelace@acme.example', 'Acme Widgets Ltd'];
    for (const password of ['ada.lovelace', 'Ada.Lovelace2026', 'ada.lovelace@acme.example', 'acmewidgetsltd!']) {
      expect([password, isCommonPassword(password, own)]).toEqual([password, true]);
      expect([password, isCommonPassword(password)]).toEqual([password, false]);
    }
  });
});
