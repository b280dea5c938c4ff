import type { JsonObject } from '#libs/kernel';

/** What a check found: all is well, or it works and is not well. */
export interface CheckResult {
  /** It works, but somebody should look at it. Such a process stays ready. */
  readonly degraded?: boolean;
  /** Numbers for the health page. No secrets, nothing of a tenant's. */
  readonly details?: JsonObject;
}

/** A check that takes longer has failed; milliseconds. */
export const CHECK_TIMEOUT_MS = 1_000;

/** Something that a process cannot do its work without. Give its class to `HealthModule.forRoot`. */
export abstract class ReadinessCheck {
  /** Key in the answers, e.g. `database`. */
  abstract readonly name: string;

  /** Resolves when it works; what it throws is logged and not shown. Given up after a second. */
  abstract check(): Promise<CheckResult>;
}

/** Injection token of the checks of a process. */
export const READINESS_CHECKS = Symbol('ReadinessChecks');
