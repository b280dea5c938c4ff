import { UserFault } from '../../stack/progress.mjs';

const ANSWER_MS = 30_000;

/** Calls the api as any client does. @throws {UserFault} unless the answer is 2xx */
export async function call(url, method, path, { tenant, token, body, headers = {} } = {}) {
  const response = await fetch(`${url}${path}`, {
    method,
    signal: AbortSignal.timeout(ANSWER_MS),
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : { 'x-tenant': tenant }),
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new UserFault(`${method} ${path} answered ${response.status}: ${text.slice(0, 500)}`);
  return { headers: response.headers, text, body: text === '' ? undefined : JSON.parse(text) };
}
