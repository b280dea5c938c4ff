import { emailSchema } from './email.js';

describe('an e-mail address', () => {
  it.each([
    ['ann@shop.example', true],
    [`${'a'.repeat(64)}@shop.example`, true],
    [`${'a'.repeat(65)}@shop.example`, false],
    [`a@${'b.'.repeat(130)}example`, false],
    ['ann@shop.example\r\nBcc: eve@evil.example', false],
    ['"ann"@shop.example', false],
  ])('such as %j is accepted: %s', (address, accepted) => {
    expect(emailSchema.safeParse(address).success).toBe(accepted);
  });
});
