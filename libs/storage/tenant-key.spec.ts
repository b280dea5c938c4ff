import { runInContext, type TenantIdentity, TenantRequired } from '#libs/context';
import { attachmentDisposition } from './download-link.js';
import { InvalidStorageKey, StorageKeyRefused } from './storage.errors.js';
import { assertOwnKey, tenantKey } from './tenant-key.js';

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const OTHER = '01890a5d-ac96-774b-bcce-b302099a8058';

function asTenant<T>(id: string, work: () => T): T {
  return runInContext({ tenant: { id } as TenantIdentity }, work);
}

describe('tenantKey', () => {
  it('puts every key into the folder of the current tenant', () => {
    expect(asTenant(ID, () => tenantKey('invoices', '2026', 'INV-000001.pdf'))).toBe(
      `tenants/${ID}/invoices/2026/INV-000001.pdf`,
    );
  });

  it('refuses to work outside a tenant', () => {
    expect(() => tenantKey('invoices')).toThrow(TenantRequired);
  });

  it.each(['', '.', '..', 'a/b', 'a\\b', '../x', 'x..y', '.hidden', '-x', 'a b', 'ä', 'a%2fb', 'a\n', 'x'.repeat(129)])(
    'refuses the part %j',
    (part) => {
      expect(() => asTenant(ID, () => tenantKey('invoices', part))).toThrow(InvalidStorageKey);
    },
  );

  it.each([
    `tenants/${OTHER}/invoices/1.pdf`,
    `tenants/${ID}x/1.pdf`,
    `tenants/${ID}/../${OTHER}/1.pdf`,
    `tenants/${ID}/`,
    `tenants/${ID}`,
    `tenants/${ID}//1.pdf`,
    `/tenants/${ID}/1.pdf`,
    'invoices/1.pdf',
    '',
  ])('does not take %j for a key of the tenant', (key) => {
    expect(() => asTenant(ID, () => assertOwnKey(key))).toThrow(StorageKeyRefused);
  });

  it('takes its own keys', () => {
    expect(() => asTenant(ID, () => assertOwnKey(tenantKey('a', 'b.pdf')))).not.toThrow();
  });
});

describe('attachmentDisposition', () => {
  it('keeps any name, and can be broken out of by none', () => {
    expect(attachmentDisposition('INV-1.pdf')).toBe(`attachment; filename="INV-1.pdf"; filename*=UTF-8''INV-1.pdf`);
    expect(attachmentDisposition('Łódź (1).pdf')).toBe(
      `attachment; filename="__d_ (1).pdf"; filename*=UTF-8''%C5%81%C3%B3d%C5%BA%20%281%29.pdf`,
    );
    expect(attachmentDisposition('a"; x=\r\n../b\\c')).toBe(
      `attachment; filename="a_; x=__.._b_c"; filename*=UTF-8''a_%3B%20x%3D__.._b_c`,
    );
    expect(attachmentDisposition('')).toContain('filename="file"');
  });
});
