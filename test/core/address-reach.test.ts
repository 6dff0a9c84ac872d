import { describe, expect, test } from 'vitest'
import { closedTo } from '../../src/core/address-reach.ts'

describe('an address that the internet cannot connect to', () => {
  test.each([
    ['10.0.0.1', 'private'],
    ['10.255.255.255', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.10', 'private'],
    ['100.64.0.1', "behind a provider's NAT"],
    ['100.127.255.255', "behind a provider's NAT"],
    ['127.0.0.1', 'loopback'],
    ['127.53.0.1', 'loopback'],
    ['169.254.169.254', 'link-local'],
    ['0.0.0.0', 'no address of a host'],
    ['::1', 'loopback'],
    ['::', 'no address of a host'],
    ['fe80::1', 'link-local'],
    ['febf::1', 'link-local'],
    ['fc00::1', 'unique local'],
    ['fd12:3456:789a::1', 'unique local'],
    ['192.0.0.8', 'for protocols'],
    ['192.0.2.1', 'for documentation'],
    ['198.51.100.255', 'for documentation'],
    ['203.0.113.0', 'for documentation'],
    ['198.18.0.0', 'for benchmarks'],
    ['198.19.255.255', 'for benchmarks'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'reserved'],
    ['fe80::1%eth0', 'link-local'],
    ['0:0:0:0:0:0:0:1', 'loopback'],
    ['2001:db8::1', 'for documentation'],
    ['2001:DB8:ffff::', 'for documentation'],
    ['3fff:fff::1', 'for documentation'],
    ['2001:2::1', 'for benchmarks'],
    ['100::1', 'discarded'],
    ['5f00::1', 'for segment routing'],
    ['ff02::1', 'multicast'],
    ['64:ff9b:1::1', "behind a provider's NAT"],
    ['::ffff:10.0.0.1', 'private'],
    ['::ffff:a00:1', 'private'],
    ['0:0:0:0:0:ffff:c0a8:1', 'private'],
    ['64:ff9b::10.0.0.1', 'private'],
    ['64:ff9b::7f00:1', 'loopback'],
  ])('%s: %s', (address, what) => {
    expect(closedTo(address)).toBe(what)
  })
})

describe('an address that it may reach', () => {
  test.each([
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '223.255.255.255',
    '2600:1f18::1',
    '2001:4860:4860::8888',
    'fec0::1',
    '192.0.1.0',
    '192.0.3.0',
    '198.17.255.255',
    '198.20.0.0',
    '198.51.101.0',
    '203.0.114.0',
    '2001:db9::1',
    '2001:1::1',
    '64:ff9b:2::a00:1',
    '::ffff:8.8.8.8',
    '::ffff:808:808',
    '64:ff9b::808:808',
    '64:ff9b::8.8.8.8',
  ])('%s', (address) => {
    expect(closedTo(address)).toBeUndefined()
  })
})
