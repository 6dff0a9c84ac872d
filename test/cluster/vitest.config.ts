import { defineConfig } from 'vitest/config'

/**
 * `npm run test:cluster`: what the commands print, given to the real programs of a cluster. Needs
 * go, which builds them the first time. `IRSA_TEST_KUBERNETES=1.31` chooses an older Kubernetes.
 */
export default defineConfig({
  test: {
    include: ['test/cluster/**/*.test.ts'],
    globalSetup: ['test/support/build.ts', 'test/cluster/setup.ts'],
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    // An API server and its etcd keep two processors busy.
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})
