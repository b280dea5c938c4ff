#!/usr/bin/env node
/**
 * The sandbox payment provider: a stand-in for a real one, as its own HTTP server. See README.md beside it.
 * Prints one JSON line `{"listening":"http://127.0.0.1:4010","port":4010}` once it answers.
 */
import { createServer } from 'node:http';
import { Api } from './http.mjs';
import { Journal } from './journal.mjs';
import { Ledger } from './ledger.mjs';
import { Provider } from './provider.mjs';
import { readSettings } from './settings.mjs';
import { WebhookSender } from './webhooks.mjs';

function start() {
  const settings = readSettings(process.env);
  const journal = new Journal(settings.dataFile);
  const ledger = new Ledger(journal);
  const webhooks = new WebhookSender(ledger, settings);
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 });
  server.once('error', fail);
  server.listen(settings.port, settings.host, () => {
    webhooks.start();
    const provider = new Provider(ledger, settings);
    const api = new Api(ledger, provider, settings);
    server.on('request', (request, response) => void api.handle(request, response));
    for (const signal of ['SIGINT', 'SIGTERM'])
      process.once(signal, () => void stop({ server, provider, webhooks, journal }));
    const { port } = server.address();
    process.stdout.write(`${JSON.stringify({ listening: `http://${settings.host}:${port}`, port })}\n`);
  });
}

/** Answers what is being answered; requests that hang by script are cut. */
async function stop({ server, provider, webhooks, journal }) {
  provider.close();
  await webhooks.close();
  server.close(() => journal.close());
  setTimeout(() => server.closeAllConnections(), 500).unref();
  server.closeIdleConnections();
}

function fail(error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

try {
  start();
} catch (error) {
  fail(error);
}
