import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { loadConfig } from '#libs/config';
import { configureLogging } from '#libs/telemetry';
import { openApiDocument } from './openapi-document.js';

// That no server is there is no news here.
configureLogging({ level: 'silent', service: 'openapi' });
// Any valid configuration does; this one is in every clone.
const config = loadConfig(parseEnv(readFileSync('.env.example', 'utf8')));
const [file = 'docs/openapi.json'] = process.argv.slice(2);
writeFileSync(file, await openApiDocument(config));
console.log(`${file} says what the API is now.`);
