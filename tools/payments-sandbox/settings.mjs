/**
 * The sandbox's settings from the environment. Throws one Error that names every fault at once.
 *
 * @typedef {object} Settings
 * @property {string} host
 * @property {number} port 0 = any free port; the chosen one is printed.
 * @property {string} apiKey Bearer key of every `/v1` request.
 * @property {string} webhookSecret Key of the webhook signature.
 * @property {string} webhookUrl Where webhooks go; empty = recorded, never sent.
 * @property {string} dataFile The journal: append-only JSON lines.
 * @property {number} retryBaseMs First pause after a webhook that was not taken; doubles up to one minute.
 * @property {number} webhookTimeoutMs How long the receiver may take to answer one webhook.
 * @property {number} lateMs Delay of the webhook of `pm_webhook_late`.
 * @property {number} pendingMs How long `pm_pending` stays pending.
 * @property {number} slowMs How long `pm_slow` thinks before it commits.
 */

/** @returns {Settings} */
export function readSettings(env) {
  const faults = [];
  const settings = {
    host: env.SANDBOX_HOST || '127.0.0.1',
    port: wholeNumber(env, 'SANDBOX_PORT', 0, 65535, faults),
    apiKey: required(env, 'SANDBOX_API_KEY', faults),
    webhookSecret: required(env, 'SANDBOX_WEBHOOK_SECRET', faults),
    webhookUrl: webhookUrl(env, faults),
    dataFile: required(env, 'SANDBOX_DATA_FILE', faults),
    retryBaseMs: wholeNumber(env, 'SANDBOX_RETRY_BASE_MS', 500, 60_000, faults),
    webhookTimeoutMs: wholeNumber(env, 'SANDBOX_WEBHOOK_TIMEOUT_MS', 10_000, 60_000, faults),
    lateMs: wholeNumber(env, 'SANDBOX_LATE_MS', 3_000, 3_600_000, faults),
    pendingMs: wholeNumber(env, 'SANDBOX_PENDING_MS', 2_000, 3_600_000, faults),
    slowMs: wholeNumber(env, 'SANDBOX_SLOW_MS', 1_000, 60_000, faults),
  };
  if (faults.length > 0) throw new Error(`payments sandbox: ${faults.join('; ')}`);
  return settings;
}

function required(env, name, faults) {
  const value = env[name] ?? '';
  if (value === '') faults.push(`${name} is missing`);
  return value;
}

function wholeNumber(env, name, fallback, max, faults) {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= max)) faults.push(`${name} must be a whole number from 0 to ${max}, not "${text}"`);
  return value;
}

function webhookUrl(env, faults) {
  const text = env.SANDBOX_WEBHOOK_URL ?? '';
  if (text !== '' && !/^https?:$/.test(URL.parse(text)?.protocol ?? '')) {
    faults.push(`SANDBOX_WEBHOOK_URL must be an http(s) URL, not "${text}"`);
  }
  return text;
}
