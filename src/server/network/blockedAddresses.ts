import { BlockList } from 'node:net';

/** Where clouds and link-local devices answer whoever asks, often with credentials. */
const blocked = new BlockList();
blocked.addSubnet('169.254.0.0', 16, 'ipv4'); // link-local, metadata of most clouds
blocked.addAddress('100.100.100.200', 'ipv4'); // metadata of Alibaba Cloud
blocked.addAddress('168.63.129.16', 'ipv4'); // metadata of Azure
blocked.addAddress('192.0.0.192', 'ipv4'); // metadata of Oracle Cloud
blocked.addSubnet('fe80::', 10, 'ipv6'); // link-local
blocked.addSubnet('fd00:ec2::', 32, 'ipv6'); // metadata and credentials of AWS
blocked.addAddress('fd20:ce::254', 'ipv6'); // metadata of Google Cloud
blocked.addSubnet('64:ff9b::a9fe:0', 112, 'ipv6'); // 169.254.0.0/16 behind NAT64
blocked.addSubnet('2002:a9fe::', 32, 'ipv6'); // 169.254.0.0/16 behind 6to4
blocked.addSubnet('::169.254.0.0', 112, 'ipv6'); // 169.254.0.0/16, IPv4-compatible

/** Whether requests whose address others choose are refused this IP address; IPv4 in IPv6 (`::ffff:…`) counts as IPv4. */
export function isBlockedAddress(address: string): boolean {
  const [bare = ''] = address.split('%', 1); // without the zone
  return blocked.check(bare, bare.includes(':') ? 'ipv6' : 'ipv4');
}
