import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { z } from 'zod';
import { AppConfig } from './app-config.js';
import { PUBLISHED_ENCRYPTION_KID } from './encryption-keys.js';
import { PUBLISHED_KEY_ID } from './signing-key.js';
import { type Variables, variables } from './variables.js';

/** One variable that is wrong, and what to do about it. Never holds the value: it may be a secret. */
export interface ConfigurationFault {
  readonly variable: string;
  readonly problem: string;
  readonly remedy: string;
}

/** The environment does not make a configuration. Names every fault at once (requirement G13). */
export class ConfigurationError extends Error {
  readonly faults: readonly ConfigurationFault[];

  constructor(faults: readonly ConfigurationFault[]) {
    const lines = faults.map(({ variable, problem, remedy }) => `  ${variable} ${problem}. ${remedy}`);
    super(`The configuration has ${faults.length} fault${faults.length === 1 ? '' : 's'}:\n${lines.join('\n')}`);
    this.name = 'ConfigurationError';
    this.faults = faults;
    // A process that dies of it prints the stack and every property: let that be the sentence people need, once.
    this.stack = `${this.name}: ${this.message}`;
    Object.defineProperty(this, 'faults', { enumerable: false });
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

const REMEDIES: Readonly<Record<string, string>> = {
  AUTH_SIGNING_KEY: 'Make a key as .env.example shows.',
  ENCRYPTION_KEYS: 'Make a key as .env.example shows.',
};

function faultOf(issue: z.core.$ZodIssue, environment: Environment): ConfigurationFault {
  const variable = String(issue.path[0]);
  const missing = environment[variable] === undefined;
  return {
    variable,
    problem: missing ? 'is missing' : issue.message,
    remedy:
      REMEDIES[variable] ?? `${missing ? 'Set' : 'Correct'} it in the environment; .env.example shows an example.`,
  };
}

const REDIS_ROLES = ['REDIS_QUEUE_URL', 'REDIS_CACHE_URL', 'REDIS_LOCK_URL', 'REDIS_SESSION_URL'] as const;

/** What no single variable can tell. Looks at the texts, so that these faults come together with all others. */
function combinedFaults(environment: Environment): ConfigurationFault[] {
  const faults: ConfigurationFault[] = [];
  if (environment['REDIS_HOST'] === undefined && REDIS_ROLES.some((role) => environment[role] === undefined)) {
    faults.push({
      variable: 'REDIS_HOST',
      problem: 'is missing',
      remedy: `Set it, or set all of ${REDIS_ROLES.join(', ')}.`,
    });
  }
  for (const variable of Object.keys(environment)) {
    // Not read at all, it would be a replica that nobody misses.
    if (variable.startsWith('DB_READ_HOST_') && !(variable in variables.shape))
      faults.push({
        variable,
        problem: 'is not known',
        remedy: 'DB_READ_HOST to DB_READ_HOST_4 are; DB_CLUSTERS takes more.',
      });
  }
  const ownerName = environment['DB_OWNER_USERNAME'];
  const ownerPassword = environment['DB_OWNER_PASSWORD'];
  if ((ownerName === undefined) !== (ownerPassword === undefined)) {
    faults.push({
      variable: ownerName === undefined ? 'DB_OWNER_USERNAME' : 'DB_OWNER_PASSWORD',
      problem: 'is missing',
      remedy: 'Set both DB_OWNER_USERNAME and DB_OWNER_PASSWORD, or neither.',
    });
  }
  return faults;
}

/** What is fine on a laptop and wrong where customers are. */
function deploymentFaults(parsed: Variables): ConfigurationFault[] {
  const deployed = parsed.APP_ENV === 'production' || parsed.APP_ENV === 'staging';
  if (!deployed) return [];
  const bareCookie: ConfigurationFault = {
    variable: 'SESSION_SECURE_COOKIE',
    problem: 'is false: the cookie of a session would travel in the clear',
    remedy: 'Leave it true, or turn SESSION_COOKIE off.',
  };
  const published = [
    parsed.AUTH_SIGNING_KEY.kid === PUBLISHED_KEY_ID && 'AUTH_SIGNING_KEY',
    parsed.ENCRYPTION_KEYS.some(({ kid }) => kid === PUBLISHED_ENCRYPTION_KID) && 'ENCRYPTION_KEYS',
  ];
  const keys = published
    .filter((variable) => variable !== false)
    .map((variable) => ({
      variable,
      problem: 'is the published key of .env.example',
      remedy: 'Make one of your own as .env.example shows.',
    }));
  return parsed.SESSION_COOKIE && !parsed.SESSION_SECURE_COOKIE ? [...keys, bareCookie] : keys;
}

/**
 * Reads the configuration from environment variables; an empty variable counts as absent.
 *
 * @throws ConfigurationError naming every fault at once, without any value
 */
export function loadConfig(environment: Environment): AppConfig {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = variables.safeParse(given);
  const faults = [
    ...(parsed.error?.issues ?? []).map((issue) => faultOf(issue, given)),
    ...combinedFaults(given),
    ...(parsed.success ? deploymentFaults(parsed.data) : []),
  ];
  if (!parsed.success || faults.length > 0) throw new ConfigurationError(faults);
  return new AppConfig(parsed.data);
}

/**
 * The configuration of this process: its environment, and in development also a `.env` file in the working directory
 * (the environment wins).
 *
 * @throws ConfigurationError
 */
export function loadProcessConfig(environment: Environment = process.env, directory = process.cwd()): AppConfig {
  const stage = environment['APP_ENV'];
  const file = join(directory, '.env');
  const reads = (stage === undefined || stage === 'development') && existsSync(file);
  return loadConfig(reads ? { ...parseEnv(readFileSync(file, 'utf8')), ...environment } : environment);
}
