import type { CapabilitySchema } from '#libs/database';
import { ImportedDocument, ImportedLine } from './ledger/imported-document.entity.js';
import { Imports1763601100000 } from './migrations/1763601100000-imports.js';
import { ImportsTimes1763701304000 } from './migrations/1763701304000-imports-times.js';

/** Tables of the imports. */
export const importsSchema: CapabilitySchema = {
  entities: [ImportedDocument, ImportedLine],
  migrations: [Imports1763601100000, ImportsTimes1763701304000],
};
