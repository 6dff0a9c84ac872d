#!/usr/bin/env node
// The SDK would warn on Node 20 that releases after January 2027 want 22; the lock file keeps ours.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
await import('../dist/main.js')
