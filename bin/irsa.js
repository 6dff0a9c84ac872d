#!/usr/bin/env node
'use strict'
// CommonJS, and nothing loaded for the two questions that are asked most: Node's loader of ES
// modules and its standard streams alone would cost a third of `node -e 0`.
const { readFileSync, writeSync } = require('node:fs')
const { join } = require('node:path')

/** Written when irsa is built, by the argument parser itself. */
const ANSWERS = {
  '--help': 'help.txt',
  '-h': 'help.txt',
  '--version': 'version.txt',
  '-V': 'version.txt',
}

const answer = process.argv.length === 3 ? ANSWERS[process.argv[2]] : undefined
if (answer === undefined) {
  // The SDK would warn on Node 20 that releases after January 2027 want 22; the lock file keeps ours.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
  import('../dist/main.js')
} else {
  print(readFileSync(join(__dirname, '..', 'dist', answer)))
}

/** A reader that has gone (`irsa --help | head -1`) is no reason to fail. */
function print(text) {
  try {
    writeSync(1, text)
  } catch (error) {
    if (error.code !== 'EPIPE') throw error
  }
}
