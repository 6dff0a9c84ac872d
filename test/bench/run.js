// Prints ratios against named baselines: `npm run bench`, or `npm run bench -- startup init` for
// some parts. A missed target is shown and fails nothing, since the machine has a say in it.
import { cpus, loadavg } from 'node:os'
import { auditOfRoles } from './audit.js'
import { packageSize } from './package.js'
import { initAgainstByHand } from './init.js'
import { missingAmong } from './programs.js'
import { signedRequests } from './requests.js'
import { manyRoles } from './roles.js'
import { startUp } from './startup.js'
import { drawTable } from './table.js'
import { healthyChain } from './verify.js'

/**
 * @typedef {object} Part
 * @property {string[]} needs programs without which it is skipped
 * @property {() => Promise<import('./table.js').Row[]>} measure
 */

/** @type {Record<string, Part>} */
const PARTS = {
  startup: startUp,
  init: initAgainstByHand,
  requests: signedRequests,
  roles: manyRoles,
  audit: auditOfRoles,
  verify: healthyChain,
  package: packageSize,
}

/**
 * @param {string} name
 * @returns {Promise<import('./table.js').Row[]>}
 */
async function measured(name) {
  const { needs, measure } = PARTS[name]
  const missing = missingAmong(needs)
  if (missing.length > 0) return [{ what: name, verdict: `skipped: no ${missing.join(', ')} here` }]
  console.error(`measuring ${name} ...`)
  try {
    return await measure()
  } catch (error) {
    process.exitCode = 1
    console.error(error)
    return [{ what: name, verdict: 'BROKE, as told above' }]
  }
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(PARTS, name))
if (unknown.length > 0) {
  console.error(
    `No part is called ${unknown.join(', ')}. There are ${Object.keys(PARTS).join(', ')}.`,
  )
  process.exitCode = 2
} else {
  const rows = []
  for (const name of wanted.length > 0 ? wanted : Object.keys(PARTS)) {
    rows.push(...(await measured(name)))
  }
  const load = loadavg()[0].toFixed(1)
  console.log(`\nnode ${process.version}, ${cpus().length} CPUs, load ${load} at the end\n`)
  console.log(drawTable(rows))
}
