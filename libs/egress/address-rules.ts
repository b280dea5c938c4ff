import { BlockList, isIP } from 'node:net';

/** Of IPv4: what is private, local, reserved, multicast or for documentation (IANA special-purpose registry). */
const SPECIAL_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
];

/** Of IPv6 only global unicast is public, and not its parts that are for documentation or lead to an IPv4 address. */
const GLOBAL_V6 = ['2000::/3'];
const SPECIAL_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
  }
  return list;
}

const specialV4 = listOf(SPECIAL_V4);
const globalV6 = listOf(GLOBAL_V6);
const specialV6 = listOf(SPECIAL_V6);

/** Which addresses may be connected to. */
export class AddressRules {
  private readonly permitted: BlockList;

  /** @param privateNetworks networks that are allowed although they are not public */
  constructor(privateNetworks: readonly string[]) {
    this.permitted = listOf(privateNetworks);
  }

  /** Whether an IP address is public, or in a private network that was named. */
  allows(address: string): boolean {
    return this.isPermittedPrivate(address) || isPublic(address);
  }

  /** Whether it is in one of the private networks that were named. */
  isPermittedPrivate(address: string): boolean {
    const version = isIP(address);
    return version !== 0 && this.permitted.check(address, version === 6 ? 'ipv6' : 'ipv4');
  }
}

function isPublic(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !specialV4.check(address, 'ipv4');
    case 6:
      // IPv4 written as IPv6 is not in it, so it is never public.
      return globalV6.check(address, 'ipv6') && !specialV6.check(address, 'ipv6');
    default:
      return false;
  }
}
