/** What is wrong with a policy; each service reports it under a code of its own. */
export class PolicyFlaw extends Error {
  override readonly name = 'PolicyFlaw'
}
