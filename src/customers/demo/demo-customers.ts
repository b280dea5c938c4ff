import type { NewCustomer } from '../create-customers.js';
import type { CustomerKind } from '../customer.entity.js';

type Row = readonly [
  kind: CustomerKind,
  name: string,
  line1: string,
  city: string,
  region: string | null,
  postalCode: string | null,
  country: string,
  taxNumber: string | null,
];

/** Invented people and shops on streets that exist; e-mail goes to a domain that takes none (RFC 2606). */
const rows: readonly Row[] = [
  ['company', 'Harbour Gifts Ltd', '14 Quay Street', 'Bristol', null, 'BS1 4DB', 'GB', 'GB123456782'],
  ['company', 'The Copper Kettle', '8 High Street', 'Ludlow', 'Shropshire', 'SY8 1BS', 'GB', null],
  ['company', 'Northgate Homeware', '52 Northgate', 'Chester', null, 'CH1 2HA', 'GB', 'GB987654321'],
  ['company', 'Leith Walk Interiors', '201 Leith Walk', 'Edinburgh', null, 'EH6 8NX', 'GB', null],
  ['company', 'Daisy Chain Gifts', '3 Castle Arcade', 'Cardiff', null, 'CF10 1BU', 'GB', null],
  ['company', 'Lagan & Sons', '77 Lisburn Road', 'Belfast', null, 'BT9 7AE', 'GB', 'GB246813579'],
  ['person', 'Margaret Ellison', '19 Elm Grove', 'York', null, 'YO10 4PH', 'GB', null],
  ['person', 'Tom Achebe', 'Flat 4, 61 Mare Street', 'London', null, 'E8 4RG', 'GB', null],
  ['person', 'Priya Nair', '27 Woodland Avenue', 'Leicester', null, 'LE2 3HG', 'GB', null],
  ['person', 'Callum Fraser', '5 Shore Road', 'Oban', 'Argyll', 'PA34 4AH', 'GB', null],
  ['company', 'Liffey Lane', '33 Drury Street', 'Dublin', null, 'D02 X658', 'IE', 'IE1234567FA'],
  ['person', 'Aoife Brennan', '11 Sea Road', 'Galway', null, 'H91 KX2P', 'IE', null],
  ['company', 'Maison Colette SARL', '48 rue de Bretagne', 'Paris', null, '75003', 'FR', 'FR40303265045'],
  ['company', 'Le Petit Grenier', '6 place Bellecour', 'Lyon', null, '69002', 'FR', null],
  ['person', 'Éloïse Garnier', '22 cours Mirabeau', 'Aix-en-Provence', null, '13100', 'FR', null],
  ['company', 'Schöne Dinge GmbH', 'Kastanienallee 71', 'Berlin', null, '10435', 'DE', 'DE136695976'],
  ['company', 'Kontor am Fleet', 'Deichstraße 25', 'Hamburg', null, '20459', 'DE', 'DE811569869'],
  ['person', 'Jürgen Weiß', 'Lindwurmstraße 118', 'München', 'Bayern', '80337', 'DE', null],
  ['company', 'Grachtenhuis Wonen', 'Prinsengracht 402', 'Amsterdam', null, '1016 JC', 'NL', 'NL004495445B01'],
  ['person', 'Sanne de Vries', 'Oudegracht 188', 'Utrecht', null, '3511 NP', 'NL', null],
  ['company', 'Atelier Marolles', 'Rue Haute 164', 'Bruxelles', null, '1000', 'BE', 'BE0428759497'],
  ['company', 'Casa Azahar SL', 'Calle de la Paz 9', 'Valencia', null, '46003', 'ES', 'ESB58378431'],
  ['person', 'Inés Romero', 'Gran Vía 31', 'Bilbao', null, '48009', 'ES', null],
  ['company', 'Loja da Ribeira', 'Rua das Flores 120', 'Porto', null, '4050-263', 'PT', 'PT501964843'],
  ['company', 'Nyhavn Bolig ApS', 'Bredgade 35', 'København', null, '1260', 'DK', 'DK13585628'],
  ['person', 'Ingrid Bergström', 'Storgatan 12', 'Malmö', null, '211 42', 'SE', null],
  ['company', 'Fjordhus AS', 'Strandgaten 18', 'Bergen', null, '5013', 'NO', 'NO923609016MVA'],
  ['company', 'Boutique zum Rhein AG', 'Spalenberg 30', 'Basel', null, '4051', 'CH', 'CHE-116.281.710 MWST'],
  ['company', 'Beacon Hill Trading Co.', '112 Charles Street', 'Boston', 'MA', '02114', 'US', null],
  ['person', 'Rachel Kim', '845 Valencia Street', 'San Francisco', 'CA', '94110', 'US', null],
  ['company', 'Paddington Paper Co.', '240 Oxford Street', 'Sydney', 'NSW', '2021', 'AU', null],
  ['person', 'Hemi Walker', '16 Ponsonby Road', 'Auckland', null, '1011', 'NZ', null],
];

/** The 32 customers of the demo company, in 15 countries; their external references are `demo-001` and so on. */
export function demoCustomers(): NewCustomer[] {
  return rows.map(([kind, name, line1, city, region, postalCode, country, taxNumber], index) => ({
    kind,
    name,
    email: `${mailbox(name)}@customers.example`,
    taxNumber,
    externalRef: `demo-${String(index + 1).padStart(3, '0')}`,
    billingAddress: { line1, line2: null, city, region, postalCode, country },
  }));
}

function mailbox(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .replaceAll(/[^a-z0-9]+/g, '.')
    .replaceAll(/^\.|\.$/g, '');
}
