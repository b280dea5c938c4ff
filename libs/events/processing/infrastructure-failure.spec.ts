import { DomainError } from '#libs/kernel';
import { ConsumerInterrupted, ConsumerTimeout } from './delivery.errors.js';
import { isInfrastructureFailure } from './infrastructure-failure.js';

class StorageAway extends DomainError {
  static readonly code = 'storage.unavailable';
  static readonly kind = 'unavailable';
}

class OrderNotConfirmable extends DomainError {
  static readonly code = 'sales.order.not_confirmable';
  static readonly kind = 'conflict';
}

const withCode = (code: string) => Object.assign(new Error('failed'), { code });

describe('a failure of the infrastructure', () => {
  it.each([
    ['a connection the server closed', withCode('57P01')],
    ['a server that starts', withCode('57P03')],
    ['a connection lost', withCode('08006')],
    ['too many connections', withCode('53300')],
    ['a deadlock after all retries', withCode('40P01')],
    ['a wait for a lock that somebody keeps', withCode('55P03')],
    ['a refused connection', withCode('ECONNREFUSED')],
    ['a connection that cannot be written to', withCode('EPIPE')],
    ['a transaction that stood still', withCode('25P03')],
    ['a lost connection of TypeORM', new Error('Query runner already released. Cannot run queries anymore.')],
    ['a lost connection of pg', new Error('Connection terminated unexpectedly')],
    ['an exhausted pool', new Error('timeout exceeded when trying to connect')],
    ['a Redis that is away', new Error("Stream isn't writeable and enableOfflineQueue options is false")],
    ['what TypeORM wraps', Object.assign(new Error('failed'), { driverError: { code: '57P01' } })],
    ['what somebody wrapped', new Error('could not send', { cause: withCode('ECONNRESET') })],
    ['several refused addresses', new AggregateError([withCode('ECONNREFUSED')])],
    ['a service of ours that says so', new StorageAway('away')],
    ['a worker that stops', new ConsumerInterrupted('a.b', 'the worker stops')],
  ])('is %s', (_, error) => expect(isInfrastructureFailure(error)).toBe(true));

  it.each([
    ['a rule of the business', new OrderNotConfirmable('no')],
    ['a rule of the business that a server caused', new OrderNotConfirmable('no', {}, { cause: withCode('08006') })],
    ['a violated constraint', withCode('23505')],
    ['a statement that took too long', withCode('57014')],
    ['a consumer that took too long', new ConsumerTimeout('a.b', 1_000)],
    ['a bug', new TypeError('x is not a function')],
    ['something that is no error', 'ECONNREFUSED'],
  ])('is not %s', (_, error) => expect(isInfrastructureFailure(error)).toBe(false));
});
