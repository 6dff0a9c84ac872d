import type { Define } from './session.ts'

export const define: Define = () => undefined
