import { assertNever } from './assert-never.js';
import { DomainError, type DomainErrorClass } from './domain-error.js';

class OrderNotConfirmable extends DomainError {
  static readonly code = 'sales.order.not_confirmable';
  static readonly kind = 'conflict';

  constructor(orderId: string, cause?: Error) {
    super('The order cannot be confirmed', { orderId }, { cause });
  }
}

describe('DomainError', () => {
  it('carries the code and the kind of its class, and details', () => {
    const cause = new Error('below');
    const error = new OrderNotConfirmable('42', cause);
    expect(error).toMatchObject({
      name: 'OrderNotConfirmable',
      message: 'The order cannot be confirmed',
      code: 'sales.order.not_confirmable',
      kind: 'conflict',
      details: { orderId: '42' },
      cause,
    });
    expect(error).toBeInstanceOf(Error);
  });

  it('can be documented without an instance', () => {
    const documented: DomainErrorClass = OrderNotConfirmable;
    expect(documented.code).toBe('sales.order.not_confirmable');
  });

  it('refuses a class that declares no dotted code or no kind', () => {
    class Undeclared extends DomainError {}
    class Undotted extends DomainError {
      static readonly code = 'oops';
      static readonly kind = 'conflict';
    }
    class Kindless extends DomainError {
      static readonly code = 'sales.order.kindless';
    }
    expect(() => new Undeclared('x')).toThrow(TypeError);
    expect(() => new Undotted('x')).toThrow(TypeError);
    expect(() => new Kindless('x')).toThrow(TypeError);
  });
});

describe('assertNever', () => {
  it('throws when the types were wrong', () => {
    expect(() => assertNever('surprise' as never)).toThrow('Unexpected value: surprise');
  });
});
