import { startApiServer, type ApiServer } from './api-server.ts'
import { startEtcd, type Etcd } from './etcd.ts'
import { makeIdentity, type Identity } from './identity.ts'

/** An etcd and any number of API servers on it, gone with the test's scope. */
export interface Cluster extends AsyncDisposable {
  readonly etcd: Etcd
  readonly identity: Identity
  /**
   * Starts one more API server with the flags that are tested. To restart one with others: stop it,
   * then start its port again.
   */
  start(flags: readonly string[], port?: number): Promise<ApiServer>
}

export async function openCluster(): Promise<Cluster> {
  const [etcd, identity] = await Promise.all([startEtcd(), makeIdentity()])
  const servers: ApiServer[] = []
  return {
    etcd,
    identity,
    async start(flags, port) {
      const where = port === undefined ? {} : { port }
      const server = await startApiServer({ etcd, identity, flags, ...where })
      servers.push(server)
      return server
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(servers.map((server) => server.stop()))
      await etcd.stop()
      await identity[Symbol.asyncDispose]()
    },
  }
}
