/** Another worker took the delivery over, or finished it. What this one did must not commit. */
export class DeliveryLost extends Error {
  constructor(deliveryId: string) {
    super(`delivery ${deliveryId} is not this worker's any more: another one took it over or finished it`);
    this.name = 'DeliveryLost';
  }
}

/** An external consumer returned without `delivery.complete()` or `delivery.defer()`, or its unit of work rolled back. */
export class DeliveryNotCompleted extends Error {
  constructor(consumer: string) {
    super(`consumer '${consumer}' returned without completing or deferring its delivery`);
    this.name = 'DeliveryNotCompleted';
  }
}

/** The consumer ran longer than its queue allows. */
export class ConsumerTimeout extends Error {
  constructor(consumer: string, timeoutMs: number) {
    super(`consumer '${consumer}' took longer than ${timeoutMs} ms`);
    this.name = 'ConsumerTimeout';
  }
}

/** The work was stopped from outside: the worker shuts down, or lost its hold of the work. Nobody's fault. */
export class ConsumerInterrupted extends Error {
  constructor(consumer: string, reason: string) {
    super(`consumer '${consumer}' was interrupted: ${reason}`);
    this.name = 'ConsumerInterrupted';
  }
}

/** The work ended its worker too often to be tried again by itself. */
export class ConsumerKillsWorkers extends Error {
  constructor(consumer: string, deaths: number) {
    super(`consumer '${consumer}' ended its worker ${deaths} times with this delivery`);
    this.name = 'ConsumerKillsWorkers';
  }
}

/** This process has no such consumer: it is older or newer than the one that wrote the delivery. */
export class ConsumerMissing extends Error {
  constructor(consumer: string) {
    super(`no consumer '${consumer}' in this worker`);
    this.name = 'ConsumerMissing';
  }
}
