import { defineConfig } from 'vitest/config'

/** `npm run test:aws`: the commands as users run them, against moto's server. Needs python3. */
export default defineConfig({
  test: {
    include: ['test/aws/**/*.test.ts'],
    globalSetup: ['test/support/build.ts', 'test/aws/setup.ts'],
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    // One server writes down what it is asked, so only one file may ask at a time.
    fileParallelism: false,
    // Every command is a process of its own, and every test runs several.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
