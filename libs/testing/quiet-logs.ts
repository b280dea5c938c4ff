import { configureLogging } from '#libs/telemetry';

// Specs take servers away from what they test, which says so as it should: among the results of two hundred files nobody
// reads that. What a spec wants to see it configures itself.
configureLogging({ level: 'error', service: 'test' });
