/** The time, as something that can be injected. Business code never calls `new Date()`. */
export abstract class Clock {
  /** The present instant; a new Date each time, the caller's to keep. */
  abstract now(): Date;
}

/** The machine's time. */
export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
}

/** A clock that stands still until it is moved: for tests, and for work dated in the past. */
export class FixedClock extends Clock {
  private timeMs: number;

  constructor(instant: Date) {
    super();
    this.timeMs = instant.getTime();
  }

  now(): Date {
    return new Date(this.timeMs);
  }

  set(instant: Date): void {
    this.timeMs = instant.getTime();
  }

  advance(durationMs: number): void {
    this.timeMs += durationMs;
  }
}
