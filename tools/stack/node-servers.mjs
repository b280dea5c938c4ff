import { connect } from 'node:net';
import { join } from 'node:path';
import { ROOT, privateFolder } from './home.mjs';
import { PROJECT_NODE } from './packages.mjs';
import { launch, untilReady } from './processes.mjs';

/** The bucket of the local S3 server. */
export const S3_BUCKET = 'quoin';

/** Whether something takes TCP connections on the port. */
export function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Starts one of our small Node servers from tools/ and waits until its ports take connections. */
async function startServer(stack, { name, script, log, env, ports }) {
  const { PATH, HOME, TZ } = process.env;
  const service = await launch({
    name,
    command: PROJECT_NODE,
    args: [join(ROOT, script)],
    env: { PATH, HOME, ...(TZ ? { TZ } : {}), ...env },
    cwd: ROOT,
    logFile: stack.log(log),
    ledger: stack.ledger,
  });
  for (const port of ports) await untilReady(service, () => accepts(port));
  return service;
}

/** The S3 server, with this clone's own keys and an empty bucket. */
export function startS3(stack) {
  const env = {
    PORT: String(stack.ports.s3),
    DIRECTORY: privateFolder(join(stack.home, 's3')),
    BUCKET: S3_BUCKET,
    ACCESS_KEY_ID: 'quoin-local',
    SECRET_ACCESS_KEY: stack.secrets.s3,
  };
  return startServer(stack, {
    name: 'S3 server',
    script: 'tools/servers/s3.mjs',
    log: 's3',
    env,
    ports: [stack.ports.s3],
  });
}

/** The mail catcher: SMTP and a page. */
export function startMail(stack) {
  const { smtp, mail } = stack.ports;
  const env = { SMTP_PORT: String(smtp), HTTP_PORT: String(mail), DIRECTORY: privateFolder(join(stack.home, 'mail')) };
  return startServer(stack, {
    name: 'Mail catcher',
    script: 'tools/servers/mail.mjs',
    log: 'mail',
    env,
    ports: [smtp, mail],
  });
}

/** The payment provider's sandbox; it reports to the api's webhook. */
export function startPayments(stack, webhookUrl) {
  const env = {
    SANDBOX_PORT: String(stack.ports.payments),
    SANDBOX_API_KEY: stack.secrets.sandboxKey,
    SANDBOX_WEBHOOK_SECRET: stack.secrets.sandboxWebhook,
    SANDBOX_WEBHOOK_URL: webhookUrl,
    SANDBOX_DATA_FILE: join(privateFolder(join(stack.home, 'payments')), 'data.json'),
  };
  const script = 'tools/payments-sandbox/server.mjs';
  const ports = [stack.ports.payments];
  return startServer(stack, { name: 'Payments sandbox', script, log: 'payments', env, ports });
}
