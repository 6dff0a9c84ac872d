import { defineConfig } from 'vitest/config'

/** `npm test`: everything that needs Node and npm alone. `test/aws` and `test/cluster` bring their own. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/aws/**', 'test/cluster/**'],
    globalSetup: 'test/support/build.ts',
    // The SDK's notice about Node 20, which bin/irsa.js silences for users as well.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    // Tests wait for child processes more than they compute.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
